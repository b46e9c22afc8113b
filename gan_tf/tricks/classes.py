"""What discriminators that tell classes apart are taught beside."""

import keras
import tensorflow as tf

from gan_tf.data import labelled_subset
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("auxiliary_classifier")
class AuxiliaryClassifier(Trick):
    """Auxiliary classifier: rewards both networks when the class of an image is recognised.

    The discriminator learns to classify reals and fakes, the generator to make fakes that are
    classified as they should be. It comes with --conditional=acgan.

    Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2017
    (https://arxiv.org/abs/1610.09585), equations 2 and 3.

    Args:
        weight: of the cross-entropies, default 1.
    """

    metrics = ("real_class_accuracy", "fake_class_accuracy")

    def __init__(self, weight: float = 1.0):
        self.weight = weight

    def discriminator_loss(self, gan, loss, batch):
        for judged in (batch.real_output, batch.fake_output):
            loss += self.weight * class_loss(judged, batch.labels)
        gan.log(
            real_class_accuracy=class_hits(batch.real_output, batch.labels),
            fake_class_accuracy=class_hits(batch.fake_output, batch.labels),
        )
        return loss

    def generator_loss(self, gan, loss, batch):
        return loss + self.weight * class_loss(batch.fake_output, batch.labels)


@keras.saving.register_keras_serializable("gan_tf")
class SemiSupervised(Trick):
    """Teaches a discriminator of K+1 classes with few labelled images.

    Each discriminator update adds the cross-entropy of a batch of labelled images, drawn with
    replacement. Where a discriminator gives class logits l, its logit of being real is
    log sum exp l: the class K+1, fake, has the logit 0.

    Source: Salimans et al., 2016 (https://arxiv.org/abs/1606.03498), section 5.

    Args:
        weight: of the cross-entropy, default 1.
        labelled: how many images are labelled; see `prepare`.
    """

    metrics = ("labelled_accuracy",)

    def __init__(self, weight: float = 1.0, labelled=0):
        self.weight = weight
        self.labelled = labelled
        self._images = self._labels = self._to_network = None

    def prepare(self, gan, examples, modality, seed):
        """Chooses `labelled` images of the data, equally many of each class as far as can be."""
        rows = labelled_subset.class_balanced(examples, self.labelled, seed)
        self.teach(examples.samples[rows], examples.labels[rows], modality.to_network)

    def teach(self, images, labels, to_network):
        """Gives it the labelled images.

        Args:
            images: stored samples (n, *shape).
            labels: int (n,).
            to_network: that of their modality.
        """
        self._to_network = to_network
        self._images, self._labels = tf.constant(images), tf.constant(labels)

    def discriminator_loss(self, gan, loss, batch):
        if self._images is None:
            raise ValueError("call teach(images, labels) before the training")
        rows = keras.random.randint(
            (tf.shape(batch.real)[0],), 0, len(self._labels), seed=gan.random
        )
        images = self._to_network(tf.gather(self._images, rows))
        labels = tf.gather(self._labels, rows)
        judged = gan.discriminate(images)
        gan.log(labelled_accuracy=class_hits(judged, labels))
        return loss + self.weight * class_loss(judged, labels)


def class_loss(judged, labels):
    """Returns the mean cross-entropy of a `DiscriminatorOutput` with int labels (batch,)."""
    logits = judged.named("class_logits")
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, tf.int32), logits)
    )


def class_hits(judged, labels):
    """Returns which images a `DiscriminatorOutput` classifies right, bool (batch,)."""
    guesses = tf.argmax(judged.named("class_logits"), axis=-1)
    return guesses == tf.cast(labels, guesses.dtype)
