"""How well a discriminator that tells classes apart does it on images it has not seen."""

import functools

import numpy as np

from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every
from gan_tf.training.callbacks.interrupt import Interrupted


class ClassAccuracy(Every):
    """Logs `test_accuracy`: the share of test images whose class has the largest logit.

    Args:
        steps: the interval in training steps.
        batches: yields the test images: (stored samples, int labels (n,)); it is read once.
        modality: that of the samples.
        logs: the `Logs` callback.
        progress: the `Progress` callback, which shows the value.
        stop: the `StopOnSignal`, at whose signals it is left; the run that goes on does it anew.
    """

    def __init__(self, steps, batches, modality, logs, progress, stop):
        super().__init__(steps)
        self.batches = list(batches)
        self.modality = modality
        self.logs = logs
        self.progress = progress
        self.stop = stop

    @functools.cached_property
    def _judge(self):
        return inference(self.model.discriminator)

    def catch_up(self, step):
        """Does what was due at the step that a run goes on from, where that was interrupted."""
        if step and step % self.steps == 0:
            self.conclude(step)

    def conclude(self, step):
        """Does it at the end of a run, in the midst of an epoch too, where it is not done."""
        if not any(row["step"] == step and "test_accuracy" in row for row in self.logs.rows):
            self.act(step, None)

    def act(self, step, logs):
        try:
            with self.stop.interruptible():
                hits = [self._hits(*each) for each in self.batches]
        except Interrupted:
            return
        accuracy = float(np.mean(np.concatenate(hits)))
        self.logs.record(step, {"test_accuracy": accuracy})
        self.progress.note("test_accuracy", accuracy)

    def _hits(self, images, labels):
        judged = self._judge(self.modality.to_network(images))
        return np.argmax(judged["class_logits"], axis=-1) == labels
