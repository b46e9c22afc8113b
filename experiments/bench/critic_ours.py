"""WGAN-GP of sequences of gan_tf, as built by its trainer."""

from experiments.bench.critic_job import CriticJob
from experiments.bench.keras_training import KerasTraining
from gan_tf.gans.standard import GAN
from gan_tf.networks.resnet1d import ResNet1D


class Training(KerasTraining):
    """Steps of several updates of the critic with a gradient penalty, and one of the generator."""

    job_type = CriticJob

    def build(self, job):
        architecture, shape = ResNet1D(width=job.width), (job.length, job.vocabulary)
        gan = GAN(architecture.generator(shape, job.latent_dim), architecture.discriminator(shape))
        adam = "adam(1e-4, beta_1=0.5, beta_2=0.9)"
        gan.compile(
            adam,
            adam,
            loss="wasserstein",
            penalties="wgan_gp(10)",
            discriminator_steps=job.critic_steps,
        )
        return gan
