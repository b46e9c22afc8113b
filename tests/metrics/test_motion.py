"""Identity, straightness, speed and bounces of digits that move."""

import numpy as np
import pytest

from gan_tf.data.moving_glyphs import MovingGlyphs
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.motion import (
    Bounces,
    ContentDistance,
    SameDigit,
    SpeedDistance,
    Straightness,
    bounces,
    speeds,
    straightness,
)

METRICS = (SameDigit, ContentDistance, Straightness, SpeedDistance, Bounces)


def sample(videos):
    return Sample(np.asarray(videos), np.zeros((len(videos), 1), np.float32))


@pytest.fixture(scope="module")
def real():
    return next(MovingGlyphs().batches())["video"][:200]


@pytest.fixture(scope="module")
def scores(real):
    """{metric: {kind of videos: its value, beside real ones}}."""
    random = np.random.default_rng(0)
    frames = random.permutation(real.reshape(-1, *real.shape[2:]))
    kinds = {
        "real": real,
        "still": np.repeat(real[:, :1], 16, axis=1),
        "shuffled": frames.reshape(real.shape),
        "slow": np.repeat(real[:, :8], 2, axis=1),
        "black": 0 * real,
        "noise": random.integers(0, 256, real.shape, np.uint8),
    }
    built = [cls(source=MovingGlyphs()) for cls in METRICS]
    of_real = sample(real)
    return {
        type(metric): {kind: metric(of_real, sample(each)).value for kind, each in kinds.items()}
        for metric in built
    }


@pytest.mark.slow
def test_one_digit_in_all_frames(scores):
    found = scores[SameDigit]
    assert found["real"] > 0.93 and found["still"] == 1
    assert found["shuffled"] == found["black"] == 0 and found["noise"] < 0.05


@pytest.mark.slow
def test_content_changes_more_where_frames_do_not_belong_together(scores):
    found = scores[ContentDistance]
    assert found["still"] == found["black"] == 0 < found["real"]
    assert 4 * found["real"] < found["noise"] < found["shuffled"]


@pytest.mark.slow
def test_real_digits_move_straight(scores):
    found = scores[Straightness]
    assert found["real"] > 0.97
    assert max(found[each] for each in ("still", "shuffled", "black", "noise")) < 0.02


@pytest.mark.slow
def test_speeds_are_those_of_the_data(scores):
    found = scores[SpeedDistance]
    assert found["real"] == 0
    # Of all, the mean is missing: speeds are uniform between 1 and 3.
    assert found["still"] == found["black"] == pytest.approx(2, abs=0.1)
    assert found["shuffled"] > 3


@pytest.mark.slow
def test_bounces_are_counted_at_borders(scores):
    found = scores[Bounces]
    assert 1.6 < found["real"] < 2.6 and found["still"] == found["black"] == 0


def disc(places, side=32):
    """A video of a disc of radius 3 at places (frames, 2)."""
    rows, columns = np.mgrid[:side, :side]
    far = [np.hypot(rows - row, columns - column) for row, column in places]
    return np.uint8(255 * np.clip(3.5 - np.array(far), 0, 1))[..., None]


def test_a_disc_bounces_exactly_as_often_as_it_turns_at_a_border():
    down = np.abs((np.arange(16) * 2.5 + 14) % 46 - 23) + 4  # at both borders, from 4 to 27
    away = np.stack([down, np.full(16, 15.0)], axis=1)
    inside = np.stack([np.full(16, 15.0), 15 + 4 * np.sin(np.arange(16))], axis=1)
    diagonal = np.stack([down, down], axis=1)
    turns = np.count_nonzero(np.diff(np.sign(np.diff(down))))
    assert turns == 2
    found = bounces(np.stack([disc(each) for each in (away, inside, diagonal)]))
    assert found.tolist() == [2, 0, 4]


def test_speed_and_straightness_by_hand():
    time = np.arange(10)
    line = np.stack([3 + 1.2 * time, 20 - 0.9 * time], axis=1)
    bent = np.stack([0.3 * time**2, 0 * time], axis=1)  # velocities 0.3, 0.9, ..., 5.1
    paths = np.stack([line, bent, 0 * line])
    np.testing.assert_allclose(speeds(paths), [1.5, 2.7, 0])
    np.testing.assert_allclose(straightness(paths), [1, 1 - 0.6 / 2.7, 0])
    assert speeds(paths[:, :1]).tolist() == straightness(paths[:, :2]).tolist() == [0, 0, 0]


def test_sets_of_different_sizes_have_a_distance_of_speeds():
    metric = SpeedDistance(source=MovingGlyphs())

    def moving(*speeds):
        return sample([disc(np.stack([5 + v * np.arange(5), np.full(5, 15.0)], 1)) for v in speeds])

    assert metric(moving(1, 2), moving(2, 3, 2, 3)).value == pytest.approx(1, abs=0.01)
