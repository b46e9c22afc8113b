"""Sentences: what the grammar makes it accepts, and its probabilities are exact."""

import numpy as np
import pytest

from gan_tf.data.sentences import LENGTH, Grammar, Sentences
from gan_tf.modalities import of

GRAMMAR = Grammar()


def rows(*texts):
    index = {word: place for place, word in enumerate(GRAMMAR.vocabulary)}
    found = np.zeros((len(texts), LENGTH), np.int32)
    for row, text in zip(found, texts):
        words = text.split()
        row[: len(words)] = [index[word] for word in words]
    return found


@pytest.fixture(scope="module")
def examples():
    return next(Sentences().batches())


def test_all_are_sentences_and_reproducible(examples):
    tokens = examples["tokens"]
    assert (tokens.shape, tokens.dtype) == ((10_000, LENGTH), np.int32)
    assert GRAMMAR.accepts(tokens).all()
    np.testing.assert_array_equal(tokens, next(Sentences().batches())["tokens"])
    assert (next(Sentences().held_out())["tokens"] != tokens[:2000]).any(axis=1).mean() > 0.9


def test_the_class_is_the_number_of_the_subject(examples):
    texts = of(Sentences()).texts(examples["tokens"])
    plural = [text.split()[0] in ("these", "many", "two") for text in texts]
    np.testing.assert_array_equal(examples["label"], plural)
    assert 0.45 < np.mean(plural) < 0.55


@pytest.mark.parametrize(
    "text, right",
    [
        ("this dog sleeps .", True),
        ("these dogs sleep .", True),
        ("this dog sleep .", False),
        ("this dogs sleep .", False),
        ("this dog near many cats sleeps .", True),
        ("this dog near many cats sleep .", False),  # the verb agrees across the phrase
        ("this dog sees two big cats today .", True),
        ("this dog sees .", False),
        ("this dog sleeps", False),
        ("this dog sleeps . .", False),
        ("this big old red dog sleeps .", False),
        ("", False),
    ],
)
def test_grammar(text, right):
    assert GRAMMAR.accepts(rows(text)).tolist() == [right]


def test_probabilities_are_exact():
    # 1/2 singular, 1/3 a determiner, 0.6 no adjective, 1/10 a noun, 0.7 no phrase, 0.4 intransitive,
    # 1/4 a verb, 0.7 no adverb.
    expected = 0.5 / 3 * 0.6 / 10 * 0.7 * 0.4 / 4 * 0.7
    assert np.exp(GRAMMAR.log_probability(rows("this dog sleeps ."))[0]) == pytest.approx(expected)
    assert GRAMMAR.log_probability(rows("dog this"))[0] == -np.inf


def test_probabilities_are_those_of_what_is_drawn(examples):
    """The entropy in two ways: of all sequences, and of the first two words, by counting."""
    tokens = GRAMMAR.draw(40_000, np.random.default_rng(5))
    third = tokens[(tokens[:, :2] == rows("this dog")[0, :2]).all(axis=1)]
    assert len(third) / len(tokens) == pytest.approx(0.5 / 3 * 0.6 / 10, rel=0.15)
    share = np.mean(tokens == rows("this dog sleeps .")[0], axis=1) == 1
    exact = np.exp(GRAMMAR.log_probability(rows("this dog sleeps .")))[0]
    assert share.mean() == pytest.approx(exact, rel=0.4)
    nll = -GRAMMAR.log_probability(examples["tokens"]).mean()
    assert nll == pytest.approx(-GRAMMAR.log_probability(tokens).mean(), rel=0.01)
