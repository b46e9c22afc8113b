"""Accuracy of a classifying discriminator on held-out samples."""

import functools

import numpy as np

from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every
from gan_tf.training.callbacks.stop_on_signal import Interrupted


class ClassAccuracy(Every):
    """Logs `test_accuracy`: the fraction of test samples whose class has the largest logit.

    Args:
        steps: the interval in training steps.
        batches: yields the test samples: (stored samples, int labels (n,)); it is read once.
        modality: of the samples.
        logs: the `Logs` callback.
        progress: the `Progress` callback, which shows the value.
        stop: the `StopOnSignal`, which interrupts it; a resumed run starts it over.
    """

    def __init__(self, steps, batches, modality, logs, progress, stop):
        super().__init__(steps)
        self.batches = list(batches)
        self.modality = modality
        self.logs = logs
        self.progress = progress
        self.stop = stop

    @functools.cached_property
    def _discriminate(self):
        return inference(self.model.discriminator)

    def catch_up(self, step):
        """Does what was due at the step that a run resumes from, if it was interrupted."""
        if step and step % self.steps == 0:
            self.conclude(step)

    def conclude(self, step):
        """Scores the end of a run, even in mid-epoch, unless it is done already."""
        if not any(row["step"] == step and "test_accuracy" in row for row in self.logs.rows):
            self.act(step, None)

    def act(self, step, logs):
        try:
            with self.stop.interruptible():
                correct = [self._correct(*each) for each in self.batches]
        except Interrupted:
            return
        accuracy = float(np.mean(np.concatenate(correct)))
        self.logs.record(step, {"test_accuracy": accuracy})
        self.progress.note("test_accuracy", accuracy)

    def _correct(self, samples, labels):
        outputs = self._discriminate(self.modality.to_network(samples))
        return np.argmax(outputs["class_logits"], axis=-1) == labels
