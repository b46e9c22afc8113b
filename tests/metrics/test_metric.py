"""What every metric keeps to."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Sample
from gan_tf.registry import METRICS


def sample(count=60, seed=0, kind="varied", metric=None):
    random = np.random.default_rng(seed)
    channels = 1 if metric is None or metric.channels is None else metric.channels[0]
    images = random.integers(0, 256, (count, 28, 28, channels), np.uint8)
    features = np.float32(random.normal(0, 1, (count, 8)))
    classes = random.integers(0, 3, count)
    if kind == "collapsed":
        images[:], features[:], classes[:] = images[0], features[0], 0
    if kind == "black":
        images[:], features[:] = 0, 0
    probabilities = np.float32(np.eye(3)[classes])
    return Sample(images, features, probabilities, None)


@pytest.mark.parametrize("name", METRICS.names())
def test_scores_are_finite_and_repeatable(name):
    metric = METRICS.build(name, {"num_images": 60})
    for kind in ("varied", "collapsed", "black"):
        real, fake = sample(metric=metric), sample(seed=1, kind=kind, metric=metric)
        score = metric(real, fake)
        assert np.isfinite(score.value), kind
        assert type(score.value) is float
        assert score.value >= 0 or name == "kid"
        assert metric(real, fake) == score
    assert np.isfinite(metric(fake, fake).value)


@pytest.mark.parametrize("name", METRICS.names())
def test_the_real_images_score_better_than_collapse_and_the_class_says_which_way(name):
    metric = METRICS.build(name, {"num_images": 60})
    good, bad = (
        metric(sample(metric=metric), sample(seed=seed, kind=kind, metric=metric)).value
        for seed, kind in ((0, "varied"), (1, "collapsed"))
    )
    if name not in ("precision", "density"):  # a collapsed image may be a good one
        assert good > bad if metric.higher_is_better else good < bad


@pytest.mark.parametrize("name", METRICS.names())
def test_reads_only_what_it_says(name):
    metric = METRICS.build(name, {"num_images": 60})
    whole = sample(metric=metric)
    parts = {
        field: getattr(whole, field) if field in (*metric.needs, "features") else None
        for field in ("samples", "features", "probabilities")
    }
    if "features" not in metric.needs:
        parts["features"] = np.full((60, 1), np.nan, np.float32)
    some = Sample(**parts, labels=None)
    assert np.isfinite(metric(some, some).value)


@pytest.mark.parametrize("name", METRICS.names())
def test_too_few_images_are_refused_with_how_many_are_needed(name):
    metric = METRICS.build(name)
    with pytest.raises(UserError, match=f"needs {metric.minimum} or more"):
        metric(sample(metric.minimum - 1), sample(metric.minimum - 1))
    with pytest.raises(UserError, match=r"needs \d+ or more"):
        METRICS.build(f"{name}({metric.minimum - 1})")


def test_a_sample_can_be_cut():
    cut = sample()[:7]
    assert len(cut) == 7 and cut.samples.shape == (7, 28, 28, 1) and cut.labels is None
