"""The SeqGAN of gan_tf, as built by its trainer, in its adversarial phase."""

import time

import keras

from experiments.bench.keras_training import KerasTraining
from experiments.bench.sequence_job import SequenceJob
from gan_tf.gans.seqgan import SeqGAN
from gan_tf.networks.lstm import LSTM
from gan_tf.runtime.fixed_batch import FixedBatchModel


class Training(KerasTraining):
    """Adversarial steps: a generator update with rollouts, and one of the discriminator."""

    job_type = SequenceJob

    def build(self, job):
        gan = SeqGAN(
            *networks(job), reward=f"rollout({job.rollouts}, lag=0.0)", mle=0, discriminator_only=0
        )
        optimizers = dict.fromkeys(("generator", "pretraining"), "adam(0.01, beta_1=0.9)")
        gan.compile(
            discriminator_optimizer="adam(1e-4, beta_1=0.9)",
            **{f"{name}_optimizer": each for name, each in optimizers.items()},
        )
        return gan


class Sampling:
    """Drawing of sequences, in chunks of 100 as `python -m gan_tf.generate` does.

    Args:
        **job: of a `SequenceJob`.
    """

    def __init__(self, **job):
        self.job = SequenceJob(**job)
        keras.utils.set_random_seed(0)
        generator, _ = networks(self.job)
        self.generator = FixedBatchModel(generator)
        self.sample(2)

    def sample(self, batches):
        """Draws batches of sequences; returns how many seconds it took."""
        began = time.perf_counter()
        shape = (batches * self.job.batch_size, self.job.length)
        self.generator(keras.random.normal(shape))
        return time.perf_counter() - began


def networks(job):
    """Returns the generator and the discriminator of a `SequenceJob`."""
    architecture = LSTM(width=job.width)
    shape = job.length, job.vocabulary
    return architecture.generator(shape), architecture.discriminator(shape)
