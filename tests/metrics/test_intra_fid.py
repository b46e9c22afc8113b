"""FID within classes."""

import numpy as np
import pytest

from gan_tf.metrics.fid import fid
from gan_tf.registry import METRICS
from tests.metrics.reference import of_classes


def test_is_the_mean_over_the_classes():
    random = np.random.default_rng(0)
    classes = np.arange(200) % 2
    real, fake = random.normal(0, 1, (2, 200, 3))
    score = METRICS.build("intra_fid")(of_classes(classes, real), of_classes(classes, fake)).value
    parts = [fid(real[classes == each], fake[classes == each]) for each in (0, 1)]
    assert score == pytest.approx(np.mean(parts))


def test_sees_swapped_classes_that_fid_does_not():
    random = np.random.default_rng(0)
    classes = np.arange(200) % 2
    features = random.normal(0, 1, (200, 3)) + 10 * classes[:, None]
    right, swapped = (
        of_classes(classes, features, labels=labels) for labels in (classes, 1 - classes)
    )
    metric = METRICS.build("intra_fid")
    assert metric(right, right).value == pytest.approx(0, abs=1e-6)
    assert metric(right, swapped).value > 100


@pytest.mark.parametrize("counts", [[10, 0], [10, 1], [0, 10]])
def test_of_a_collapsed_generator_is_a_number(counts):
    random = np.random.default_rng(0)
    real = of_classes(np.arange(20) % 2, random.normal(0, 1, (20, 3)), number=2)
    total = sum(counts)
    fake = of_classes(np.repeat([0, 1], counts), random.normal(0, 1, (total, 3)), number=2)
    assert 0 < METRICS.build("intra_fid")(real, fake).value < 100
