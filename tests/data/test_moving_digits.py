"""Moving digits: straight lines, constant speed, reflection at the borders."""

import numpy as np
import pytest

from gan_tf.data.moving_digits import moving, reflected
from gan_tf.data.moving_glyphs import MovingGlyphs
from gan_tf.errors import UserError


def centroids(videos):
    """(n, frames, 2)."""
    values = videos[..., 0].astype(float)
    total = values.sum(axis=(2, 3))
    places = [np.arange(size) for size in values.shape[2:]]
    rows, columns = values.sum(axis=3) @ places[0], values.sum(axis=2) @ places[1]
    return np.stack([rows, columns], axis=-1) / total[..., None]


@pytest.fixture(scope="module")
def square():
    """200 videos of a square of 4 pixels with a margin of 3, of 12 frames of 32 pixels."""
    digits = np.zeros((200, 10, 10, 1), np.uint8)
    digits[:, 3:7, 3:7] = 200
    return moving(digits, 12, 32, (1.0, 3.0), np.random.default_rng(0))


def test_mirrors_at_both_ends():
    places = [-3.0, 0.0, 4.0, 5.0, 7.0, 10.0, 12.0, 21.0]
    assert reflected(np.array(places), 5.0).tolist() == [3, 0, 4, 5, 3, 0, 2, 1]


def test_between_borders_things_move_straight_at_a_constant_speed(square):
    steps = np.diff(centroids(square), axis=1)
    turned = (np.abs(np.diff(steps, axis=1)) > 0.02).any(axis=2)
    free = ~(turned[:, 1:] | turned[:, :-1])  # neither of the three steps has a bounce
    assert free.mean() > 0.5
    speeds = np.linalg.norm(steps, axis=2)
    assert speeds[:, 1:-1][free].min() > 0.98 and speeds.max() < 3.02
    # A bounce changes the sign of the velocity, and nothing else.
    whole = np.abs(steps[:, [0, -1]])
    both = ~turned[:, [0, -1]].any(axis=1)
    np.testing.assert_allclose(whole[both, 0], whole[both, 1], atol=0.03)


def test_all_of_a_digit_is_always_seen_and_touches_the_borders(square):
    ink = square.astype(int).sum(axis=(2, 3, 4))
    np.testing.assert_allclose(ink, 16 * 200, atol=16)  # rounding
    places = centroids(square)
    assert places.min() == pytest.approx(1.5, abs=0.2)  # half of the square
    assert places.max() == pytest.approx(31 - 1.5, abs=0.2)


def test_directions_and_speeds_are_uniform(square):
    steps = np.diff(centroids(square), axis=1)
    speeds = np.median(np.linalg.norm(steps, axis=2), axis=1)  # most steps have no bounce
    np.testing.assert_allclose(np.quantile(speeds, [0.1, 0.5, 0.9]), [1.2, 2.0, 2.8], atol=0.2)
    assert np.abs((steps[:, 0] > 0).mean(axis=0) - 0.5).max() < 0.12


def test_options_are_those_of_the_samples():
    source = MovingGlyphs(image_size=64, frames=6, frame_step=2)
    assert source.sample_shape == (6, 64, 64, 1)
    assert source.speeds == (4.0, 12.0) and source.traits == {"fps": 5.0}
    assert (
        len({MovingGlyphs(**each).cache_key for each in ({}, {"frame_step": 2}, {"digits": 2})})
        == 3
    )
    with pytest.raises(UserError, match="--image_size=15 is too small for moving digits"):
        MovingGlyphs(image_size=15)


def test_two_digits_have_no_label(monkeypatch):
    monkeypatch.setattr(MovingGlyphs, "num_examples", 30)
    source = MovingGlyphs(frames=3, digits=2)
    (batch,) = source.batches()
    assert source.label_names == () and batch.keys() == {"video"}
    (one,) = MovingGlyphs(frames=3).batches()
    assert batch["video"].shape == (30, 3, 32, 32, 1)
    assert (batch["video"] > 0).mean() > 1.5 * (one["video"] > 0).mean()
