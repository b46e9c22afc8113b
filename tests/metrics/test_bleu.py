"""BLEU and self-BLEU, with the values of nltk 3.9."""

import numpy as np
import pytest

from gan_tf.metrics.bleu import bleu, self_bleu
from gan_tf.metrics.metric import Sample
from gan_tf.modalities.tokens import Tokens
from gan_tf.registry import METRICS

REAL = (
    "the cat sat on the mat",
    "a dog ate the cat",
    "the dog and the cat and the dog ran",
    "two birds sing",
    "a cat",
)
FAKE = (
    "the cat ate the dog",
    "the the the the",
    "two birds",
    "fish",
    "a cat sat on a dog and ran off",
)
# sentence_bleu([r.split() for r in REAL], f.split(), [1 / n] * n, SmoothingFunction().method1)
BLEU = {
    2: (0.866025, 0.158114, 1.0, 0, 0.697217),
    3: (0.292402, 0.107722, 0.464159, 0, 0.411035),
    4: (0.18803, 0.105737, 0.316228, 0, 0.184447),
    5: (0.165723, 0.104564, 0.251189, 0, 0.118278),
}
# The same of each of REAL against the others.
SELF_BLEU = {
    2: (0.316228, 0.366148, 0.235702, 0, 0.191802),
    3: (0.135721, 0.154091, 0.092586, 0, 0.130673),
    4: (0.095544, 0.110627, 0.060307, 0, 0.107858),
    5: (0.083938, 0.104164, 0.048362, 0, 0.096129),
}


WORDS = sorted(set(" ".join(REAL + FAKE).split()))


def split(texts):
    """The tokens of texts: ints."""
    return [[WORDS.index(word) for word in text.split()] for text in texts]


@pytest.mark.parametrize("order", BLEU)
def test_bleu_is_that_of_nltk(order):
    np.testing.assert_allclose(bleu(split(REAL), split(FAKE), order), BLEU[order], atol=1e-6)


@pytest.mark.parametrize("order", SELF_BLEU)
def test_self_bleu_is_that_of_nltk_without_the_hypothesis(order):
    np.testing.assert_allclose(self_bleu(split(REAL), order), SELF_BLEU[order], atol=1e-6)


def test_repeated_sequences_have_a_self_bleu_of_1():
    np.testing.assert_allclose(self_bleu([[0, 1, 2, 3, 4]] * 3, 5), 1)


def test_empty_sequences_have_a_bleu_of_0():
    assert bleu([[1, 2]], [[], [1, 2]], 2).tolist() == [0, 1]
    assert self_bleu([[], [1, 2], [1, 2]], 2).tolist() == [0, 1, 1]


@pytest.mark.parametrize("order", BLEU)
def test_the_metrics_compare_what_comes_before_the_end(order):
    modality = Tokens(["", *WORDS], " ")

    def sample(texts):
        rows = np.zeros((len(texts), 9), np.int32)
        for row, text in zip(rows, split(texts)):
            row[: len(text)] = [1 + word for word in text]
        return Sample(rows, np.zeros((len(texts), 1)))

    real, fake = sample(REAL), sample(FAKE)
    score = METRICS.build(f"bleu_{order}", {"modality": modality})(real, fake)
    assert score.value == pytest.approx(np.mean(BLEU[order]), abs=1e-6)
    assert score.standard_error == pytest.approx(np.std(BLEU[order]) / 5**0.5, abs=1e-6)
    score = METRICS.build(f"self_bleu_{order}", {"modality": modality})(fake, real)
    assert score.value == pytest.approx(np.mean(SELF_BLEU[order]), abs=1e-6)
