"""Images that discriminators accept."""

import itertools

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.sampling import rejection_sampler
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.rejection_sampler import RejectionSampler
from tests.sampling.streams import first


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
