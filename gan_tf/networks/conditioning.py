"""Conditioning: how unconditional architectures are conditioned on class labels.

A conditioning builds flat models around the functions of any architecture:

    generator(architecture, image_shape, latent_dim, num_classes)
        -> model: [(batch, latent_dim), (batch,) int labels] -> (batch, H, W, C) in [-1, 1]
    discriminator(architecture, image_shape, num_classes)
        -> model: [(batch, H, W, C), (batch,) int labels] -> (batch, 1) logits; or, where
        `trick` names the trick that uses the labels, images -> a dict of "logits" and
        "class_logits" (batch, num_classes), both float32
"""

import math

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.spectral import spectral
from gan_tf.registry import CONDITIONINGS


class Conditioning:
    """The base class of the conditionings; see the module for their two methods.

    Attributes:
        trick: the spec of the trick that training requires, such as "auxiliary_classifier";
            "": none.
    """

    trick = ""


@CONDITIONINGS.register("concat")
class Concat(Conditioning):
    """Labels as additional inputs (Mirza and Osindero, 2014): an embedding for latent and image.

    The generator's latent is concatenated with an embedding of the label; the discriminator's
    image gets one more channel, computed from a separate embedding.

    Source: https://arxiv.org/abs/1411.1784, section 3.2; the channel as in its convolutional
    successors.

    Args:
        embedding_dim: length of the embeddings, from 1, default 50.
    """

    def __init__(self, embedding_dim: int = 50):
        if embedding_dim < 1:
            raise UserError(
                f"concat({embedding_dim}): the length of the embedding must be 1 or more."
            )
        self.embedding_dim = embedding_dim

    def generator(self, architecture, image_shape, latent_dim, num_classes):
        """Builds the conditional generator; see the module."""
        latents, labels = keras.Input((latent_dim,), name="latent"), _labels_input()
        embedded = layers.Embedding(num_classes, self.embedding_dim)(labels)
        images = architecture.generate(layers.Concatenate()([latents, embedded]), image_shape)
        return keras.Model([latents, labels], images, name="generator")

    def discriminator(self, architecture, image_shape, num_classes):
        """Builds the conditional discriminator; see the module."""
        plane_shape = (*image_shape[:-1], 1)
        images, labels = keras.Input(image_shape, name="images"), _labels_input()
        embedded = layers.Embedding(num_classes, self.embedding_dim)(labels)
        plane = layers.Reshape(plane_shape)(layers.Dense(math.prod(plane_shape))(embedded))
        logits = architecture.discriminate(layers.Concatenate()([images, plane]))
        return keras.Model([images, labels], logits, name="discriminator")


@CONDITIONINGS.register("projection")
class Projection(Conditioning):
    """Projection discriminator (Miyato and Koyama, 2018) and conditional normalization.

    In the generator the label selects a scale and shift after each normalization, x ->
    (1 + gamma_y) x + beta_y, where gamma_y and beta_y start at 0 (Dumoulin et al., 2017); it is
    used nowhere else. The discriminator adds to its logit the inner product of its features
    and an embedding of the label, to which spectral normalization, if enabled, applies too.

    Source: https://arxiv.org/abs/1802.05637, equation 3 and section 5.
    """

    def generator(self, architecture, image_shape, latent_dim, num_classes):
        """Builds the conditional generator; see the module."""
        latents, labels = keras.Input((latent_dim,), name="latent"), _labels_input()

        def modulate(x):
            *middle, channels = x.shape[1:]
            gamma, beta = (
                layers.Reshape([1] * len(middle) + [channels])(
                    layers.Embedding(num_classes, channels, embeddings_initializer="zeros")(labels)
                )
                for _ in range(2)
            )
            return layers.Add()([x, layers.Multiply()([x, gamma]), beta])

        images = architecture.generate(latents, image_shape, modulate)
        return keras.Model([latents, labels], images, name="generator")

    def discriminator(self, architecture, image_shape, num_classes):
        """Builds the conditional discriminator; see the module."""
        images, labels = keras.Input(image_shape, name="images"), _labels_input()
        unconditional = architecture.discriminator_of(images)
        features = unconditional.get_layer("features").output
        wrap = spectral(architecture.spectral_norm, "discriminator")
        one_hot = keras.ops.one_hot(labels, num_classes)
        embedded = wrap(layers.Dense(features.shape[-1], use_bias=False))(one_hot)
        logits = layers.Add(dtype="float32", name="logits")(
            [unconditional.get_layer("logits").input, layers.Dot(axes=1)([embedded, features])]
        )
        return keras.Model([images, labels], logits, name="discriminator")


@CONDITIONINGS.register("acgan")
class AuxiliaryClassifier(Concat):
    """Auxiliary classifier (Odena et al., 2017): the discriminator classifies, too.

    The generator is that of `concat`. The discriminator's only input is the image; besides its
    logit it outputs a logit per class. Training requires the trick "auxiliary_classifier".

    Source: https://arxiv.org/abs/1610.09585, section 3.

    Args:
        embedding_dim: length of the generator's embedding of the label, from 1, default 50.
    """

    trick = "auxiliary_classifier"

    def discriminator(self, architecture, image_shape, num_classes):
        """Builds the discriminator of unlabeled images, with two outputs; see the module."""
        images = keras.Input(image_shape, name="images")
        network = architecture.discriminator_of(images)
        outputs = {
            "logits": network.output,
            "class_logits": _class_logits(architecture, network, num_classes),
        }
        return keras.Model(images, outputs, name="discriminator")


def semi_supervised_discriminator(architecture, image_shape, num_classes):
    """Builds a discriminator that learns the classes from a few labeled images.

    It classifies images into K real classes and one fake class, whose logit is fixed at 0:
    with l the K class logits, P(real) = sigmoid(log sum exp l).

    Source: Salimans et al., "Improved techniques for training GANs", 2016
    (https://arxiv.org/abs/1606.03498), section 5.

    Args:
        architecture: an `Architecture`.
        image_shape: (height, width, channels).
        num_classes: K, from 1.

    Returns:
        A functional `keras.Model`: images (batch, H, W, C) -> a dict of "logits" (batch, 1)
        and "class_logits" (batch, K), both float32.
    """
    images = keras.Input(image_shape, name="images")
    network = architecture.discriminator_of(images)
    class_logits = _class_logits(architecture, network, num_classes)
    logits = keras.ops.logsumexp(class_logits, axis=-1, keepdims=True)
    outputs = {"logits": logits, "class_logits": class_logits}
    return keras.Model(images, outputs, name="discriminator")


def _class_logits(architecture, network, num_classes):
    """A logit per class from the features of a discriminator."""
    wrap = spectral(architecture.spectral_norm, "discriminator")
    x = wrap(layers.Dense(num_classes))(network.get_layer("features").output)
    return layers.Activation("linear", dtype="float32", name="class_logits")(x)


def _labels_input():
    return keras.Input((), dtype="int32", name="label")
