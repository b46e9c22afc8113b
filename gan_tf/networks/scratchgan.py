"""The networks of ScratchGAN."""

import dataclasses

from keras import layers

from gan_tf.networks.language_model import LanguageModel
from gan_tf.networks.policy import SEQUENCE, Policy
from gan_tf.registry import ARCHITECTURES

_DROPOUT = 0.1


@ARCHITECTURES.register("scratchgan")
@dataclasses.dataclass(eq=False)
class ScratchGAN(Policy):
    """LSTMs of ScratchGAN (de Masson d'Autume et al., 2019): the discriminator judges every token.

    Generator: an embedding, two LSTMs of `width` units, and a linear layer.
    Discriminator: an embedding, dropout, an LSTM of `width` units with layer normalization of its
    outputs, dropout, and a linear layer at each token, which sees the tokens up to there.

    Source: https://arxiv.org/abs/1905.09922, section 4 and appendix. Differences: no pretrained
    embeddings, no embedding of positions, and no latent beside the noise of each token.

    Args:
        width: units of each LSTM, default 512.
    """

    logits_of = "token"

    width: int = 512

    def language_model(self, length, vocabulary):
        # float32 regardless of the precision, as likelihoods are products of many factors.
        return LanguageModel(
            vocabulary, length, self.width, self.width, depth=2, dtype="float32", name=SEQUENCE
        )

    def judge(self, tokens, vocabulary):
        x = layers.Dropout(_DROPOUT)(layers.Embedding(vocabulary, self.width)(tokens))
        x = layers.LSTM(self.width, return_sequences=True)(x)
        x = layers.Dropout(_DROPOUT)(layers.LayerNormalization(epsilon=1e-5)(x))
        logits = layers.Dense(1, dtype="float32")(x)
        return layers.Reshape((tokens.shape[-1],), dtype="float32", name="logits")(logits)
