"""Perceptual path length: of distances by hand, and in place of no other metric."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.path_length import path_length
from gan_tf.options.compatibility import check_features
from gan_tf.options.config import Config
from gan_tf.registry import METRICS


def test_one_in_a_hundred_at_each_end_does_not_count():
    distances = np.random.default_rng(0).permutation(np.r_[np.arange(1.0, 401), 1e9, -1e9])
    value, error = path_length(distances)
    # 402 values, in order -1e9, 1, 2, ..., 400, 1e9: places 4.01 and 396.99 become 4 and 397.
    kept = np.arange(4.0, 398)
    assert value == kept.mean() and error == pytest.approx(kept.std() / np.sqrt(394))


def test_few_distances_all_count():
    made = Sample(None, np.zeros((3, 1), np.float32), path_distances=np.array([1.0, 2.0, 6.0]))
    score = METRICS.build("ppl")(made, made)
    assert score.value == 3
    assert score.standard_error == pytest.approx(np.std([1, 2, 6]) / np.sqrt(3))


def test_generators_without_styles_are_refused():
    with pytest.raises(UserError, match="give a run of --arch=stylegan2"):
        check_features(Config(dataset="mnist", arch="dcgan"), ("ppl",))
    check_features(Config(dataset="mnist", arch="stylegan2"), ("ppl",))
