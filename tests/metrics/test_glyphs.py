"""Metrics of translated characters, by hand."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.glyphs import Recognized, StyleAccuracy
from gan_tf.metrics.metric import Sample


def recognized(targets, outputs, labels=None, **options):
    """The score of images of one pixel, of these values."""
    found = []
    for values in (targets, outputs):
        images = np.uint8(values).reshape(-1, 1, 1, 1)
        found.append(Sample(images, np.zeros((len(images), 1)), labels=labels))
    return Recognized(**options)(*found).value


def test_an_output_is_recognized_if_no_other_target_is_nearer():
    # The third is nearer to the second target; the fourth is as near to the third as to its own.
    assert recognized([0, 50, 100, 200], [10, 60, 60, 150]) == 3 / 4


def test_targets_of_other_labels_do_not_count():
    labels = np.array([0, 1, 0, 1])
    assert recognized([0, 50, 100, 150], [40, 60, 140, 110], labels) == 1
    assert recognized([0, 50, 100, 150], [40, 60, 140, 110]) == 1 / 4


def test_only_so_many_targets_are_compared():
    # The first output is nearest to the last target, which is not among the two that follow it.
    assert recognized([0, 200, 210, 30], [25, 200, 210, 30]) == 3 / 4
    assert recognized([0, 200, 210, 30], [25, 200, 210, 30], among=3) == 1
    with pytest.raises(UserError, match="2 or more"):
        Recognized(among=1)


def test_chunks_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    targets, outputs = rng.integers(0, 256, (2, 50))
    whole = recognized(targets, outputs, among=3)
    assert 0.1 < whole < 0.9
    monkeypatch.setattr("gan_tf.metrics.glyphs._CHUNK", 7)
    assert recognized(targets, outputs, among=3) == whole


def of_styles(count, seed, shift=0.0):
    """Two styles that differ by their first feature, and noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    features = rng.normal(size=(count, 5)).astype(np.float32)
    features[:, 0] += 10 * labels + shift
    return Sample(None, features, labels=labels)


def test_styles_are_told_apart_by_what_tells_the_targets_apart():
    real = of_styles(100, 0)
    assert StyleAccuracy()(real, of_styles(60, 1)).value == 1
    assert StyleAccuracy()(real, of_styles(60, 1, shift=10.0)).value == 1 / 2  # all look like 1


def test_names_of_labels_need_not_be_consecutive():
    real, fake = of_styles(100, 0), of_styles(60, 1)
    real, fake = (Sample(None, each.features, labels=7 * each.labels) for each in (real, fake))
    assert StyleAccuracy()(real, fake).value == 1
