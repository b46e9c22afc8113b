"""Feedback: the best samples, as an external scorer sees them, take the place of the data."""

import keras
import tensorflow as tf

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.features import scorer as scorers
from gan_tf.registry import TRICKS
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("feedback")
class Feedback(Trick):
    """FBGAN (Gupta and Zou, 2019): samples that a scorer likes replace the real ones, little by little.

    Every some steps the generator makes sequences; those that score above the threshold are kept, the
    newest in place of the oldest. A real sample of a batch is replaced by one of them, drawn at random,
    with a probability that rises to 1 as the memory fills: a memory as large as the data set is the
    published exchange of its samples.

    What is kept belongs to the checkpoints, so that a run resumes exactly. Logged are feedback_score, the
    mean score of the samples, and feedback_share, the part of the memory that is filled.

    Source: https://arxiv.org/abs/1804.01694; its code replaces the oldest data by samples above 0.8.

    Args:
        scorer: a .keras file, whose model takes tokens (n, length) or one-hot rows and returns a number,
            or "module:function", a function of a list of texts.
        threshold: the score from which a sample is kept, default 0.8.
        every: training steps between two rounds, default 100.
        samples: sequences of a round, default 1000.
        memory: the most sequences that are kept, default 5000.
    """

    modalities = ("tokens",)
    hooks = ("reals",)

    def __init__(
        self,
        scorer: str,
        threshold: float = 0.8,
        every: int = 100,
        samples: int = 1000,
        memory: int = 5000,
    ):
        scorers.check(scorer)
        for name, value in (("every", every), ("samples", samples), ("memory", memory)):
            if value < 1:
                raise UserError(f"feedback({name}={value}): give a number from 1.")
        self.scorer, self.threshold = scorer, threshold
        self.every, self.samples, self.memory = every, samples, memory

    @property
    def rounds(self):
        return self.every

    def attach(self, gan):
        generator = gan.networks["generator"]
        if len(generator.inputs) > 1:
            raise UserError(
                "--trick=feedback makes samples without classes: leave out --conditional."
            )
        gan.keep("feedback", (self.memory, generator.outputs[0].shape[1]))
        gan.keep("feedback_count", ())

    def reals(self, gan, samples):
        kept, count = (tf.convert_to_tensor(gan.kept[each]) for each in _KEPT)
        filled = tf.minimum(count, float(self.memory))
        rows = (tf.shape(samples)[0],)
        drawn, chosen = (keras.random.uniform(rows, seed=gan.random) for _ in range(2))
        places = tf.cast(drawn * tf.maximum(filled, 1.0), tf.int32)
        tokens = tf.cast(tf.gather(kept, tf.minimum(places, self.memory - 1)), tf.int32)
        replaced = tf.reshape(
            chosen < filled / self.memory, (-1,) + (1,) * (samples.shape.rank - 1)
        )
        if samples.dtype.is_floating:
            tokens = tf.one_hot(tokens, samples.shape[-1])
        return tf.where(replaced, tf.cast(tokens, samples.dtype), samples)

    def prepare(self, gan, examples, modality, seed):
        del examples, seed
        generator = gan.networks["generator"]
        self._score = scorers.load(self.scorer, modality, generator.outputs[0].shape[1])
        self._generate = FixedBatchModel(generator)

    def round(self, gan, step, modality):
        (shape,) = self._generate.shapes
        made = modality.to_stored(self._generate(latents.draw(step, range(self.samples), *shape)))
        scores = self._score(made)
        self._keep(gan, made[scores > self.threshold])
        share = min(1.0, float(gan.kept["feedback_count"].numpy()) / self.memory)
        return {"feedback_score": float(scores.mean()), "feedback_share": share}

    def _keep(self, gan, rows):
        """Keeps sequences, int (n, length), in place of the oldest."""
        memory, counted = (gan.kept[each] for each in _KEPT)
        kept, total = memory.numpy(), int(counted.numpy())
        for row in rows:
            kept[total % self.memory] = row
            total = total + 1 if total < 2 * self.memory - 1 else self.memory
        memory.assign(kept)
        counted.assign(total)


# The sequences, and how many there are; once full, as many plus the place of the next one.
_KEPT = ("feedback", "feedback_count")
