"""ResNet of one dimension: convolutions along sequences of tokens."""

import dataclasses

from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.relaxation import RELAXATIONS, Relaxation, split
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES

_BLOCKS = 5
_KERNEL = 5
_RESIDUAL = 0.3  # the weight of a block's output


@ARCHITECTURES.register("resnet1d")
@dataclasses.dataclass(eq=False)
class ResNet1D(Architecture):
    """Residual networks of sequences (Gulrajani et al., 2017; Killoran et al., 2017).

    The generator maps the latent to `width` channels at each position, followed by five residual
    blocks x + 0.3 f(x), f being twice an activation and a convolution of 5 positions, a convolution
    of 1 position, and what makes rows over the tokens of it. The discriminator is its mirror image,
    with the logit computed from all positions. Nothing is resampled: any length will do.
    Normalization, if any, precedes each activation.

    Source: https://arxiv.org/abs/1704.00028, section 5.3, and the authors' code; of DNA
    https://arxiv.org/abs/1712.06148.

    Args:
        width: channels, default 100.
        relaxation: what the generator makes of its logits: "softmax" (default), "gumbel" or
            "straight_through"; see `gan_tf.networks.relaxation.Relaxation`. With "gumbel", the first
            components of a latent, as many as there are tokens in a sequence, choose the tokens.
        gumbel_temperature: of "gumbel", above 0, default 0.5.
        generator_norm, discriminator_norm: "batch", "instance", "layer", "virtual_batch" or "none"
            (default).
        spectral_norm: which networks have spectral normalization: "none" (default), "discriminator",
            "generator" or "both".
        generator_activation, discriminator_activation: a Keras activation, such as "relu", or
            "prelu", whose slope is learned; "leaky_relu" has a slope of 0.2. Default "relu".
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the discriminator;
            default 0: none.
    """

    modalities = ("tokens",)
    image_sizes = None

    width: int = 100
    relaxation: str = "softmax"
    gumbel_temperature: float = 0.5
    generator_norm: str = "none"
    discriminator_norm: str = "none"
    spectral_norm: str = "none"
    generator_activation: str = "relu"
    discriminator_activation: str = "relu"
    minibatch_stddev: int = 0

    def __post_init__(self):
        super().__post_init__()
        if self.relaxation not in RELAXATIONS:
            raise UserError(
                f"There is no relaxation '{self.relaxation}'; there are: {', '.join(RELAXATIONS)}."
            )

    def generate(self, latents, image_shape, modulate=None):
        length, tokens = image_shape
        latents, choices = split(latents, length, self.relaxation)
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate)
        x = wrap(layers.Dense(length * self.width))(norm.begin(latents))
        x = layers.Reshape((length, self.width))(x)
        for _ in range(_BLOCKS):
            x = self._block(x, norm, self.generator_activation, wrap)
        logits = wrap(layers.Conv1D(tokens, 1))(norm.end(x))
        return self.rows(logits, choices)

    def rows(self, logits, choices):
        """Returns rows over the tokens of logits, of a layer named "images"."""
        if (
            self.relaxation == "softmax"
        ):  # float32 regardless of the precision of the preceding layers
            return layers.Activation("softmax", dtype="float32", name="images")(logits)
        relax = Relaxation(self.relaxation, self.gumbel_temperature, name="images")
        return relax(logits if choices is None else [logits, choices])

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm)
        x = wrap(layers.Conv1D(self.width, 1))(norm.begin(images))
        for _ in range(_BLOCKS):
            x = self._block(x, norm, self.discriminator_activation, wrap)
        x = norm.end(x)
        if self.minibatch_stddev:
            x = MinibatchStddev(self.minibatch_stddev)(x)
        x = layers.Flatten(name="features")(x)
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def _block(self, inputs, norm, name, wrap):
        """x + 0.3 f(x)."""
        activate, x = activation(name), inputs
        for _ in range(2):
            x = activate(norm.layer()(x))
            x = wrap(layers.Conv1D(self.width, _KERNEL, padding="same"))(x)
        return layers.Add()([inputs, layers.Rescaling(_RESIDUAL)(x)])
