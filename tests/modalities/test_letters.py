"""Pictures of sequences: lines of text, and logos."""

import numpy as np
import pytest

from gan_tf.modalities.letters import draw_lines, information, logo
from gan_tf.modalities.tokens import Tokens

DNA = Tokens(["A", "C", "G", "T"], notation="fasta")


def test_lines_are_below_each_other_and_long_ones_are_cut():
    one, three = draw_lines(["ab"]), draw_lines(["ab", "", "ab"])
    assert three.shape[1:] == one.shape[1:] and three.shape[0] > 2 * one.shape[0]
    assert draw_lines(["x" * 5000]).shape[1] == draw_lines(["x" * 200]).shape[1]
    assert draw_lines([]).min() == 255


def test_the_logo_shows_what_is_certain():
    assert information(np.full(4, 0.25)) == pytest.approx(0, abs=1e-12)
    assert information(np.array([0.5, 0.5, 0, 0])) == pytest.approx(0.5)
    rows = np.array([[0, 1], [0, 2], [0, 3], [0, 0]])
    frequencies = DNA.frequencies(rows)
    np.testing.assert_array_equal(frequencies, [[1, 0, 0, 0], [0.25] * 4])
    drawn = logo(frequencies, DNA.vocabulary)
    inked = (drawn < 255).any(axis=2)
    assert inked[:, :16].any(axis=1).all()  # an A over the whole height
    assert not inked[:, 16:].any()
