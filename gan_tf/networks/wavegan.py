"""WaveGAN: convolutions along the samples of sound."""

import dataclasses

from keras import layers

from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.phase_shuffle import PhaseShuffle
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES

_KERNEL = 25
_STRIDE = 4
_SHORTEST = 16  # the generator's first map


@ARCHITECTURES.register("wavegan")
@dataclasses.dataclass(eq=False)
class WaveGAN(Architecture):
    """WaveGAN: a DCGAN of one dimension, with kernels of 25 and strides of 4 (Donahue et al., 2019).

    The generator projects the latent to a map of at least 16 positions, for the published 16,384
    samples exactly 16, and upsamples it with transposed convolutions; the discriminator mirrors it,
    with the phase of its maps shuffled after each layer but the last. Without normalization, as
    published; `generator_norm` and `discriminator_norm` add it, except at the ends. Any length will do:
    what the strides make too much is cut off.

    Source: https://arxiv.org/abs/1802.04208, and the authors' code.

    Args:
        width: channels next to the sound; they double with each layer away from it. 64 as published,
            which is too much for a CPU; default 16.
        phase_shuffle: the largest shift of `PhaseShuffle`, default 2, as published; 0: none.
        post_filter: length of a filter on the generator's output, which can learn to remove what
            transposed convolutions add; 512 in the paper, default 0: none.
        generator_norm, discriminator_norm: "batch", "instance", "layer", "virtual_batch" or "none"
            (default).
        spectral_norm: which networks have spectral normalization: "none" (default),
            "discriminator", "generator" or "both".
        generator_activation, discriminator_activation: a Keras activation, such as "relu", or
            "prelu", whose slope is learned; "leaky_relu" has a slope of 0.2. Default "relu" and
            "leaky_relu".
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the
            discriminator; default 0: none.
    """

    modalities = ("audio",)
    image_sizes = None

    width: int = 16
    phase_shuffle: int = 2
    post_filter: int = 0
    generator_norm: str = "none"
    discriminator_norm: str = "none"
    spectral_norm: str = "none"
    generator_activation: str = "relu"
    discriminator_activation: str = "leaky_relu"
    minibatch_stddev: int = 0

    def generate(self, latents, image_shape, modulate=None):
        length, channels = image_shape
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate)
        activate = activation(self.generator_activation)
        levels = _levels(length)
        width = self.width * 2 ** (levels - 1)
        start = -(-length // _STRIDE**levels)
        x = wrap(layers.Dense(start * width, use_bias=not norm.shifts))(norm.begin(latents))
        x = activate(norm.layer()(layers.Reshape((start, width))(x)))
        for _ in range(levels - 1):
            width //= 2
            x = wrap(_upsampling(width, not norm.shifts))(x)
            x = activate(norm.layer()(x))
        x = wrap(_upsampling(channels, True))(norm.end(x))
        surplus = x.shape[1] - length
        x = layers.Cropping1D((0, surplus))(x) if surplus else x
        if not self.post_filter:
            # float32 regardless of the precision of the preceding layers.
            return layers.Activation("tanh", dtype="float32", name="images")(x)
        x = layers.Conv1D(channels, self.post_filter, padding="same", use_bias=False)(
            layers.Activation("tanh")(x)
        )
        return layers.Activation("linear", dtype="float32", name="images")(x)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm)
        activate = activation(self.discriminator_activation)
        x, levels = norm.begin(images), _levels(images.shape[1])
        for level in range(levels):
            use_bias = not (level and norm.shifts)
            options = {"strides": _STRIDE, "padding": "same", "use_bias": use_bias}
            x = wrap(layers.Conv1D(self.width * 2**level, _KERNEL, **options))(x)
            x = activate(norm.layer()(x) if level else x)
            if self.phase_shuffle and level < levels - 1:
                x = PhaseShuffle(self.phase_shuffle)(x)
        x = norm.end(x)
        if self.minibatch_stddev:
            x = MinibatchStddev(self.minibatch_stddev)(x)
        x = layers.Flatten(name="features")(x)
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)


def _upsampling(filters, use_bias):
    return layers.Conv1DTranspose(filters, _KERNEL, _STRIDE, padding="same", use_bias=use_bias)


def _levels(length):
    """How many strides there are between sound of a length and a map of at least 16 positions."""
    levels = 1
    while length >= _SHORTEST * _STRIDE ** (levels + 1):
        levels += 1
    return levels
