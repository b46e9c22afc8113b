"""Streams of images: one run or several, and images that discriminators accept."""

import itertools

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.sampling import rejection_sampler
from gan_tf.sampling.ensemble import Ensemble, generate, grouped
from gan_tf.sampling.formats.format import Generated
from gan_tf.sampling.rejection_sampler import RejectionSampler
from tests.conftest import tiny, untrained


@pytest.fixture(scope="module")
def make(photos, tmp_path_factory):
    """Makes the `TrainedRun` of a run that has learnt nothing; the same options, the same one."""
    kept = {}

    def make(**changes):
        key = str(sorted(changes.items()))
        if key not in kept:
            folder = tmp_path_factory.mktemp("sampling") / "run"
            kept[key] = TrainedRun(untrained(tiny(photos, folder, **changes)))
        return kept[key]

    return make


def first(count, stream):
    """The first so many images of a stream."""
    parts = []
    for made in stream:
        parts.append(made)
        if sum(map(len, parts)) >= count:
            return Generated.concatenate(parts)[:count]


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


def judged(ensemble, made):
    """The logits of an ensemble's discriminators, (runs, n)."""
    labels = made.columns.get("label")
    return np.stack([each.discriminate(made.samples, labels).logits for each in ensemble.runs])


def test_a_threshold_keeps_those_above_it_in_order(make):
    ensemble = Ensemble([make(), make(seed=1)])
    drawn = first(400, ensemble.stream(0))
    logits = judged(ensemble, drawn).mean(0)
    median = 1 / (1 + np.exp(-np.median(logits)))
    source = RejectionSampler(ensemble, f"threshold({median})")
    accepted = first(90, source.stream(0))
    expected = np.flatnonzero(logits >= np.log(median / (1 - median)))[:90]
    np.testing.assert_array_equal(accepted.columns["number"], expected)
    np.testing.assert_array_equal(accepted.samples, drawn.samples[expected])
    assert (source.proposed, source.accepted / source.proposed) == (
        200,
        pytest.approx(0.5, abs=0.1),
    )
    assert f"of {source.proposed:,}" in source.summary()


def test_drs_is_calibrated_and_repeatable(make, monkeypatch):
    monkeypatch.setattr(rejection_sampler, "_FEWEST", 10)
    monkeypatch.setattr(rejection_sampler, "_MOST", 200)
    flipped = itertools.cycle([1.0])
    run = make(conditional="projection")
    monkeypatch.setattr(rejection_sampler, "calibrate", lambda real, fake: (next(flipped) * 2, 1.0))
    sources = [RejectionSampler(Ensemble([run]), "drs(percentile=50)") for _ in range(2)]
    assert "40 real images of its training data" in sources[0].notes[0]
    made = [first(count, each.stream(1)) for each, count in zip(sources, (30, 70))]
    np.testing.assert_array_equal(made[0].samples, made[1].samples[:30])
    assert 0.2 < sources[1].accepted / sources[1].proposed < 0.8


def test_a_class_is_calibrated_on_its_own_images(make, monkeypatch):
    monkeypatch.setattr(rejection_sampler, "_FEWEST", 10)
    monkeypatch.setattr(rejection_sampler, "_MOST", 200)
    monkeypatch.setattr(rejection_sampler, "calibrate", lambda real, fake: (float(len(real)), 0.0))
    source = RejectionSampler(Ensemble([make(conditional="projection")], label="a"), "drs")
    assert source._lines == [(20.0, 0.0)]


def test_too_few_reals_and_a_discriminator_that_knows_nothing_are_refused(make, monkeypatch):
    with pytest.raises(UserError, match="have only 40 real images"):
        RejectionSampler(Ensemble([make()]), "drs")
    monkeypatch.setattr(rejection_sampler, "_FEWEST", 10)
    monkeypatch.setattr(rejection_sampler, "calibrate", lambda real, fake: (-1.0, 0.0))
    with pytest.raises(UserError, match="does not separate real images"):
        RejectionSampler(Ensemble([make()]), "drs")


def test_what_is_hardly_ever_accepted_ends_with_a_sentence(make, monkeypatch):
    monkeypatch.setattr(rejection_sampler, "_TRIED", 300)
    source = RejectionSampler(Ensemble([make()]), "threshold(0.9999999)")
    with pytest.raises(UserError, match="Only 0 of 300 images were accepted"):
        next(source.stream(0))


def test_nothing_is_said_of_a_calibration_that_there_was_not(make):
    assert RejectionSampler(Ensemble([make()]), "threshold").notes == []
