"""The diagnosis of a run from its logged values."""

import re

import pytest

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check
from gan_tf.training.health.diagnosis import FEWEST, LEGIBLE, WARM_UP, WINDOW, Diagnosis, History
from gan_tf.training.health.symptoms import EARLY_STEPS, SYMPTOMS

SOUND = {
    "generator_loss": 2.5,
    "discriminator_loss": 0.5,
    "real_probability": 0.8,
    "fake_probability": 0.2,
    "real_accuracy": 0.9,
    "fake_accuracy": 0.9,
    "generator_gradient_norm": 20.0,
    "discriminator_gradient_norm": 60.0,
}
SOUND_SAMPLES = {
    "diversity": 0.9,
    "distance": 1.2,
    "checkerboard": 1.0,
    "class_diversity": 0.9,
    "within_class_diversity": 0.9,
}


def diagnose(parts, diagnosis=None, every=50, measured=200):
    """Diagnoses a run of parts: (last step, values that differ from those of a healthy run)."""
    diagnosis = diagnosis or Diagnosis()
    for last, changes in parts:
        for step in range(diagnosis.step + every, last + 1, every):
            diagnosis.add({"step": step} | SOUND | {k: v for k, v in changes.items() if k in SOUND})
            if step % measured == 0:
                samples = {k: v for k, v in changes.items() if k in SOUND_SAMPLES}
                diagnosis.add({"step": step} | SOUND_SAMPLES | samples)
    return diagnosis


WON = {"discriminator_loss": 1e-4, "fake_probability": 1e-4, "generator_gradient_norm": 1e-3}
REJECTED = {"discriminator_loss": 1e-4, "fake_probability": 1e-4}
# Its labels are smoothed, or it has a further task, so that its loss stays up.
RIGHT = {"discriminator_loss": 0.33, "real_accuracy": 1.0, "fake_accuracy": 0.999}
EXPLODED = {"discriminator_gradient_norm": 2000.0}
FOOLED = {"fake_probability": 0.98, "distance": 1.75}
ALIKE = {"diversity": 0.05}
FEW_CLASSES = {"class_diversity": 0.1}
STRIPED = {"checkerboard": 6.0}


@pytest.mark.parametrize(
    "changes, name, words",
    [
        (WON, "discriminator_won", ["discriminator_loss 0.0001", "generator_gradient_norm 0.001"]),
        (REJECTED, "discriminator_won", ["fake_probability 0.0001"]),
        (
            RIGHT | {"fake_probability": 1e-4},
            "discriminator_won",
            ["real_accuracy and fake_accuracy 0.999, fake_probability 0.0001"],
        ),
        (
            RIGHT | {"generator_gradient_norm": 1e-3},
            "discriminator_won",
            ["fake_accuracy 0.999, generator_gradient_norm 0.001"],
        ),
        ({"discriminator_loss": 4e-4}, "discriminator_won", ["discriminator_loss 0.0004"]),
        (EXPLODED, "exploding_gradients", ["discriminator_gradient_norm"]),
        ({"generator_gradient_norm": 2e3}, "exploding_gradients", ["generator_gradient_norm"]),
        (FOOLED, "weak_discriminator", ["fake_probability 0.98", "1.8 times as far"]),
        (ALIKE, "mode_collapse", ["mean distance between samples 0.05"]),
        (FEW_CLASSES, "mode_collapse", ["number of classes 0.1"]),
        ({"within_class_diversity": 0.1}, "mode_collapse", ["samples of a class 0.1"]),
        ({"diversity": 0.4}, "mode_collapse", ["0.4 of that of real data, after 0.9"]),
        (STRIPED, "checkerboard", ["6.0 times"]),
    ],
)
def test_names_what_goes_wrong_after_a_sound_start(changes, name, words):
    found = diagnose([(1000, {}), (2600, changes)])
    (finding,) = found.active
    assert finding.name == name
    assert 800 <= finding.since <= 1000 + WINDOW
    assert finding.since < finding.found <= 2600
    for word in words:
        assert word in finding.evidence
    assert found.verdict() == f"{name} since step {finding.since:,} ({finding.evidence})"
    assert finding.advice in found.markdown()


def test_a_sound_run_is_healthy():
    assert diagnose([(5000, {})]).verdict() == "healthy"
    assert not diagnose([(5000, {})]).findings


@pytest.mark.parametrize("changes", [WON, EXPLODED, FOOLED, ALIKE, STRIPED])
def test_a_spike_is_no_failure(changes):
    assert not diagnose([(1000, {}), (1200, changes), (3000, {})]).findings


def test_a_failure_from_the_first_step_on_is_named_after_the_warm_up():
    found = diagnose([(WARM_UP, WON)])
    assert found.verdict().startswith("discriminator_won since step 50 (")
    assert found.active[0].found == WARM_UP


def test_a_run_too_short_for_a_diagnosis():
    assert diagnose([(450, WON)]).verdict() == (
        f"not judged: 450 steps are too few; GANs show first shapes after about {WARM_UP} steps, and "
        f"recognizable samples after about {LEGIBLE:,}"
    )
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


def test_an_accurate_discriminator_that_still_gives_a_signal_has_not_won():
    assert diagnose([(2000, RIGHT | {"fake_probability": 0.05})]).verdict() == "healthy"


@pytest.mark.parametrize("changes", [REJECTED | {"discriminator_loss": 0.02}, EXPLODED])
def test_early_imbalance_is_tolerated(changes):
    assert diagnose([(EARLY_STEPS - 50, changes)]).active == []
    assert diagnose([(EARLY_STEPS - 400, changes), (EARLY_STEPS + 500, {})]).findings == []
    assert diagnose([(EARLY_STEPS, changes)]).active != []


def test_a_vanished_gradient_is_reported_at_once():
    (finding,) = diagnose([(WARM_UP, WON)]).active
    assert (finding.name, finding.found) == ("discriminator_won", WARM_UP)


def test_a_finding_that_is_over_is_reported_as_such():
    found = diagnose([(1000, {}), (2000, WON), (4000, {})])
    (finding,) = found.findings
    assert finding.until is not None and 2000 <= finding.until < 2000 + WINDOW
    assert not found.active
    assert found.verdict() == f"healthy now; earlier: {finding}"
    assert f"to {finding.until:,}" in str(finding)
    at = {step: found.healthy_at(step) for step in (500, finding.since, 2000, 3500)}
    assert at == {500: True, finding.since: False, 2000: False, 3500: True}


def test_samples_that_are_all_alike_have_no_checkerboard():
    assert [each.name for each in diagnose([(2000, STRIPED | ALIKE)]).active] == ["mode_collapse"]


def test_a_pattern_that_fades_is_none():
    fading = [(200 * k, {"checkerboard": 12 * 0.8**k}) for k in range(1, 11)]
    assert not diagnose(fading).findings


def test_a_failure_is_dated_back_to_where_it_began():
    for changes, since in ((ALIKE, 200), (WON, 50)):
        assert diagnose([(2000, changes)]).active[0].since == since
    late = diagnose([(1000, {}), (2000, {}), (4000, ALIKE)]).active[0]
    assert 2000 <= late.since <= 2200


def test_samples_that_begin_alike_and_become_diverse_are_no_collapse():
    """What a sound DCGAN logged: diversity every 200 steps."""
    climb = [0.09, 0.22, 0.17, 0.29, 0.35, 0.39, 0.54, 0.58, 0.63, 0.69]
    parts = [(200 * k, {"diversity": each}) for k, each in enumerate(climb, start=1)]
    assert not diagnose(parts).findings
    stuck = [(200 * k, {"diversity": 0.03}) for k in range(1, 11)]
    assert [each.name for each in diagnose(stuck).active] == ["mode_collapse"]


def test_bad_samples_alone_do_not_make_a_weak_discriminator_nor_do_believed_ones():
    for changes in ({"fake_probability": 0.98}, {"distance": 1.75}):
        assert not diagnose([(3000, changes)]).findings


def test_logits_are_used_without_probabilities():
    rows = [{"step": step, "distance": 1.9} for step in range(200, 2001, 200)]
    hinge = {"generator_gradient_norm": 5.0, "discriminator_gradient_norm": 5.0}
    won = hinge | {"discriminator_loss": 0.0, "real_logit": 9.0, "fake_logit": -9.0}
    fooled = hinge | {"discriminator_loss": 8.0, "real_logit": 1.0, "fake_logit": 9.0}
    wasserstein = hinge | {"discriminator_loss": -18.0, "real_logit": 9.0, "fake_logit": -9.0}
    for values, names in (
        (won, ["discriminator_won"]),
        (fooled, ["weak_discriminator"]),
        (wasserstein, []),
    ):
        found = Diagnosis()
        for row in rows:
            found.add(row)
            found.add({"step": row["step"]} | values)
        assert [each.name for each in found.active] == names


def swinging(low, high, steps=150, last=3000):
    """The parts of a run that is healthy for 1,000 steps, and then swings between two losses."""
    levels = [low, high] * (last // steps)
    times = range(1000 + steps, last + 1, steps)
    return [(1000, {}), *((t, {"discriminator_loss": each}) for t, each in zip(times, levels))]


def test_a_loss_that_swings_far_is_an_oscillation_however_often_it_is_logged():
    for every in (10, 50, 75):
        found = diagnose(swinging(0.01, 1.0), every=every)
        assert [each.name for each in found.active] == ["oscillation"], every
        assert "between 0.01 and" in found.active[0].evidence
    assert not diagnose(swinging(0.2, 1.0)).findings
    assert not diagnose([(1000, {}), (3000, {"discriminator_loss": 0.04})]).findings  # one turn


def test_single_steps_may_be_noisy():
    noisy = [(step, {"discriminator_loss": (0.01, 1.0)[step % 2]}) for step in range(1, 2001)]
    assert not diagnose(noisy, every=1).findings


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


@pytest.mark.parametrize("symptom", SYMPTOMS, ids=lambda each: each.name)
def test_advice_is_a_sentence_whose_flags_exist(symptom):
    assert symptom.advice.endswith(".")
    written = re.findall(r'--(\w+)(=(?:"[^"]*"|[^\s,;]+))?', symptom.advice)
    assert written
    for name, value in written:
        assert name in Config.__dataclass_fields__
        if value:
            options, _ = flags.parse(
                Config, ["", f"--{name}{value.rstrip('.')}".replace('"', "")], ""
            )
            check(options)
