"""The networks of SeqGAN."""

import dataclasses

from gan_tf.networks.language_model import LanguageModel
from gan_tf.networks.policy import SEQUENCE, Policy
from gan_tf.networks.text_cnn import text_cnn
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("lstm")
@dataclasses.dataclass(eq=False)
class LSTM(Policy):
    """LSTM and convolutions of SeqGAN (Yu et al., 2017), for sequences of tokens.

    Generator: an embedding and an LSTM of `width` values each, and a linear layer.
    Discriminator: see `gan_tf.networks.text_cnn.text_cnn`; its sizes are proportional to `width`.

    Source: https://arxiv.org/abs/1609.05473, with the constants of the authors' code.

    Args:
        width: units of the LSTM, default 32.
    """

    width: int = 32

    def language_model(self, length, vocabulary):
        # float32 regardless of the precision, as likelihoods are products of many factors.
        return LanguageModel(
            vocabulary, length, self.width, self.width, dtype="float32", name=SEQUENCE
        )

    def judge(self, tokens, vocabulary):
        return text_cnn(tokens, vocabulary, self.width)
