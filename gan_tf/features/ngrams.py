"""Counts of n-grams of tokens."""

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.features.extractor import Extractor, digest
from gan_tf.registry import FEATURES

_BUCKETS = 512
_FACTOR = 1000003  # of the hash


@FEATURES.register("ngrams")
class NGrams(Extractor):
    """Counts of n-grams of tokens, n from 1 to 3, hashed into 512 features.

    The counts of a sequence are divided by its number of positions. Equal n-grams fall into the same
    feature in every run; different ones can share one.

    Args:
        n: the longest n-grams, from 1, default 3.
    """

    name = "ngrams"
    modalities = ("tokens",)
    channels = None

    def __init__(self, n: int = 3):
        if not 1 <= n <= 16:
            raise UserError(f"ngrams({n}): n must be from 1 to 16.")
        super().__init__()
        self._n = n
        self.digest = digest(f"ngrams {n} {_BUCKETS} 1")

    def compute(self, images):
        tokens = tf.cast(images, tf.int64)
        length = tokens.shape[1]
        key, counts = tf.zeros_like(tokens), 0.0
        for n in range(1, min(self._n, length) + 1):
            # The hash of each n-gram from that of the one before, without its last token.
            key = key[:, : length - n + 1] * _FACTOR + tokens[:, n - 1 :] + 1
            counts += tf.math.bincount(
                tf.cast(tf.math.floormod(key * _FACTOR, 2**31 - 1) % _BUCKETS, tf.int32),
                minlength=_BUCKETS,
                maxlength=_BUCKETS,
                axis=-1,
                dtype=tf.float32,
            )
        return counts / length, None
