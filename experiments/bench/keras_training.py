"""Timing of the training of a `keras.Model`, ours and the plain one alike."""

import abc
import time

import keras
import tensorflow as tf

from experiments.bench.job import Job
from experiments.bench.matrix_products import MatrixProducts

_WARM_UP = 2  # steps


class KerasTraining(MatrixProducts, abc.ABC):
    """Training of a model of `build`; see the methods for what is timed.

    Attributes:
        job_type: what the job is: `Job`, or `PairJob`.

    Args:
        **job: of a job of that type.
    """

    job_type = Job

    def __init__(self, **job):
        self.job = self.job_type(**job)
        keras.utils.set_random_seed(0)
        keras.config.set_dtype_policy(self.job.precision)
        self.model = self.build(self.job)
        self.at_once = self.model.steps_per_execution
        self.batches = self.feed()
        if not self.job.fit:
            self.iterator = iter(self.batches)
            self.model.make_train_function()
        self.train(_WARM_UP)

    @abc.abstractmethod
    def build(self, job):
        """Returns the compiled model, with `generator` and `discriminator`."""

    def feed(self):
        """Returns the `tf.data.Dataset` of batches."""
        images = tf.data.Dataset.from_tensor_slices(self.job.images())
        batches = images.batch(self.job.batch_size, drop_remainder=True)
        if self.job.fit:
            return batches.shuffle(64).repeat().prefetch(4)
        return batches.cache().repeat()

    def train(self, steps):
        """Runs training steps; returns how many seconds they took.

        If the model runs several steps per call, the last call is completed, and the time is scaled to
        the requested steps. Shutting down the pipeline, which `fit` does at its end, waits for a sleeping
        thread of tf.data, and is not timed.
        """
        calls = -(-steps // self.at_once)
        made = calls * self.at_once
        ends = []
        began = time.perf_counter()
        if self.job.fit:
            end = keras.callbacks.LambdaCallback(
                on_train_end=lambda logs: ends.append(time.perf_counter())
            )
            self.model.fit(
                self.batches, steps_per_epoch=made, shuffle=False, verbose=0, callbacks=[end]
            )
        else:
            for _ in range(calls):
                logs = self.model.train_function(self.iterator)
            float(next(iter(logs.values())))
            ends.append(time.perf_counter())
        return (ends[0] - began) * steps / made

    def parameters(self):
        """Returns the number of trainable parameters."""
        return sum(
            int(tf.size(each)) for network in self.trained() for each in network.trainable_variables
        )

    def trained(self):
        """Returns the networks that a step updates."""
        return [self.model.generator, self.model.discriminator]
