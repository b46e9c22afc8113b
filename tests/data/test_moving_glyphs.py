"""Moving glyphs: a digit stays the same while it moves."""

import numpy as np
import pytest

from gan_tf.data.moving_glyphs import MovingGlyphs


@pytest.fixture(scope="module")
def batch():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MovingGlyphs, "num_examples", 60)
        (found,) = MovingGlyphs().batches()
        (again,) = MovingGlyphs().batches()
    np.testing.assert_array_equal(found["video"], again["video"])
    return found


def test_videos_are_gray_and_of_all_digits(batch):
    assert (batch["video"].shape, batch["video"].dtype) == ((60, 16, 32, 32, 1), np.uint8)
    assert set(batch["label"]) == set(range(10)) and MovingGlyphs().label_names[7] == "7"
    assert batch["video"].max(axis=(1, 2, 3, 4)).min() > 150


def test_a_digit_is_the_same_in_all_frames(batch):
    from gan_tf.features.glyph_classifier import GlyphClassifier

    videos = batch["video"]
    frames = videos.reshape(-1, 32, 32, 1)
    large = []
    for frame in frames:  # the digit, centered and as large as the classifier knows it
        rows, columns = (np.flatnonzero(frame[..., 0].any(axis=1 - axis)) for axis in (0, 1))
        center = [(each[0] + each[-1]) // 2 + 16 for each in (rows, columns)]
        padded = np.pad(frame, ((16, 16), (16, 16), (0, 0)))
        large.append(padded[center[0] - 9 : center[0] + 11, center[1] - 9 : center[1] + 11])
    found = GlyphClassifier()(np.stack(large))[1].argmax(axis=1).reshape(60, 16)
    assert (found == batch["label"][:, None]).mean() > 0.9


def test_held_out_digits_are_others(batch, monkeypatch):
    monkeypatch.setattr(MovingGlyphs, "num_held_out", 60)
    (other,) = MovingGlyphs().held_out()
    assert (other["video"] != batch["video"]).any(axis=(1, 2, 3, 4)).all()


def test_large_videos_are_made_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(MovingGlyphs, "num_examples", 9)
    sizes = [len(each["video"]) for each in MovingGlyphs(image_size=256, frames=64).batches()]
    assert sizes == [4, 4, 1]  # 4 million values each
