"""Motifs: each sequence has one site, where it belongs, and others are told apart."""

import numpy as np
import pytest

from gan_tf.data.motifs import LENGTH, LETTERS, Motifs, find


@pytest.fixture(scope="module")
def examples():
    return next(Motifs().batches())


def rows(*texts):
    filled = (text.ljust(LENGTH, "C") for text in texts)
    return np.array([[LETTERS.index(letter) for letter in text] for text in filled])


def test_each_sequence_has_the_site_of_its_class(examples):
    tokens = examples["tokens"]
    assert (tokens.shape, tokens.dtype) == ((10_000, LENGTH), np.int32)
    assert Motifs.accepts(tokens).all()
    sites = find(tokens)
    assert [found[0][1] for found in sites] == examples["label"].tolist()
    for label, center in ((0, 9), (1, 27)):
        starts = [found[0][0] for found in sites if found[0][1] == label]
        assert np.mean(starts) == pytest.approx(center, abs=0.2)
        assert np.std(starts) == pytest.approx(3, abs=0.2)


def test_it_is_reproducible_and_the_background_is_even(examples):
    np.testing.assert_array_equal(next(Motifs().batches())["tokens"], examples["tokens"])
    counts = np.bincount(examples["tokens"].ravel(), minlength=4)
    assert counts[1] / counts[1:3].sum() == pytest.approx(0.5, abs=0.005)
    assert (next(Motifs().held_out())["tokens"][:100] != examples["tokens"][:100]).any(axis=1).all()


@pytest.mark.parametrize(
    "text, found",
    [
        ("CCTATAAAACC", [(2, 0)]),
        ("GGAATAAAGGTATAAAAG", [(2, 1), (10, 0)]),
        ("CCTATACC", [(2, None)]),  # broken
        ("AATAAATATAAAACC", [(0, None)]),  # fused
        ("CCC", []),
        ("C" * 34 + "ATTAAA", [(34, 1)]),  # at the end
    ],
)
def test_sites_are_found(text, found):
    given = rows(text)
    assert find(given) == Motifs.sites(given) == [found]
    assert Motifs.accepts(given).tolist() == [len(found) == 1 and found[0][1] is not None]
