"""Metrics of classes: mode count, class KL, FID within classes."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.class_kl import class_kl
from gan_tf.metrics.fid import fid
from gan_tf.metrics.metric import Sample
from gan_tf.registry import METRICS


def sample(classes, features=None, labels=None, number=4):
    classes = np.asarray(classes)
    features = np.zeros((len(classes), 2), np.float32) if features is None else features
    return Sample(None, features, np.eye(number, dtype=np.float32)[classes], labels)


REAL = sample(np.arange(400) % 4)


@pytest.mark.parametrize(
    "spec, counts, modes",
    [
        ("mode_count", [100, 100, 100, 100], 4),
        ("mode_count", [385, 5, 10, 0], 2),  # 10 of 400 is just a tenth of a quarter
        ("mode_count(at_least=0.0)", [399, 0, 1, 0], 2),
        ("mode_count(at_least=1.0)", [101, 99, 100, 100], 3),
    ],
)
def test_mode_count(spec, counts, modes):
    fake = sample(np.repeat(np.arange(4), counts))
    assert METRICS.build(spec)(REAL, fake).value == modes


def test_class_kl_by_hand():
    assert class_kl(np.array([50, 50]), np.array([7, 7])) == 0
    assert class_kl(np.full(10, 5), np.eye(10)[3]) == pytest.approx(np.log(10))
    expected = 0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5)
    assert class_kl(np.array([2, 2]), np.array([3, 1])) == pytest.approx(expected)
    # a class that no real has counts as half an image: 10 of 10.5 and 0.5 of 10.5
    expected = 0.5 * np.log(0.5 / (10 / 10.5)) + 0.5 * np.log(0.5 / (0.5 / 10.5))
    assert class_kl(np.array([10, 0]), np.array([1, 1])) == pytest.approx(expected)
    assert METRICS.build("class_kl")(REAL, sample([0] * 8)).value == pytest.approx(np.log(4))


def test_intra_fid_is_the_mean_over_the_classes():
    random = np.random.default_rng(0)
    classes = np.arange(200) % 2
    real, fake = random.normal(0, 1, (2, 200, 3))
    score = METRICS.build("intra_fid")(sample(classes, real), sample(classes, fake)).value
    parts = [fid(real[classes == each], fake[classes == each]) for each in (0, 1)]
    assert score == pytest.approx(np.mean(parts))


def test_intra_fid_sees_swapped_classes_that_fid_does_not():
    random = np.random.default_rng(0)
    classes = np.arange(200) % 2
    features = random.normal(0, 1, (200, 3)) + 10 * classes[:, None]
    right, swapped = (sample(classes, features, labels=labels) for labels in (classes, 1 - classes))
    metric = METRICS.build("intra_fid")
    assert metric(right, right).value == pytest.approx(0, abs=1e-6)
    assert metric(right, swapped).value > 100


@pytest.mark.parametrize("counts", [[10, 0], [10, 1], [0, 10]])
def test_intra_fid_of_a_collapsed_generator_is_a_number(counts):
    random = np.random.default_rng(0)
    real = sample(np.arange(20) % 2, random.normal(0, 1, (20, 3)), number=2)
    total = sum(counts)
    fake = sample(np.repeat([0, 1], counts), random.normal(0, 1, (total, 3)), number=2)
    assert 0 < METRICS.build("intra_fid")(real, fake).value < 100


def test_senseless_arguments_are_refused():
    with pytest.raises(UserError, match="from 0 to 1"):
        METRICS.build("mode_count(at_least=2.0)")
