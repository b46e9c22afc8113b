"""Conditioning: how unconditional architectures are conditioned on class labels.

A conditioning of generators from latents builds flat models around the functions of any architecture:

    generator(architecture, image_shape, latent_dim, num_classes)
        -> model: [(batch, latent_dim), (batch,) int labels] -> (batch, H, W, C) in [-1, 1]
    discriminator(architecture, image_shape, num_classes)
        -> model: [(batch, H, W, C), (batch,) int labels] -> (batch, 1) logits; or, where
        `trick` names the trick that uses the labels, images -> a dict of "logits" and
        "class_logits" (batch, num_classes), both float32

One of translators has other methods: see `Category`.
"""

import dataclasses
import math
from collections.abc import Callable

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.latents.priors import Spherical
from gan_tf.networks.resampling import spread
from gan_tf.registry import CONDITIONINGS


class Conditioning:
    """The base class of the conditionings; see the module for their two methods.

    Attributes:
        source: what the generators that it conditions take: "latent" (default) or "example".
        trick: the spec of the trick that training requires, such as "auxiliary_classifier";
            "": none.
    """

    source = "latent"
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
        parts = _ordered(architecture, latents, embedded)
        # In half precision, latents would be rounded before a mapping network in float32 sees them.
        images = architecture.generate(layers.Concatenate(dtype="float32")(parts), image_shape)
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

        def embed(channels):
            zeros = {"embeddings_initializer": "zeros"}
            return layers.Embedding(num_classes, channels, **zeros)(labels)

        images = architecture.generate(latents, image_shape, lambda x: _modulated(x, embed))
        return keras.Model([latents, labels], images, name="generator")

    def discriminator(self, architecture, image_shape, num_classes):
        """Builds the conditional discriminator; see the module."""
        images, labels = keras.Input(image_shape, name="images"), _labels_input()
        unconditional = architecture.discriminator_of(images)
        features = unconditional.get_layer("features").output
        one_hot = keras.ops.one_hot(labels, num_classes)
        embed = architecture.linear(features.shape[-1], embeds=num_classes, use_bias=False)
        product = layers.Dot(axes=1, dtype="float32")([embed(one_hot), features])
        logits = layers.Add(dtype="float32", name="logits")(
            [unconditional.get_layer("logits").input, product]
        )
        return keras.Model([images, labels], logits, name="discriminator")


@CONDITIONINGS.register("embedding")
class LabelEmbedding(Projection):
    """Label embedding (Karras et al., 2020): beside the latent, both of unit mean square; projection.

    The generator's latent is concatenated with an embedding of the label, from N(0, 1); each is
    scaled to a mean square of 1 first, so that they count by their lengths. The discriminator is
    that of `projection`.

    Source: https://arxiv.org/abs/2006.06676, appendix C (class-conditional StyleGAN2), whose
    discriminator has a mapping network of the label instead of an embedding.

    Args:
        dim: length of the embedding, from 1, default 128.
    """

    def __init__(self, dim: int = 128):
        if dim < 1:
            raise UserError(f"embedding({dim}): the length of the embedding must be 1 or more.")
        self.dim = dim

    def generator(self, architecture, image_shape, latent_dim, num_classes):
        """Builds the conditional generator; see the module."""
        latents, labels = keras.Input((latent_dim,), name="latent"), _labels_input()
        start = keras.initializers.RandomNormal(0.0, 1.0)
        embedded = layers.Embedding(num_classes, self.dim, start, dtype="float32")(labels)
        parts = _ordered(architecture, Spherical()(latents), Spherical()(embedded))
        images = architecture.generate(layers.Concatenate(dtype="float32")(parts), image_shape)
        return keras.Model([latents, labels], images, name="generator")


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


@dataclasses.dataclass(frozen=True)
class Condition:
    """What a translator does with labels, as functions of Keras tensors.

    Attributes:
        join: code (batch, h, w, C) -> the decoder's input (batch, h, w, D).
        modulate: a normalized map of the decoder -> the same, changed; None: not changed.
    """

    join: Callable
    modulate: Callable | None = None


@CONDITIONINGS.register("category")
class Category(Conditioning):
    """Category embedding (zi2zi, Tian, 2017): an embedding of the label beside a translator's code.

    The embedding, from N(0, 0.01), is joined to the map at the translator's bottleneck. The
    discriminator of pairs classifies, too.

    Source: https://github.com/kaonashi-tyc/zi2zi, in which the embedding is not trained.

    Args:
        dim: length of the embedding, from 1, default 128.
        trained: whether it is trained, default False.
        norm: whether the label also selects a scale and a shift after each normalization of the
            decoder, as in `projection` (Dumoulin et al., 2017), default False.
    """

    source = "example"

    def __init__(self, dim: int = 128, trained: bool = False, norm: bool = False):
        if dim < 1:
            raise UserError(f"category({dim}): the length of the embedding must be 1 or more.")
        self.dim, self.trained, self.norm = dim, trained, norm

    def translator(self, architecture, shapes, size, num_classes, mixed=False):
        """Builds the generator of a translation.

        Args:
            architecture: a `Translator` that takes labels.
            shapes: of a source and of a target.
            size: the `Size` of training.
            num_classes: from 1.
            mixed: whether it takes a mixture of classes instead of a label; it has the same weights.

        Returns:
            A functional `keras.Model`: [sources (batch, h, w, C), int labels (batch,), or, mixed,
            float32 (batch, num_classes) whose rows sum to 1] -> (batch, H, W, D).
        """
        source = keras.Input(shapes[0], name="source")
        labels = keras.Input((num_classes,), name="label") if mixed else _labels_input()

        def embed(length, start=None, trainable=True):
            start = start or keras.initializers.Zeros()
            if mixed:
                options = {"use_bias": False, "kernel_initializer": start}
                layer = layers.Dense(length, dtype="float32", **options)
            else:
                layer = layers.Embedding(num_classes, length, start)
            layer.trainable = trainable
            return layer(labels)

        def join(code):
            start = keras.initializers.RandomNormal(0.0, 0.01)
            vector = layers.Reshape((1, 1, self.dim))(embed(self.dim, start, self.trained))
            return layers.Concatenate(name="condition")([code, spread(vector, code)])

        modulate = (lambda x: _modulated(x, embed)) if self.norm else None
        condition = Condition(join, modulate)
        images = architecture.translate(source, shapes[1], size, condition)
        return keras.Model([source, labels], images, name="generator")


def classifying(discriminator, network, num_classes):
    """Returns a discriminator of a translation that classifies, too, as in `acgan`.

    Args:
        discriminator: the `ImageDiscriminator` of which the network is made, which has features.
        network: a functional `keras.Model` with logits.
        num_classes: from 1.

    Returns:
        A functional `keras.Model` with the same inputs, and a dict of "logits" and "class_logits" (batch,
        num_classes).
    """
    outputs = {
        "logits": network.output,
        "class_logits": _class_logits(discriminator, network, num_classes),
    }
    return keras.Model(network.inputs, outputs, name=network.name)


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


def _ordered(architecture, latents, embedded):
    """[latents, embedding of the label], in the order that an architecture takes them."""
    return [embedded, latents] if architecture.label_first else [latents, embedded]


def _modulated(x, embed):
    """A feature map with a scale and a shift that depend on the label: x -> (1 + gamma) x + beta.

    Args:
        x: (batch, ..., channels).
        embed: returns an embedding of the label, (batch, channels), given the number of channels.
    """
    *middle, channels = x.shape[1:]
    gamma, beta = (
        layers.Reshape([1] * len(middle) + [channels])(embed(channels)) for _ in range(2)
    )
    return layers.Add()([x, layers.Multiply()([x, gamma]), beta])


def _class_logits(architecture, network, num_classes):
    """A logit per class from the features of a discriminator."""
    x = architecture.linear(num_classes)(network.get_layer("features").output)
    return layers.Activation("linear", dtype="float32", name="class_logits")(x)


def _labels_input():
    return keras.Input((), dtype="int32", name="label")
