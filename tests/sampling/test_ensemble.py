"""Streams of images of one run or several."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.sampling.ensemble import Ensemble, generate, grouped
from gan_tf.sampling.formats.format import Generated
from tests.sampling.streams import first


@pytest.mark.parametrize("arch", ["mlp(width=4)", "dcgan(width=2)"])
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_an_image_depends_on_its_seed_and_number_alone(make, arch, precision):
    size = 32 if "dcgan" in arch else 8
    ensemble = Ensemble([make(arch=arch, precision=precision, image_size=size)])
    many = first(230, ensemble.stream(3)).samples
    np.testing.assert_array_equal(first(7, ensemble.stream(3)).samples, many[:7])
    apart = ensemble.make([3, 4, 3], [205, 0, 9]).samples
    np.testing.assert_array_equal(apart[[0, 2]], many[[205, 9]])
    assert (apart[1] != many[0]).any()
    np.testing.assert_array_equal(first(1, ensemble.of_seeds([3])).samples, many[:1])


def test_generate_makes_the_same_images(make):
    run = make(conditional="concat")
    batches = list(
        generate(FixedBatchModel(run.generator), run.modality, 130, 5, run.choose_labels)
    )
    made = first(130, Ensemble([run]).stream(5))
    np.testing.assert_array_equal(np.concatenate([each for each, _ in batches]), made.samples)
    np.testing.assert_array_equal(
        np.concatenate([each for _, each in batches]), made.columns["label"]
    )


@pytest.mark.parametrize("size, expected", [(1, [3, 4, 5]), (5, [7, 5]), (100, [12])])
def test_batches_are_grouped(size, expected):
    parts = [Generated(np.zeros((each, 2, 2, 1), np.uint8), {}) for each in (3, 4, 5)]
    assert [len(each) for each in grouped(iter(parts), size)] == expected


def test_several_runs_take_turns(make):
    runs = [make(), make(seed=1), make(seed=2, latent_dim=7)]
    made = first(300, Ensemble(runs, [1, 2, 0]).stream(0))
    turn = made.columns["run"]
    assert np.bincount(turn, minlength=3) == pytest.approx([100, 200, 0], abs=35)
    for index in (0, 1):
        rows = np.flatnonzero(turn == index)[:5]
        alone = Ensemble([runs[index]]).make([0] * 5, made.columns["number"][rows])
        np.testing.assert_array_equal(alone.samples, made.samples[rows])
    assert first(50, Ensemble(runs).stream(0)).columns["run"].max() == 2
    assert [each["run"] for each in Ensemble(runs).facts()] == ["run"] * 3


def test_runs_that_do_not_fit_are_refused(make):
    with pytest.raises(UserError, match=r"8x8x3, those of .* 12x12x3"):
        Ensemble([make(), make(image_size=12)])
    with pytest.raises(UserError, match="the same labels"):
        Ensemble([make(), make(conditional="concat")])


def test_truncation_and_label_reach_the_generator(make):
    run = make(conditional="concat")
    made = Ensemble([run], label="b", truncation=0.5).make([0] * 5, range(5))
    assert made.columns["label"].tolist() == [1] * 5
    expected = run.samples(latents.draw(0, range(5), 5, 0.5), [1] * 5)
    np.testing.assert_array_equal(made.samples, expected)
