"""Objectives with the networks of a run."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf import latents
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.runs.trained_run import TrainedRun


@pytest.mark.parametrize("name", ["plain_run", "conditional_run"])
def test_pixels_are_compared_with_what_the_run_generates(request, name):
    trained = TrainedRun(request.getfixturevalue(name))
    labels = np.array([0, 1, 1], np.int32)
    drawn = latents.draw(5, range(3), trained.latent_dim)
    made = np.asarray(trained.generator(trained.inputs(drawn, labels)))
    total = run_objective(trained, ["pixels"])
    found = total(tf.constant(drawn), tf.constant(labels), total.target(made + 0.1, labels=labels))
    np.testing.assert_allclose(found, [0.01] * 3, rtol=1e-3)


def test_the_discriminator_is_opened_only_where_an_objective_needs_it(plain_run):
    assert run_objective(TrainedRun(plain_run), ["pixels"]).critic is None
    assert run_objective(TrainedRun(plain_run), ["pixels", "features(0.1)"]).critic is not None
