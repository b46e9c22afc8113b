"""Cases at the edges, one by one."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics import swd
from gan_tf.metrics.class_kl import class_kl
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.neighbours import nearest
from gan_tf.registry import METRICS


def of_classes(*counts):
    probabilities = np.repeat(np.eye(len(counts), dtype=np.float32), counts, axis=0)
    return Sample(None, np.zeros((len(probabilities), 1), np.float32), probabilities)


@pytest.mark.parametrize("at_least", [0, 0.1])
def test_modes_that_no_real_image_has_are_not_counted(at_least):
    metric = METRICS.build(f"mode_count(at_least={at_least})")
    assert metric(of_classes(50, 50, 0), of_classes(40, 40, 20)).value == 2


def test_a_class_that_neither_has_does_not_count():
    assert class_kl(np.array([5, 5, 0]), np.array([5, 5, 0])) == 0


def test_patches_do_not_depend_on_chunks(monkeypatch):
    monkeypatch.setattr(swd, "_PROJECTIONS", 16)
    first, second = np.random.default_rng(0).integers(0, 256, (2, 40, 28, 28, 1), np.uint8)
    whole = swd.sliced_wasserstein(first, second)
    monkeypatch.setattr(swd, "_CHUNK", 7)
    assert swd.sliced_wasserstein(first, second) == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize(
    "spec, minimum",
    [("precision(5, k=5)", 6), ("coverage(num_images=3)", 6), ("classifier_score(9)", 10)],
)
def test_too_few_images_are_refused_when_the_metric_is_built(spec, minimum):
    with pytest.raises(UserError, match=f"needs {minimum} or more"):
        METRICS.build(spec)


def test_nearest_of_uint8_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (30, 20), np.uint8)
    squares = np.sum((np.float64(pixels[:5, None]) - pixels[None, 5:]) ** 2, axis=2)
    np.testing.assert_array_equal(nearest(pixels[:5], pixels[5:])[0], squares.argmin(axis=1))
