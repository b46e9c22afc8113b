"""The WaveGAN of gan_tf, as built by its trainer."""

from experiments.bench.keras_training import KerasTraining
from experiments.bench.sound_job import SoundJob
from gan_tf.gans.standard import GAN
from gan_tf.networks.wavegan import WaveGAN


class Training(KerasTraining):
    """Steps of one update of the discriminator, and one of the generator."""

    job_type = SoundJob

    def build(self, job):
        architecture, shape = WaveGAN(width=job.width), (job.length, 1)
        gan = GAN(architecture.generator(shape, job.latent_dim), architecture.discriminator(shape))
        gan.compile()
        return gan
