"""The diagnosis of a run from its logged values."""

import pytest

from gan_tf.training.health.diagnosis import FEWEST, WARM_UP, WINDOW, Diagnosis, History
from tests.training.health.logged import (
    ALIKE,
    EXPLODED,
    SOUND,
    SOUND_SAMPLES,
    STRIPED,
    WON,
    diagnose,
)


def test_a_sound_run_is_healthy():
    assert diagnose([(5000, {})]).verdict() == "healthy"
    assert not diagnose([(5000, {})]).findings


def test_a_failure_from_the_first_step_on_is_named_after_the_warm_up():
    found = diagnose([(WARM_UP, WON)])
    assert found.verdict().startswith("discriminator_won since step 50 (")
    assert found.active[0].found == WARM_UP


@pytest.mark.parametrize("direction", ["a_to_b", "b_to_a"])
def test_a_failure_of_one_of_two_directions_is_found_and_named(direction):
    """The other direction, and the means of both, are healthy."""
    diagnosis = Diagnosis()
    for step in range(50, 2001, 50):
        losses = {f"discriminator_loss_{each}": 0.5 for each in ("a_to_b", "b_to_a")}
        losses[f"discriminator_loss_{direction}"] = 1e-4
        diagnosis.add({"step": step} | SOUND | losses)
    (finding,) = diagnosis.findings
    assert str(finding).startswith(f"discriminator_won since step 50 ({direction}: ")


def test_samples_of_the_other_direction_are_judged_too():
    diagnosis = Diagnosis()
    for step in range(200, 3001, 200):
        other = {f"{name}_b_to_a": value for name, value in (SOUND_SAMPLES | ALIKE).items()}
        diagnosis.add({"step": step} | SOUND | SOUND_SAMPLES | other)
    (finding,) = diagnosis.findings
    assert finding.name == "mode_collapse" and finding.evidence.startswith("b_to_a: mean distance")


def test_a_run_too_short_for_a_diagnosis():
    assert diagnose([(450, WON)]).verdict() == "not judged: 450 steps are too few, it takes 500"
    assert diagnose([(600, WON)], every=300).too_short  # enough steps, but two means only
    assert Diagnosis().verdict().startswith("not judged: 0 steps are too few")


def test_a_run_too_short_for_its_samples_says_so():
    assert diagnose([(WARM_UP, {})]).verdict() == (
        "healthy so far, but too early to assess the samples"
    )


@pytest.mark.parametrize(
    "phases, state",
    [
        ([(450, WON)], "not judged"),
        ([(WARM_UP, {})], "healthy so far"),
        ([(5000, {})], "healthy"),
        ([(WARM_UP, WON)], "unhealthy"),
        ([(1000, {}), (2000, WON), (4000, {})], "healthy"),
    ],
)
def test_only_what_was_judged_is_called_healthy(phases, state):
    found = diagnose(phases)
    assert found.state == state
    assert found.markdown().startswith(f"**{state.capitalize()}** at step ")


def test_too_few_lines_are_not_called_too_few_steps():
    assert "fewer than 3 lines" in diagnose([(2000, {})], every=1000, measured=10_000).verdict()


def test_a_finding_that_is_over_is_reported_as_such():
    found = diagnose([(1000, {}), (2000, WON), (4000, {})])
    (finding,) = found.findings
    assert finding.until is not None and 2000 <= finding.until < 2000 + WINDOW
    assert not found.active
    assert found.verdict() == f"healthy now; earlier: {finding}"
    assert f"to {finding.until:,}" in str(finding)
    at = {step: found.healthy_at(step) for step in (500, finding.since, 2000, 3500)}
    assert at == {500: True, finding.since: False, 2000: False, 3500: True}


def test_a_failure_is_dated_back_to_where_it_began():
    for changes, since in ((ALIKE, 200), (WON, 50)):
        assert diagnose([(2000, changes)]).active[0].since == since
    late = diagnose([(1000, {}), (2000, {}), (4000, ALIKE)]).active[0]
    assert 2000 <= late.since <= 2200


def test_causes_come_first():
    found = diagnose([(2000, STRIPED | EXPLODED | WON)])
    assert [each.name for each in found.active] == [
        "discriminator_won",
        "exploding_gradients",
        "checkerboard",
    ]
    found.fail(2001, "the generator_loss became nan")
    assert found.active[0].name == "not_finite"


def test_a_window_has_the_last_steps_and_enough_values():
    history = History()
    for step in (100, 200, 1000, 1100):
        history.add({"step": step, "loss": float(step)})
    assert [step for step, _ in history.recent("loss")] == [200, 1000, 1100]
    assert history.median("loss") == 1000.0
    for step in (1200, 1300, 1400, 1500, 1600):
        history.add({"step": step, "loss": float(step)})
    assert [step for step, _ in history.recent("loss")] == [1200, 1300, 1400, 1500, 1600]
    assert [step for step, _ in history.recent("loss", before=1)] == [200, 1000, 1100]
    assert history.recent("loss", before=2) == []  # fewer than FEWEST are left
    assert FEWEST == 3
    assert history.recent("other") == []


def test_the_same_rows_give_the_same_findings_however_they_come():
    parts = [(1000, {}), (2000, WON), (4000, {}), (5000, ALIKE)]
    whole = diagnose(parts)
    resumed = diagnose(parts[2:], diagnose(parts[:2]))
    assert resumed.findings == whole.findings
