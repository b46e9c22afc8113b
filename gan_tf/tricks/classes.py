"""Classification losses of discriminators that predict classes."""

import keras
import tensorflow as tf

from gan_tf.data import labeled_subset
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("auxiliary_classifier")
class AuxiliaryClassifier(Trick):
    """Auxiliary classifier: rewards both networks when an image is classified correctly.

    The discriminator learns to classify reals and fakes, the generator to make fakes that are
    classified correctly. --conditional=acgan implies it.

    Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2017
    (https://arxiv.org/abs/1610.09585), equations 2 and 3.

    Args:
        weight: of the cross-entropies, default 1.
    """

    hooks = ("labels", "discriminator_loss", "generator_loss")
    metrics = ("real_class_accuracy", "fake_class_accuracy")

    def __init__(self, weight: float = 1.0):
        self.weight = weight

    def discriminator_loss(self, gan, loss, batch):
        for output in (batch.real_output, batch.fake_output):
            loss += self.weight * class_loss(output, batch.labels)
        gan.log(
            real_class_accuracy=class_hits(batch.real_output, batch.labels),
            fake_class_accuracy=class_hits(batch.fake_output, batch.labels),
        )
        return loss

    def generator_loss(self, gan, loss, batch):
        return loss + self.weight * class_loss(batch.fake_output, batch.labels)


@keras.saving.register_keras_serializable("gan_tf")
class SemiSupervised(Trick):
    """Trains a discriminator of K+1 classes with a few labeled images.

    Each discriminator update adds the cross-entropy of a batch of labeled images, drawn with
    replacement. A discriminator with class logits l has the logit log sum exp l for real: class
    K+1, fake, has the logit 0.

    Source: Salimans et al., 2016 (https://arxiv.org/abs/1606.03498), section 5. The authors' code
    halves the adversarial loss; to have its proportions, give a weight of 2.

    Args:
        weight: of the cross-entropy, default 1.
        labeled: the number of labeled images; see `prepare`.
    """

    hooks = ("labels", "discriminator_loss")
    metrics = ("labeled_accuracy",)

    def __init__(self, weight: float = 1.0, labeled=0):
        self.weight = weight
        self.labeled = labeled
        self._images = self._labels = self._to_network = None

    def prepare(self, gan, examples, modality, seed):
        """Chooses `labeled` images of the data, class-balanced as far as possible."""
        rows = labeled_subset.class_balanced(examples, self.labeled, seed)
        self.set_labeled(examples.samples[rows], examples.labels[rows], modality.to_network)

    def set_labeled(self, images, labels, to_network):
        """Sets the labeled images.

        Args:
            images: stored samples (n, *shape).
            labels: int (n,).
            to_network: the method of their modality.
        """
        self._to_network = to_network
        self._images, self._labels = tf.constant(images), tf.constant(labels)

    def discriminator_loss(self, gan, loss, batch):
        if self._images is None:
            raise ValueError("call set_labeled(images, labels, to_network) before training")
        rows = keras.random.randint(
            (tf.shape(batch.real)[0],), 0, len(self._labels), seed=gan.random
        )
        images = self._to_network(tf.gather(self._images, rows))
        labels = tf.gather(self._labels, rows)
        output = gan.discriminate(images)
        gan.log(labeled_accuracy=class_hits(output, labels))
        return loss + self.weight * class_loss(output, labels)


def class_loss(output, labels):
    """Returns the mean cross-entropy of a `DiscriminatorOutput` with int labels (batch,)."""
    logits = output.named("class_logits")
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, tf.int32), logits)
    )


def class_hits(output, labels):
    """Returns which images a `DiscriminatorOutput` classifies correctly, bool (batch,)."""
    predictions = tf.argmax(output.named("class_logits"), axis=-1)
    return predictions == tf.cast(labels, predictions.dtype)
