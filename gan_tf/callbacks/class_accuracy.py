"""How well a discriminator that tells classes apart does it on images it has not seen."""

import numpy as np

from gan_tf.callbacks.every import Every


class ClassAccuracy(Every):
    """Logs `test_accuracy`: the share of test images whose class has the largest logit.

    Args:
        steps: the interval in training steps.
        batches: yields the test images: (uint8 (n, H, W, C), int labels (n,)); it is read once.
        logs: the `Logs` callback.
        progress: the `Progress` callback, which shows the value.
    """

    def __init__(self, steps, batches, logs, progress):
        super().__init__(steps)
        self.batches = list(batches)
        self.logs = logs
        self.progress = progress

    def act(self, step, logs):
        hits = []
        for images, labels in self.batches:
            scaled = images.astype(np.float32) / 127.5 - 1
            judged = self.model.discriminator.predict_on_batch(scaled)
            hits.append(np.argmax(judged["class_logits"], axis=-1) == labels)
        accuracy = float(np.mean(np.concatenate(hits)))
        self.logs.record(step, {"test_accuracy": accuracy})
        self.progress.note("test_accuracy", accuracy)
