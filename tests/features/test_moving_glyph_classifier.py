"""Digits are read wherever they are."""

import numpy as np
import pytest

from gan_tf.data.moving_glyphs import MovingGlyphs
from gan_tf.features.moving_glyph_classifier import MovingGlyphClassifier


@pytest.fixture(scope="module")
def batch():
    return next(MovingGlyphs(frames=6).batches())


def test_reads_digits_that_move(batch):
    extract, videos = MovingGlyphClassifier(), batch["video"][:200]
    features, probabilities = extract(videos)
    assert features.shape == (200, 192)
    assert np.mean(probabilities.argmax(axis=1) == batch["label"][:200]) > 0.97
    _, of_frames = extract.of_frames(videos)
    of_frames = np.asarray(of_frames)
    assert np.mean(of_frames.argmax(axis=-1) == batch["label"][:200, None]) > 0.96
    np.testing.assert_allclose(of_frames.mean(axis=1), probabilities, atol=1e-4)


def test_what_is_seen_changes_and_moves_has_features_of_its_own(batch):
    extract, videos = MovingGlyphClassifier(), batch["video"][:50]
    moved = extract(videos)[0]
    still = extract(np.repeat(videos[:, :1], 6, axis=1))[0]
    other = extract(np.concatenate([videos[:, :3], videos[::-1, 3:]], axis=1))[0]
    assert not still[:, 64:128].any() and np.ptp(still[:, 128:], axis=0).max() < 1e-5
    change = [np.abs(each[:, 64:128]).mean() for each in (moved, other)]
    assert 0 < 2 * change[0] < change[1]
    assert np.ptp(moved[:, 128:], axis=0).max() > 0.1
