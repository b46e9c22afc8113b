"""The discriminator of a run, as a differentiable function of images."""

import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.gans.discriminator_output import as_function

_SAMPLES = 128


class Critic:
    """Logits and features of images, in inference mode.

    Features are the outputs of the discriminator's layer "features", scaled so that the mean
    squared difference of two random samples' features is 1. A discriminator of packs of images
    (--packing) is given packs of copies: their features are comparable, their logits meaningless.
    One of pairs is given the images and their codes. With `MinibatchStddev`, features depend
    slightly on the other images of the batch.

    Args:
        trained: a `TrainedRun`.

    Raises:
        UserError: when the discriminator has no layer "features".
    """

    def __init__(self, trained):
        network = trained.discriminator if trained.kind.cls.critics else None
        if network is None or "features" not in {layer.name for layer in network.layers}:
            raise UserError(
                f"'{trained.run.path}' has no discriminator with features to compare: give "
                "--objective=pixels."
            )
        self._discriminate = as_function(network, training=False)
        self._encode = trained.encoding if trained.has_encoder else None
        self._copies = trained.config.packing
        self._scale = 1.0
        self._scale = self._feature_scale(trained)

    def __call__(self, images, labels=None):
        """Scores images (batch, H, W, C) in [-1, 1], with labels int (batch,) if conditional.

        Returns:
            Logits float32 (batch,) and features float32 (batch, f).
        """
        images = tf.repeat(images, self._copies, axis=0) if self._copies > 1 else images
        if self._encode:
            labels = self._encode(images, training=False)["codes"]
        output = self._discriminate(images, labels)
        logits = tf.cast(output.logits, tf.float32)
        logits = tf.reduce_mean(logits, axis=range(1, logits.shape.rank))
        return logits, output.named("features") * self._scale

    def _feature_scale(self, trained):
        """The factor that makes the mean squared difference of two samples' features 1."""
        indices = range(_SAMPLES)
        normal = latents.draw(0, indices, trained.latent_dim)
        labels = trained.choose_labels(0, indices)
        samples = trained.modality.to_network(trained.samples(normal, labels))
        labels = np.zeros(_SAMPLES, np.int32) if labels is None else labels.astype(np.int32)
        features = self(tf.constant(samples), tf.constant(labels))[1].numpy()
        difference = np.mean(np.square(features - np.roll(features, 1, axis=0)))
        return float(1 / np.sqrt(difference)) if difference > 0 else 1.0
