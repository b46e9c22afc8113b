"""Plans: how many images, of which latents, and what does not go together."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.sampling import traversals
from gan_tf.sampling.path_plans import Interpolation, Walk
from gan_tf.sampling.style_grid import StyleGrid
from gan_tf.sampling.traversals import Arithmetic, Samples, Seeds, Sweep
from tests.conftest import STYLES, bare_run


@pytest.fixture
def choose(tmp_path):
    def choose(runs=1, trick=(), conditional=None, arch="mlp", **options):
        names = tuple("0123456789") if conditional else ()
        made = [
            bare_run(tmp_path / str(each), names, trick=trick, conditional=conditional, arch=arch)
            for each in range(runs)
        ]
        return traversals.choose(Options(run_dir=(str(made[0].path),), **options), made)

    return choose


@pytest.mark.parametrize(
    "options, kind, count, columns, name",
    [
        (dict(), Samples, 64, None, "seed0"),
        (dict(num_images=7, seed=3), Samples, 7, None, "seed3"),
        (dict(seeds="3,5-7"), Seeds, 4, None, "seeds3,5-7"),
        (
            dict(interpolate="lerp", seeds="3,7,9", frames=4),
            Interpolation,
            9,
            None,
            "lerp-seeds3,7,9",
        ),
        (dict(walk=3, frames=40), Walk, 120, None, "walk3-seed0"),
        (dict(sweep=3, conditional="concat"), Sweep, 30, 10, "sweep-seed0"),
        (dict(sweep=2, seeds="4,5,6", conditional="concat"), Sweep, 30, 10, "sweep-seed4,5,6"),
        (dict(sweep=2, trick=("infogan(3, 1)",)), Sweep, 6, 3, "sweep-seed0"),
        (dict(arithmetic="1 - 7"), Arithmetic, 32, 4, "arithmetic_1_minus_7-seed0"),
        (dict(mix="fine", arch=STYLES), StyleGrid, 81, 9, "mix-fine-seed0"),
        (
            dict(mix="coarse", arch=STYLES, seeds="3,5", mix_seeds="7-9"),
            StyleGrid,
            12,
            4,
            "mix-coarse-seed3,5-7-9",
        ),
    ],
)
def test_a_plan_knows_what_it_makes_before_anything_is_loaded(
    choose, options, kind, count, columns, name
):
    plan = choose(**options)
    assert (type(plan), plan.count, plan.columns, plan.name) == (kind, count, columns, name)


@pytest.mark.parametrize(
    "options, words",
    [
        (dict(walk=3, sweep=2), "--walk and --sweep exclude each other"),
        (dict(walk=3, runs=2), "--walk takes a single run"),
        (dict(walk=3, reject="drs"), "not with --walk"),
        (dict(seeds="1,2", reject="drs"), "not with --seeds"),
        (dict(walk=3, seeds="1,2"), "leave --seeds out"),
        (dict(walk=3, num_images=5), "already set the number of images to 48"),
        (dict(interpolate="slerp"), "needs two or more seeds"),
        (dict(interpolate="slerp", seeds="1"), "is a single seed"),
        (dict(sweep=3), "is not conditional"),
        (dict(sweep=3, conditional="concat", label="1"), "leave --label out"),
        (dict(arithmetic="1 - "), "write labels with"),
        (dict(arithmetic="1 - x"), "there is no label 'x'"),
        (
            dict(mix="coarse"),
            r"--mix=coarse is for .* is mlp: leave it out, or give a run of styleg",
        ),
        (dict(mix="coarse", arch=STYLES, walk=2), "--walk and --mix exclude each other"),
        (dict(mix_seeds="3"), "--mix_seeds=3 goes with --mix: leave it out"),
        (dict(space="w", arch=STYLES), "--space=w goes with --interpolate or --walk"),
    ],
)
def test_what_does_not_go_together_is_refused(choose, options, words):
    with pytest.raises(UserError, match=words):
        choose(**options)


@pytest.mark.parametrize(
    "text, terms",
    [
        ("1 - 7", [(1, "1"), (-1, "7")]),
        ("-7", [(-1, "7")]),
        ("+ 1+2 -3", [(1, "1"), (1, "2"), (-1, "3")]),
    ],
)
def test_sums_of_labels_are_read(text, terms):
    assert traversals._terms(text, tuple("0123456789")) == terms


def test_moved_latents_keep_their_length():
    normal, direction = latents.draw(0, range(4), 5), np.arange(5.0)
    assert traversals._moved(normal, direction, 0.0) is normal
    moved = traversals._moved(normal, direction, 0.5)
    np.testing.assert_allclose(
        np.linalg.norm(moved, axis=1), np.linalg.norm(normal, axis=1), rtol=1e-5
    )
    nearer = [each @ direction / np.linalg.norm(each, axis=1) for each in (normal, moved)]
    assert (nearer[1] > nearer[0]).all()
