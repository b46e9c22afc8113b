"""Principal directions of a generator."""

import keras
import numpy as np
import pytest

from gan_tf import latents
from gan_tf.explorer import directions
from gan_tf.gans.build import network_spec
from gan_tf.networks import build as networks
from gan_tf.runs.style_space import StyleSpace
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny, untrained


def test_known_directions_are_found():
    """Activations that are rotated latents of falling scales: the axes, in order, are found."""
    drawn = latents.draw(0, range(4000), 5)
    scales = np.array([1, 8, 0.1, 3, 0])
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((9, 9)))[0][:5]
    found = directions.principal(drawn, (drawn * scales) @ rotation + 7, 8)
    np.testing.assert_allclose(found, np.eye(5)[[1, 3, 0, 2]], atol=0.06)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_few_samples_of_many_activations_have_the_same_directions():
    drawn = latents.draw(0, range(60), 5)
    few = drawn @ np.random.default_rng(0).standard_normal((5, 40))
    many = few @ np.linalg.qr(np.random.default_rng(1).standard_normal((90, 40)))[0].T
    np.testing.assert_allclose(
        directions.principal(drawn, few, 4), directions.principal(drawn, many, 4), atol=1e-4
    )


def test_activations_that_do_not_change_have_none():
    assert directions.principal(latents.draw(0, range(50), 5), np.ones((50, 3)), 8).shape == (0, 5)


@pytest.mark.parametrize(
    "changes",
    [
        dict(),
        dict(prior="uniform", generator_norm="virtual_batch", conditional="concat"),
        dict(arch="dcgan(width=2)", image_size=28, conditional="projection"),
    ],
    ids=["plain", "inside", "convolutions"],
)
def test_of_generators_of_all_kinds(photos, tmp_path, changes):
    trained = TrainedRun(untrained(tiny(photos, tmp_path / "run", **changes)))
    found = directions.find(trained, count=3, samples=200)
    assert found.shape == (3, 5) and np.isfinite(found).all()
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(found, directions.find(trained, count=3, samples=200))


def test_the_first_direction_changes_the_layer_more_than_most(photos, tmp_path):
    config = tiny(photos, tmp_path / "run", latent_dim=20)
    trained = TrainedRun(untrained(config))
    # Of one latent, hidden units are to depend more than of all others.
    dense = next(
        layer for layer in trained.generator.layers if isinstance(layer, keras.layers.Dense)
    )
    kernel = np.array(dense.kernel)
    kernel[13] *= 20
    dense.kernel.assign(kernel)
    assert np.abs(directions.find(trained, count=2)[0]).argmax() == 13


def test_the_layer_of_a_generator_inside_that_of_a_prior(photos, tmp_path):
    config = tiny(photos, tmp_path / "run", prior="uniform")
    network = networks.generator(network_spec(config, (8, 8, 3)))
    hidden = directions._first_activation(network)
    assert hidden.inputs[0].shape == (None, 5) and hidden.output.shape == (None, 4)


@pytest.mark.parametrize("name", ["style_run", "labeled_style_run"])
def test_of_styles_are_their_principal_components_in_standard_deviations(request, name):
    trained = TrainedRun(request.getfixturevalue(name))
    space = StyleSpace(trained)
    found = directions.of_styles(trained, space, count=3, samples=500)
    assert found.shape == (3, 4) and found.dtype == np.float32
    labels = trained.choose_labels(0, range(500))
    w = space.styles(latents.draw(0, range(500), trained.latent_dim), labels)[:, 0]
    for each in [] if labels is None else (0, 1):
        w[labels == each] -= w[labels == each].mean(0)
    covariance = np.cov(w.T.astype(np.float64), bias=True)
    variances, axes = np.linalg.eigh(covariance)
    expected = (axes * np.sqrt(variances)).T[::-1][:3]
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=0.02, atol=1e-3)
    np.testing.assert_allclose(
        (found @ covariance * found).sum(1), (found**2).sum(1) ** 2, rtol=1e-3
    )
