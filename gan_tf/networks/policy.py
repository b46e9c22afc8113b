"""The base class of networks that draw sequences token by token, and judge them."""

import abc

import keras

from gan_tf.networks.architecture import Options
from gan_tf.networks.language_model import LanguageModel

SEQUENCE = "sequence"  # the name of the generator's layer


class Policy(Options, abc.ABC):
    """A generator that draws tokens one after the other, and a discriminator of such sequences.

    A subclass registers itself with `@ARCHITECTURES.register("name")` and is chosen and configured as an
    `Architecture` is. Tokens are discrete, so no gradient passes through what it draws: it is for kinds
    of GAN that train it as a policy.

    Attributes:
        source: "noise": what its generator makes sequences of, a number for each token.
        logits_of: what its discriminator has a logit for: "sample", or each "token".
        modalities, image_sizes, light: as for `Architecture`.

    Raises:
        UserError: as for `Options`.
    """

    source = "noise"
    logits_of = "sample"
    modalities = ("tokens",)
    image_sizes = None
    light = False

    @abc.abstractmethod
    def language_model(self, length, vocabulary):
        """Returns the `LanguageModel` of the generator, a layer named `SEQUENCE`.

        Args:
            length: of a sequence, in tokens.
            vocabulary: the number of tokens.
        """

    @abc.abstractmethod
    def judge(self, tokens, vocabulary):
        """Returns the discriminator's logits.

        Args:
            tokens: a Keras tensor (batch, length), int32, an input.
            vocabulary: the number of tokens.

        Returns:
            A Keras tensor, float32, (batch, 1), or, with logits of tokens, (batch, length).
        """

    def generator(self, sample_shape):
        """Builds the generator: N(0, I), (batch, length) -> int32 tokens (batch, length).

        Args:
            sample_shape: (length, vocabulary).
        """
        length, vocabulary = sample_shape
        noise = keras.Input((length,), name="latent")
        return keras.Model(noise, self.language_model(length, vocabulary)(noise), name="generator")

    def discriminator(self, sample_shape):
        """Builds the discriminator: int tokens (batch, length) -> logits; see `judge`."""
        length, vocabulary = sample_shape
        tokens = keras.Input((length,), dtype="int32", name="tokens")
        return keras.Model(tokens, self.judge(tokens, vocabulary), name="discriminator")


def steered(generator):
    """Returns a generator of `Policy` with two more inputs.

    Args:
        generator: the `keras.Model`, whose weights it shares.

    Returns:
        A `keras.Model`: [noise (batch, length), temperature (batch,), prompt int32 (batch, length)] ->
        int32 tokens (batch, length); see `LanguageModel.call`.
    """
    layer = generator.get_layer(SEQUENCE)
    noise = keras.Input((layer.length,), name="latent")
    temperature = keras.Input((), name="temperature")
    prompt = keras.Input((layer.length,), dtype="int32", name="prompt")
    return keras.Model([noise, temperature, prompt], layer(noise, temperature, prompt))


def of(generator):
    """Returns the `LanguageModel` of a generator of `Policy`."""
    layer = next((each for each in generator.layers if isinstance(each, LanguageModel)), None)
    if layer is None:
        raise ValueError(
            "the generator has no layer of gan_tf.networks.language_model.LanguageModel"
        )
    return layer
