"""gan_tf, as built by its trainer."""

import dataclasses
import tempfile
import time

import keras
import numpy as np

from experiments.bench.job import Job
from experiments.bench.keras_training import KerasTraining
from gan_tf.data import pipeline
from gan_tf.data.examples import Examples
from gan_tf.gans.build import build
from gan_tf.options.config import Config
from gan_tf.registry import DATASETS, MODALITIES
from gan_tf.runtime import compilation, precision
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.runtime.strategies import Workers
from gan_tf.sampling import ensemble
from gan_tf.training import tuning


class Training(KerasTraining):
    """The model that `python -m gan_tf.main` trains, with its pipeline in `fit`.

    Its precision can be "auto".
    """

    def __init__(self, **job):
        super().__init__(**job | {"precision": precision.resolve(job["precision"])})

    def build(self, job):
        config = _config(job)
        gan = build(config, job.image_shape)
        gan.steps_per_execution = compilation.steps_per_execution(config, 0)  # as in long epochs
        return gan

    def feed(self):
        return self._fed() if self.job.fit else super().feed()

    def flops(self):
        """Returns the FLOP of a training step of the DCGAN or the MLP; see `stock.step_flops`."""
        from experiments.bench.stock import networks, step_flops  # its imports take memory

        return self.job.batch_size * step_flops(*networks(self.job))

    def _fed(self):
        """The trainer's pipeline, of random images."""
        shape = (self.job.num_images, *self.job.image_shape)
        pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        return pipeline.batches(Examples({"image": pixels}), self.job.batch_size)


class TunedTraining(Training):
    """The same with `--tune`: formulations of convolutions are timed anew."""

    def build(self, job):
        gan = super().build(job)
        with tempfile.TemporaryDirectory() as folder:
            config = dataclasses.replace(_config(job), tune=f"{folder}/tuning.json")
            tuning.tune(gan, config, None, Workers())
        return gan


class FedTraining(Training):
    """The same, always fed by that pipeline."""

    def feed(self):
        return self._fed()


class Sampling:
    """What `python -m gan_tf.generate` does between reading the run and writing the file.

    Args:
        **job: of a `Job`.
    """

    def __init__(self, **job):
        self.job = Job(**job)
        keras.config.set_dtype_policy(self.job.precision)
        self.generator = FixedBatchModel(
            build(_config(self.job), tuple(self.job.image_shape)).sampler
        )
        self.sample(2)

    def sample(self, batches):
        """Generates as many uint8 images as in the batches, in chunks of 100; returns the seconds."""
        began = time.perf_counter()
        count = batches * self.job.batch_size
        for _ in ensemble.generate(self.generator, MODALITIES.build("image"), count):
            pass
        return time.perf_counter() - began


class Feed:
    """Only the trainer's pipeline, over a real data set.

    Args:
        dataset: its name.
        image_size: in pixels.
        batch_size: images per batch.
    """

    def __init__(self, dataset, image_size, batch_size):
        images = pipeline.load(DATASETS.build(dataset, {"image_size": image_size}))
        self.iterator = iter(pipeline.batches(images, batch_size))
        self.read(20)

    def read(self, batches):
        """Reads batches; returns how many seconds it took."""
        began = time.perf_counter()
        for _ in range(batches):
            next(self.iterator)
        return time.perf_counter() - began


def _config(job):
    return Config(
        arch=f"{job.arch}(width={job.width})",
        image_size=job.image_shape[0],
        latent_dim=job.latent_dim,
        batch_size=job.batch_size,
        precision=job.precision,
    ).resolve()
