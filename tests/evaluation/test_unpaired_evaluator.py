"""Scores between two domains: floor, ceiling, labels, and what cannot be computed."""

import dataclasses

import numpy as np
import pytest

from gan_tf.data.examples import Examples
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.evaluation.unpaired_evaluator import UnpairedEvaluator
from gan_tf.metrics.fid import fid

NAMES = ("dark", "light")


def domain(count, seed, contrast):
    """Images of two classes: their left half is dark or light; in one domain more so."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    images = rng.integers(100, 156, (count, 8, 8, 1))
    images[:, :, :4] += (2 * labels - 1)[:, None, None, None] * contrast
    return Examples({"image": np.uint8(images), "label": labels}, NAMES)


def both(count, seed):
    return dataclasses.replace(domain(count, seed, 90), source_domain=domain(count + 5, seed, 20))


class Classifier:
    """Features are the pixels; light are those whose left half is above a limit."""

    name, digest, classifies = "limit", "limit", True

    def __call__(self, images):
        means = images[:, :, :4].mean((1, 2, 3))
        classes = (means > 160).astype(int)
        return images.reshape(len(images), -1).astype(np.float32), np.eye(2, dtype=np.float32)[
            classes
        ]


@pytest.fixture
def made(monkeypatch, tmp_path):
    """A function that makes evaluators with that classifier."""
    monkeypatch.setattr(
        "gan_tf.evaluation.evaluator.FEATURES.build", lambda spec, options: Classifier()
    )
    held_out = both(30, 1)

    def make(metrics=("fid", "class_kept", "cycle_l1"), **options):
        return UnpairedEvaluator(
            both(50, 0), lambda _: held_out, "key", "limit", metrics, cache_dir=tmp_path, **options
        )

    return make


def test_real_images_are_the_floor_and_untranslated_ones_the_ceiling(made):
    for _ in range(2):  # computed, and from the cache
        evaluator = made(labeled=True)
        pairs = evaluator.pairs
        outputs, labels = pairs.samples, pairs.source_domain.classes[:30]
        cycles = np.full((30, 2), 0.25, np.float32)
        found = dict(evaluator.score(evaluator.sample([(outputs, labels, cycles)])))
        kept = found["class_kept"]
        assert kept.value == pytest.approx(np.mean(labels == pairs.classes))
        assert kept.floor == 1  # the classifier knows all of the domain
        assert kept.ceiling == pytest.approx(np.mean(labels == 0))  # and takes all others for dark
        assert found["fid"].value == pytest.approx(0, abs=1e-6) and found["fid"].floor > 0
        rows = [each[:30].reshape(30, -1) for each in (pairs.samples, pairs.sources)]
        assert found["fid"].ceiling == pytest.approx(fid(*np.float64(rows)), rel=1e-4)
        assert found["fid"].ceiling > 2 * found["fid"].floor
        cycle = found["cycle_l1"]
        assert (cycle.value, cycle.floor, cycle.ceiling) == (0.25, None, None)
        assert {each.n for each in found.values()} == {30}


def test_labels_of_other_classes_are_not_compared(made):
    with pytest.raises(UserError, match="'class_kept' needs the same classes in both domains"):
        made()
    evaluator = made(())
    assert "class_kept" not in evaluator.metrics and "psnr" not in evaluator.metrics
    assert {"cycle_l1", "robust_cycle_l1", "fid"} <= set(evaluator.metrics)
    evaluator = made(("fid",))
    fakes = evaluator.sample([(evaluator.pairs.sources[:30], np.ones(30, int))])
    (found,) = dict(evaluator.score(fakes)).values()
    assert found.value == pytest.approx(found.ceiling, rel=1e-5)


def test_other_data_have_no_cycles():
    with pytest.raises(UserError, match="'cycle_l1' compares sources with what two translations"):
        Evaluator(both(20, 0), "key", "pixels", ("cycle_l1",))
    assert "cycle_l1" not in Evaluator(both(20, 0), "key", "pixels").metrics
