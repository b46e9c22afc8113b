"""Paths: of latents, and of styles where the generator has them."""

import types

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.style_space import StyleSpace
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.traversals import choose as chosen
from tests.conftest import bare_run

ENSEMBLE = types.SimpleNamespace(first=types.SimpleNamespace(latent_dim=5), truncation=None)


@pytest.fixture
def choose(tmp_path):
    def choose(**options):
        return chosen(Options(**options), [bare_run(tmp_path / "run")])

    return choose


@pytest.mark.parametrize("way", ["slerp", "lerp"])
def test_an_interpolation_goes_from_seed_to_seed(choose, way):
    path = choose(interpolate=way, seeds="3,7", frames=4).path(ENSEMBLE)
    start, end = latents.draw([3, 7], [0, 0], 5)
    np.testing.assert_allclose(path[[0, 4]], [start, end], atol=1e-6)
    np.testing.assert_allclose(path[1:4], getattr(latents, way)(start, end, [0.25, 0.5, 0.75]))


def test_a_walk_is_closed(choose):
    path = choose(walk=3, frames=20, seed=2).path(ENSEMBLE)
    np.testing.assert_allclose(path[::20], latents.draw(2, range(3), 5), atol=1e-5)
    steps = np.linalg.norm(np.diff(np.concatenate([path, path[:1]]), axis=0), axis=1)
    assert steps[-1] < 2 * steps[:-1].max()


@pytest.mark.parametrize(
    "options, in_w",
    [
        (dict(interpolate="lerp"), True),
        (dict(interpolate="lerp", space="z"), False),
        (dict(interpolate="slerp"), False),
        (dict(walk=2), True),
        (dict(walk=2, space="z"), False),
    ],
)
def test_style_based_generators_are_walked_in_w_by_default(style_run, plain_run, options, in_w):
    given = {} if "walk" in options else {"seeds": "3,7"}
    plan = chosen(Options(**options, **given), [RunDir(style_run)])
    assert plan.in_w == in_w == ("-w-seed" in plan.name) == (plan.facts.get("space") == "w")
    if not options.get("space"):
        assert not chosen(Options(**options, **given), [RunDir(plain_run)]).in_w


def test_w_is_refused_where_it_has_no_meaning(style_run, plain_run):
    given = dict(seeds="3,7", space="w")
    with pytest.raises(UserError, match="--space=w is for generators with a space of styles"):
        chosen(Options(interpolate="lerp", **given), [RunDir(plain_run)])
    with pytest.raises(UserError, match="straight: give --interpolate=lerp"):
        chosen(Options(interpolate="slerp", **given), [RunDir(style_run)])


@pytest.mark.parametrize("run", ["style_run", "labeled_style_run"])
@pytest.mark.slow
def test_halfway_in_w_is_the_mean_of_the_styles(request, run):
    trained = TrainedRun(request.getfixturevalue(run))
    labels = trained.choose_labels([3, 3], [0, 0])  # the class of the first
    options = Options(interpolate="lerp", seeds="3,7", frames=2)
    (made,) = chosen(options, [trained.run]).batches(Ensemble([trained]), None)
    drawn = latents.draw([3, 7], [0, 0], trained.latent_dim)
    space = StyleSpace(trained)
    mean = space.styles(drawn, labels).mean(0, keepdims=True)
    halfway = space.samples(mean, None if labels is None else labels[:1])
    ends = trained.samples(drawn, labels)
    expected = np.stack([ends[0], halfway[0], ends[1]]).astype(int)
    assert np.abs(made.samples - expected).max() <= 1
    np.testing.assert_array_equal(made.columns["position"], [0, 0.5, 1])


def test_a_walk_in_w_goes_through_the_styles_about_their_mean(style_run):
    trained = TrainedRun(style_run)
    (made,) = chosen(Options(walk=2, frames=3), [trained.run]).batches(Ensemble([trained]), None)
    knots = trained.samples(latents.draw(0, range(2), trained.latent_dim)).astype(int)
    assert np.abs(made.samples[::3] - knots).max() <= 1
    plan = chosen(Options(walk=3, frames=1), [trained.run])
    center = np.float32([10, -5])
    points = center + np.float32([[1, 0], [0, 1], [-1, -1]])
    np.testing.assert_allclose(plan.along(points, center), points, atol=1e-5)
