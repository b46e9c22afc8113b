"""Likelihoods of sequences under a run's generator."""

import numpy as np
import pytest

from gan_tf.networks import policy as policies
from gan_tf.runs import likelihood
from gan_tf.runs.trained_run import TrainedRun


def test_what_follows_the_end_of_a_sequence_does_not_count(policy_run, monkeypatch):
    trained = TrainedRun(policy_run)
    rows = np.zeros((3, 16), np.int32)
    rows[0, :2], rows[1] = [5, 9], np.arange(1, 17)
    tokens = np.asarray(policies.of(trained.generator).log_likelihoods(rows), np.float64)
    expected = [-tokens[0, :3].sum() / 3, -tokens[1].sum() / 16, -tokens[2, 0]]
    np.testing.assert_allclose(trained.nll(rows), expected, rtol=1e-6)
    monkeypatch.setattr(likelihood, "_CHUNK", 2)
    np.testing.assert_allclose(trained.nll(rows), expected, rtol=1e-5)


def test_an_untrained_generator_is_about_uniform(policy_run):
    trained = TrainedRun(policy_run)
    rows = np.random.default_rng(0).integers(1, 64, (50, 16), np.int32)
    assert np.mean(trained.nll(rows)) == pytest.approx(np.log(64), rel=0.02)
