"""What is measured on a batch of sequences."""

import numpy as np
import pytest

from gan_tf.data.motifs import draw as motifs
from gan_tf.data.sentences import Grammar
from gan_tf.training.health.sample_measures import SampleMeasures
from gan_tf.training.health.token_measures import TokenMeasures


@pytest.fixture(scope="module")
def sentences():
    return Grammar().draw(5000, np.random.default_rng(0))


def test_real_sequences_measure_0(sentences):
    found = TokenMeasures(sentences)(Grammar().draw(128, np.random.default_rng(7)))
    assert found["repeated"] < 0.02 and found["unseen_ngrams"] < 0.1


def test_copies_are_repeated(sentences):
    measure = TokenMeasures(sentences)
    rows = sentences[:100].copy()
    rows[:40] = rows[0]
    assert measure(rows)["repeated"] == pytest.approx(0.39, abs=0.02)
    assert measure(np.tile(rows[:1], (100, 1)))["repeated"] > 0.95


def test_shuffled_and_random_sequences_are_unseen(sentences):
    measure, random = TokenMeasures(sentences), np.random.default_rng(0)
    noise = random.integers(0, sentences.max() + 1, (100, 16))
    shuffled = random.permuted(sentences[:100], axis=1)
    assert measure(noise)["unseen_ngrams"] > 0.8
    assert 0.3 < measure(shuffled)["unseen_ngrams"] < measure(noise)["unseen_ngrams"]


def test_of_few_letters_longer_stretches_count():
    measure = TokenMeasures(motifs(3000, 0)["tokens"])
    assert measure(motifs(100, 9)["tokens"])["unseen_ngrams"] < 0.02
    noise = np.random.default_rng(0).integers(0, 4, (100, 40))
    assert measure(noise)["unseen_ngrams"] > 0.7


def test_only_sequences_are_measured_so(sentences):
    def measured(modality):
        def extract(samples):
            return np.float32(samples), None

        return SampleMeasures(extract, sentences, 50, modality=modality)(sentences[:50]).keys()

    assert {"repeated", "unseen_ngrams"} <= measured("tokens")
    assert not {"repeated", "unseen_ngrams"} & measured("signal")
