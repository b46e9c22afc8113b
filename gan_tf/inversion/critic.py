"""The discriminator of a run, as a differentiable function of images."""

import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.gans.discriminator_output import as_function

_SAMPLES = 128


class Critic:
    """Logits and features of images, in inference mode.

    Features are the outputs of the discriminator's layer of that name, divided by a number that
    makes 1 of the mean squared difference of two random samples' features, averaged over the
    features. A discriminator that judges packs of images (--packing) is shown packs of copies:
    their features can be compared, their logits mean nothing. One that judges pairs is shown the
    images' codes beside them. Where it has `MinibatchStddev`,
    features depend a little on the other images of the batch.

    Args:
        trained: a `TrainedRun`.

    Raises:
        UserError: when the discriminator has no layer "features".
    """

    def __init__(self, trained):
        network = trained.discriminator
        if "features" not in {layer.name for layer in network.layers}:
            raise UserError(
                f"The discriminator of '{trained.run.path}' has no features to compare: give "
                "--objective=pixels."
            )
        self._discriminate = as_function(network, training=False)
        self._encode = trained.encoding if trained.has_encoder else None
        self._copies = trained.config.packing
        self._scale = 1.0
        self._scale = self._unit(trained)

    def __call__(self, images, labels=None):
        """Judges images (batch, H, W, C) in [-1, 1], labels int (batch,) where it takes them.

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

    def _unit(self, trained):
        """What brings the mean squared difference of two samples' features to 1."""
        indices = range(_SAMPLES)
        normal = latents.draw(0, indices, trained.latent_dim)
        labels = trained.choose_labels(0, indices)
        samples = trained.modality.to_network(trained.images(normal, labels))
        labels = np.zeros(_SAMPLES, np.int32) if labels is None else labels.astype(np.int32)
        features = self(tf.constant(samples), tf.constant(labels))[1].numpy()
        difference = np.mean(np.square(features - np.roll(features, 1, axis=0)))
        return float(1 / np.sqrt(difference)) if difference > 0 else 1.0
