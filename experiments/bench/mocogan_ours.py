"""The MoCoGAN of gan_tf, as built by its trainer."""

from experiments.bench.keras_training import KerasTraining
from experiments.bench.video_job import VideoJob
from gan_tf.gans.standard import GAN
from gan_tf.networks.mocogan import MoCoGAN


class Training(KerasTraining):
    """Steps of one update of both discriminators, and one of the generator."""

    job_type = VideoJob

    def build(self, job):
        norm = "batch" if job.backbone == "dcgan" else "none"
        architecture = MoCoGAN(
            backbone=job.backbone, width=job.width, motion=job.motion, discriminator_norm=norm
        )
        length = architecture.latent_length(job.content, job.shape)
        gan = GAN(architecture.generator(job.shape, length), architecture.discriminator(job.shape))
        gan.compile()
        return gan
