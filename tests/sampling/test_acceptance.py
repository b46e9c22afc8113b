"""Ways to reject: hand-computed probabilities, calibration where the answer is known."""

import dataclasses

import numpy as np
import pytest
import scipy.stats

from gan_tf.errors import UserError
from gan_tf.registry import REJECTIONS
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling.acceptance import calibrate, check
from tests.conftest import tiny


def test_a_threshold_of_a_half_is_a_logit_of_0():
    logits = [-1e-9, 0.0, 2.0]
    assert REJECTIONS.build("threshold").accepts(logits, [0, 0, 0]).tolist() == [0, 1, 1]


def test_a_threshold_is_a_probability():
    rule = REJECTIONS.build("threshold(0.75)")  # a logit of log 3
    assert rule.accepts([np.log(2.9), np.log(3.1)], [0, 0]).tolist() == [0, 1]


def test_drs_with_a_gamma_of_0_is_exact_rejection():
    """sigmoid(x - log(1 - exp(x))) = exp(x), with x = l - M."""
    rule = REJECTIONS.build("drs(epsilon=1e-12)")
    rule.begin([0.0, 1.0, 2.0])
    rule._gamma = 0.0
    np.testing.assert_allclose(rule.probability([1.0, 0.0, 1.5]), np.exp([-1.0, -2.0, -0.5]))
    assert rule.probability([2.0])[0] == pytest.approx(1)


def test_drs_by_hand():
    """Logits 0 and log 2, so that M = log 2; epsilon 0.1; gamma is F of the lower one."""
    rule = REJECTIONS.build("drs(percentile=0, epsilon=0.1)")
    rule.begin([0.0, np.log(2)])
    # F(0) = -log 2 - log(1 - exp(-0.1) / 2) = -0.69315 + 0.60230; F(M) = -log(1 - exp(-0.1)).
    low, high = -np.log(2) - np.log(1 - np.exp(-0.1) / 2), -np.log(1 - np.exp(-0.1))
    assert (low, high) == pytest.approx((-0.09085, 2.35217), abs=1e-4)
    expected = [0.5, 1 / (1 + np.exp(-2.44302))]
    np.testing.assert_allclose(rule.probability([0.0, np.log(2)]), expected, atol=1e-5)
    assert rule.accepts([0.0, 0.0], [0.49, 0.51]).tolist() == [True, False]


def test_the_percentile_is_accepted_half_of_the_time():
    logits = np.random.default_rng(0).standard_normal(999)
    for percentile in (20, 50, 95):
        rule = REJECTIONS.build(f"drs(percentile={percentile})")
        rule.begin(logits)
        assert (rule.probability(logits) < 0.5).mean() == pytest.approx(percentile / 100, abs=0.002)


def test_the_maximum_grows_with_what_exceeds_it():
    rule = REJECTIONS.build("drs")
    rule.begin([0.0, 1.0])
    before = rule.probability([0.5])[0]
    rule.accepts([3.0], [0.5])
    assert rule.maximum == 3.0
    assert rule.probability([0.5])[0] != before
    # One after the other: in what batches they come makes no difference.
    other = REJECTIONS.build("drs")
    other.begin([0.0, 1.0])
    logits, uniforms = np.array([0.5, 3.0, 0.5, 1.0]), np.full(4, 0.45)
    together = rule.__class__()
    together.begin([0.0, 1.0])
    apart = [other.accepts(logits[i : i + 1], uniforms[i : i + 1])[0] for i in range(4)]
    assert together.accepts(logits, uniforms).tolist() == apart


def test_drs_turns_the_fakes_into_the_reals():
    """Fakes N(0, 1), reals N(0, 1/2): with the true ratio and no gamma, the accepted are reals."""
    random = np.random.default_rng(0)
    fakes = random.standard_normal(20_000)
    ratio = scipy.stats.norm(0, 0.5).logpdf(fakes) - scipy.stats.norm.logpdf(fakes)
    rule = REJECTIONS.build("drs")
    rule.begin(ratio)
    rule._gamma = 0.0
    accepted = fakes[rule.accepts(ratio, random.random(20_000))]
    assert len(accepted) == pytest.approx(10_000, abs=400)  # 1 / max ratio = 1 / 2
    assert accepted.std() == pytest.approx(0.5, abs=0.018)  # 5 standard errors


def test_calibration_finds_the_known_ratio_of_densities():
    """N(1, 1) against N(-1, 1): the log ratio at x is 2 x; the logit here is 5 x + 3."""
    random = np.random.default_rng(0)
    real, fake = (5 * random.normal(mean, 1, 20_000) + 3 for mean in (1, -1))
    slope, intercept = calibrate(real, fake)
    assert slope == pytest.approx(2 / 5, abs=0.015)
    assert intercept == pytest.approx(-3 * 2 / 5, abs=0.08)


def test_calibration_does_not_depend_on_how_many_there_are_of_each():
    random = np.random.default_rng(1)
    real, fake = random.normal(1, 1, 20_000), random.normal(-1, 1, 2_000)
    slope, intercept = calibrate(real, fake)
    assert (slope, intercept) == pytest.approx((2, 0), abs=0.25)


def test_calibration_of_logits_that_tell_all_apart_or_nothing_is_finite():
    slope, intercept = calibrate(np.array([5.0, 6.0]), np.array([-5.0, -4.0]))
    assert np.isfinite([slope, intercept]).all()
    assert slope * 5 + intercept > 3
    assert calibrate(np.ones(9), np.ones(9)) == pytest.approx((0, 0))
    slope, _ = calibrate(np.array([-1.0, 0.0]), np.array([0.5, 1.0]))
    assert slope < 0


@pytest.mark.parametrize(
    "spec", ["threshold(0.0)", "threshold(1.0)", "drs(percentile=101.0)", "drs(epsilon=0.0)", "x"]
)
def test_senseless_specs_are_refused(spec):
    with pytest.raises(UserError):
        REJECTIONS.build(spec)


@pytest.mark.parametrize(
    "changes, spec, words",
    [
        (dict(packing=2), "drs", "scores packs of 2 images"),
        (dict(loss="hinge"), "threshold", "use --reject=drs"),
        (dict(loss="hinge"), "drs", None),
        (dict(), "threshold(0.9)", None),
        (dict(semi_supervised=4), "threshold", None),
    ],
)
def test_what_cannot_work_is_refused(photos, tmp_path, monkeypatch, changes, spec, words):
    config = tiny(photos, tmp_path, **changes)
    run = RunDir(tmp_path)
    monkeypatch.setattr(run, "config", lambda: dataclasses.replace(config))
    if words is None:
        check(run, spec)
    else:
        with pytest.raises(UserError, match=words):
            check(run, spec)
