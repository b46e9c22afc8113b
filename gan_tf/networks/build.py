"""Builds the networks of a GAN from a `NetworkSpec`."""

import dataclasses

import keras

from gan_tf.errors import UserError
from gan_tf.latents.priors import Normal
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.color import LightnessColor
from gan_tf.networks.conditioning import (
    Conditioning,
    classifying,
    semi_supervised_discriminator,
)
from gan_tf.networks.freezing import freeze
from gan_tf.networks.layers import Packing
from gan_tf.networks.normalization import synchronize
from gan_tf.networks.translator import Size


@dataclasses.dataclass(frozen=True)
class NetworkSpec:
    """Everything needed to build the networks of a GAN.

    Attributes:
        architecture: the `Architecture`.
        sample_shape: the shape of one sample, (height, width, channels) for images.
        latent_dim: the length of a latent.
        num_classes: the number of classes; 0: none.
        conditioning: how the networks are conditioned on labels; None: unconditional.
        prior: the prior, a function of latents from N(0, I) (see `gan_tf.latents.priors`).
        tricks: the `Trick`s of the run, which can change latents and generator.
        packing: how many samples the discriminator sees at once.
        semi_supervised: whether the discriminator learns to classify from a few labels.
        sync_batch_norm: whether batch normalization uses the complete batch across replicas.
        freeze_discriminator: how many of the discriminator's lowest levels are frozen.
        source_shape: the shape of what a translator takes; () for generators from latents.
        color: what a translator makes: "rgb" (default): samples; "lab": a and b of CIE Lab, which are
            joined to the lightness of its source, a gray image.
        any_size: whether a translator takes images of any height and width (of a multiple that its
            architecture says); otherwise it takes those of `source_shape`, and has the same weights.
        mixed: whether a translator that is conditioned takes mixtures of classes, float32 (batch,
            num_classes), instead of labels; it has the same weights.
        image_discriminator: the `ImageDiscriminator` of a translation; None: the architecture has one.
        reward: of the tokens of sequences (see `gan_tf.gans.rewards`); None: there is none.
    """

    architecture: Architecture
    sample_shape: tuple
    latent_dim: int
    num_classes: int = 0
    conditioning: Conditioning | None = None
    prior: object = dataclasses.field(default_factory=Normal)
    tricks: tuple = ()
    packing: int = 1
    semi_supervised: bool = False
    sync_batch_norm: bool = False
    freeze_discriminator: int = 0
    source_shape: tuple = ()
    color: str = "rgb"
    any_size: bool = False
    mixed: bool = False
    image_discriminator: object = None
    reward: object = None


def generator(spec):
    """Builds the generator.

    Returns:
        A functional `keras.Model`: latents from N(0, I), (batch, latent_dim), or, conditional,
        [latents, int labels (batch,)] -> (batch, *sample_shape) in [-1, 1].
    """
    architecture, conditioning = spec.architecture, spec.conditioning
    if conditioning:
        network = conditioning.generator(
            architecture, spec.sample_shape, spec.latent_dim, spec.num_classes
        )
    else:
        network = architecture.generator(spec.sample_shape, spec.latent_dim)
    synchronize(network, spec.sync_batch_norm)
    for trick in spec.tricks:
        network = trick.edit(network)
    return _of_normal_latents(network, spec)


def discriminator(spec):
    """Builds the discriminator.

    Returns:
        A functional `keras.Model`: samples (batch, *sample_shape), or, conditional, [samples, int
        labels (batch,)] -> (batch, 1) logits, with the spec's number of lowest levels frozen;
        with packing: samples -> (batch / packing, 1); with an auxiliary classifier or
        semi-supervised: samples -> a dict of "logits" and "class_logits" (batch, num_classes).

    Raises:
        UserError: when no level would remain trainable.
    """
    network = _discriminator(spec)
    synchronize(network, spec.sync_batch_norm)
    freeze(network, spec.freeze_discriminator)
    return network


def encoder(spec, outputs=1):
    """Builds an encoder of samples into the generator's latent space.

    Args:
        spec: the `NetworkSpec`.
        outputs: values per latent component: 1: the latent; 2: mean and log variance.

    Returns:
        A functional `keras.Model`: samples (batch, *sample_shape) -> float32 (batch, outputs *
        latent_dim), with a layer "features" before the last. Of a prior with a method `encoded`, the
        last layer gives what that takes.
    """
    samples = keras.Input(spec.sample_shape, name="images")
    codes = spec.architecture.encode(samples, outputs * spec.latent_dim)
    if outputs == 1 and hasattr(spec.prior, "encoded"):
        codes = spec.prior.encoded(codes)
    network = keras.Model(samples, codes, name="encoder")
    synchronize(network, spec.sync_batch_norm)
    return network


def joint_discriminator(spec):
    """Builds a discriminator of pairs of a sample and a latent.

    Returns:
        A functional `keras.Model`: [samples (batch, *sample_shape), latents from N(0, I) (batch,
        latent_dim)] -> (batch, 1) logits. It applies the prior to the latents.
    """
    samples = keras.Input(spec.sample_shape, name="images")
    normal = keras.Input((spec.latent_dim,), name="latent")
    logits = spec.architecture.discriminate_pair(samples, spec.prior(normal))
    network = keras.Model([samples, normal], logits, name="discriminator")
    synchronize(network, spec.sync_batch_norm)
    freeze(network, spec.freeze_discriminator)
    return network


def translator(spec):
    """Builds the generator of a translation.

    Args:
        spec: the `NetworkSpec`.

    Returns:
        A functional `keras.Model`: sources (batch, *source_shape), or, conditional, [sources, int labels
        (batch,), or mixtures] -> (batch, *sample_shape) in [-1, 1].

    Raises:
        UserError: when the architecture does not fit the shapes.
    """
    try:
        size = Size.of(spec.source_shape, spec.sample_shape)
        shapes = spec.source_shape, spec.sample_shape
        if spec.any_size:
            shapes = ((None, None, each[-1]) for each in shapes)
        network = _translator(spec, tuple(shapes), size)
    except ValueError as error:
        raise UserError(
            f"The architecture cannot translate these images ({error}): choose another --image_size, or "
            "another --arch."
        ) from error
    synchronize(network, spec.sync_batch_norm)
    return network


def _translator(spec, shapes, size):
    """The network for shapes of which height and width can be None."""
    source_shape, target_shape = shapes
    if spec.conditioning:
        return spec.conditioning.translator(
            spec.architecture, shapes, size, spec.num_classes, spec.mixed
        )
    if spec.color == "rgb":
        return spec.architecture.translator(source_shape, target_shape, size)
    channels = source_shape[-1], target_shape[-1]
    if channels != (1, 3) or size.scale != 1:
        raise ValueError(
            f"color in Lab needs sources of 1 channel and targets of 3, of the same size; they have "
            f"{channels[0]} and {channels[1]} channels, and targets are {size.scale} times as large"
        )
    network = spec.architecture.translator(source_shape, (*target_shape[:-1], 2), size)
    colors = LightnessColor(dtype="float32", name="colors")([network.input, network.output])
    return keras.Model(network.input, colors, name=network.name)


def pair_discriminator(spec):
    """Builds the discriminator of pairs of a target or an output and its source.

    Returns:
        A functional `keras.Model`: [(batch, *sample_shape), sources of the same height and width] ->
        logits (batch, h, w, 1) or (batch, 1); conditional: a dict of "logits" and "class_logits"
        (batch, num_classes).
    """
    *size, channels = spec.sample_shape
    images = keras.Input((*size, channels), name="images")
    source = keras.Input((*size, spec.source_shape[-1]), name="source")
    pair = keras.layers.Concatenate()([source, images])
    return _image_discriminator(spec, [images, source], pair, bool(spec.conditioning))


def image_discriminator(spec, classifies=False):
    """Builds the discriminator of a domain's images.

    Args:
        spec: the `NetworkSpec`.
        classifies: whether it has class logits, too. Default false.

    Returns:
        A functional `keras.Model`: (batch, *sample_shape) -> what `pair_discriminator` says, the dict if it
        classifies.
    """
    images = keras.Input(spec.sample_shape, name="images")
    return _image_discriminator(spec, images, images, classifies)


def _image_discriminator(spec, inputs, images, classifies):
    logits = spec.image_discriminator.discriminate(images)
    network = keras.Model(inputs, logits, name="discriminator")
    synchronize(network, spec.sync_batch_norm)
    if classifies:
        return classifying(spec.image_discriminator, network, spec.num_classes)
    return network


def packed(architecture, sample_shape, count):
    """Builds a discriminator that sees `count` samples at once (see `layers.Packing`).

    Args:
        architecture: an `Architecture`.
        sample_shape: the shape of one sample.
        count: samples in a pack, from 1.

    Returns:
        A functional `keras.Model`: (batch, *sample_shape) -> (batch / count, 1) logits.
    """
    samples = keras.Input(sample_shape, name="images")
    logits = architecture.discriminate(Packing(count)(samples))
    return keras.Model(samples, logits, name="discriminator")


def _discriminator(spec):
    architecture, shape = spec.architecture, spec.sample_shape
    if spec.conditioning:
        return spec.conditioning.discriminator(architecture, shape, spec.num_classes)
    if spec.semi_supervised:
        return semi_supervised_discriminator(architecture, shape, spec.num_classes)
    if spec.packing > 1:
        return packed(architecture, shape, spec.packing)
    return architecture.discriminator(shape)


def _of_normal_latents(network, spec):
    """The generator as a function of normal latents, with prior and tricks applied inside."""
    normal, *labels = [
        keras.Input(each.shape[1:], dtype=each.dtype, name=each.name) for each in network.inputs
    ]
    latents = spec.prior(normal)
    for trick in spec.tricks:
        latents = trick.latents(normal, latents)
    if latents is normal:
        return network
    inputs = [latents, *labels] if labels else latents
    return keras.Model([normal, *labels] if labels else normal, network(inputs), name="generator")
