"""Motion, flicker and variety, compared with real videos."""

import numpy as np
import pytest

from gan_tf.data.moving_glyphs import MovingGlyphs
from gan_tf.training.health.video_measures import VideoMeasures
from gan_tf.training.health.video_symptoms import JUMPS, LITTLE


@pytest.fixture(scope="module")
def videos():
    return next(MovingGlyphs(frames=8).batches())["video"][:200]


@pytest.fixture(scope="module")
def measure(videos):
    return VideoMeasures(videos[:100])


def test_real_videos_are_like_real_ones(videos, measure):
    found = measure(videos[100:])
    assert found["motion"] == pytest.approx(1, abs=0.15)
    assert found["variety"] == pytest.approx(1, abs=0.15)
    assert found["flicker"] < 0.01


def test_each_failure_has_its_measure(videos, measure):
    others = videos[100:]
    still = measure(np.repeat(others[:, :1], 8, axis=1))
    assert still["motion"] == still["flicker"] == 0 and still["variety"] > 0.8
    dimmed = others.copy()
    dimmed[:, ::2] //= 2
    assert measure(dimmed)["flicker"] > 0.4
    same = measure(np.repeat(others[:1], 20, axis=0))
    assert same["variety"] == 0 and same["motion"] > 0.5


def test_limits_lie_between_real_and_spoiled_videos(videos, measure):
    others = videos[100:]
    real = measure(others)
    assert min(real["motion"], real["variety"]) > 2 * LITTLE and real["flicker"] < JUMPS / 2
    once = np.repeat(others[:, :2], 4, axis=1)
    assert measure(once)["motion"] < LITTLE
    noise = np.random.default_rng(0).normal(0, 4, others.shape)
    same = np.uint8(np.clip(np.rint(others[:1] + noise), 0, 255))
    assert measure(same)["variety"] < 0.75 * LITTLE
    darker = others.copy()
    darker[:, ::2] = 0.75 * others[:, ::2]
    assert measure(darker)["flicker"] > JUMPS / 0.75


def test_videos_of_one_frame_or_black_ones_are_measured():
    frame = np.zeros((3, 1, 8, 8, 1), np.uint8)
    assert VideoMeasures(frame)(frame) == {"motion": 0, "variety": 0, "flicker": 0}


def test_of_large_videos_few_are_read():
    class Many:
        """A million videos."""

        shape = (1_000_000, *(16, 256, 256, 3))

        def __getitem__(self, rows):
            self.read = rows.stop
            return np.ones((2, *self.shape[1:]), np.uint8)

    many = Many()
    VideoMeasures(many)
    assert 2 <= many.read <= (1 << 25) / np.prod(many.shape[1:])
