"""Each failure by its symptoms."""

import re

import pytest

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check
from gan_tf.training.health.diagnosis import WARM_UP, WINDOW, Diagnosis
from gan_tf.training.health.symptoms import EARLY_STEPS, SYMPTOMS, symptoms_of
from tests.training.health.logged import (
    ALIKE,
    EXPLODED,
    FEW_CLASSES,
    FOOLED,
    GIBBERISH,
    REJECTED,
    REPEATED,
    RIGHT,
    STRIPED,
    UNLIKELY,
    WON,
    diagnose,
    swinging,
)


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


@pytest.mark.parametrize("changes", [WON, EXPLODED, FOOLED, ALIKE, STRIPED])
def test_a_spike_is_no_failure(changes):
    assert not diagnose([(1000, {}), (1200, changes), (3000, {})]).findings


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


def test_samples_that_are_all_alike_have_no_checkerboard():
    assert [each.name for each in diagnose([(2000, STRIPED | ALIKE)]).active] == ["mode_collapse"]


def test_a_pattern_that_fades_is_none():
    fading = [(200 * k, {"checkerboard": 12 * 0.8**k}) for k in range(1, 11)]
    assert not diagnose(fading).findings


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


def test_symptoms_are_those_of_the_modality_causes_first():
    names = {
        each: [one.name for one in symptoms_of(each)] for each in ("image", "tokens", "signal")
    }
    every = [each.name for each in SYMPTOMS]
    for modality, some in names.items():
        assert some == [each for each in every if each in some], modality
    assert names["image"][-1] == "checkerboard" and names["tokens"][-1] == "gibberish"
    assert set(names["signal"]) == set(names["image"]) & set(names["tokens"])


@pytest.mark.parametrize(
    "changes, name, words",
    [
        (REPEATED, "repeated_sequence", "60% of the samples repeat others"),
        (GIBBERISH, "gibberish", "80% more of the short stretches"),
        (UNLIKELY, "rising_nll", "2.5 nats per token of held-out sequences, after 2"),
    ],
)
def test_sequences_have_symptoms_of_their_own(changes, name, words):
    parts = [(1000, {}), (2600, changes)]
    (finding,) = diagnose(parts, Diagnosis("tokens")).active
    assert finding.name == name and words in finding.evidence
    assert not diagnose(parts).findings  # of images
    fading = [(200 * k, {n: v * 0.8**k for n, v in changes.items()}) for k in range(1, 11)]
    assert not diagnose(fading, Diagnosis("tokens")).findings


@pytest.mark.parametrize(
    "value, name, words",
    [
        ("silent", "silence", "80% more of the clips"),
        ("clipped", "clipping", "80% more of the samples"),
        ("offset", "dc_offset", "0.8 of full scale farther from zero"),
        ("one_tone", "one_tone", "one frequency has 80% more of the energy"),
    ],
)
def test_sound_has_symptoms_of_its_own(value, name, words):
    parts = [(1000, {}), (2600, {value: 0.8})]
    (finding,) = diagnose(parts, Diagnosis("audio")).active
    assert finding.name == name and words in finding.evidence
    assert not diagnose(parts).findings  # of images
    assert not diagnose([(2600, {value: 0.02})], Diagnosis("audio")).findings
    fading = [(200 * k, {value: 0.8 * 0.8**k}) for k in range(1, 11)]
    assert not diagnose(fading, Diagnosis("audio")).findings


@pytest.mark.parametrize(
    "value, bad, name, words",
    [
        ("motion", 0.05, "motionless", "frames differ 0.05 times as much from the one before"),
        ("flicker", 0.4, "flicker", "the brightness of frames jumps by 40% more"),
        ("variety", 0.05, "one_video", "two videos differ 0.05 times as much"),
    ],
)
def test_videos_have_symptoms_of_their_own(value, bad, name, words):
    parts = [(1000, {}), (2600, {value: bad})]
    (finding,) = diagnose(parts, Diagnosis("video")).active
    assert finding.name == name and words in finding.evidence
    assert not diagnose(parts).findings  # of images
    receding = 0.8 if name == "flicker" else 1.25
    fading = [(200 * k, {value: bad * receding**k}) for k in range(1, 11)]
    assert not diagnose(fading, Diagnosis("video")).findings


@pytest.mark.parametrize("changes", [[2.5, 2.0, 2.0], [2.1] * 3, [2.6, 2.1, 2.0]])
def test_a_likelihood_that_is_hardly_lower_or_once_is_no_failure(changes):
    parts = [(1000, {}), *((1200 + 200 * k, {"held_out_nll": v}) for k, v in enumerate(changes))]
    assert not diagnose([*parts, (3000, {})], Diagnosis("tokens")).findings


def test_a_new_generator_may_write_gibberish():
    assert not diagnose([(1800, GIBBERISH)], Diagnosis("tokens")).findings
    assert diagnose([(2200, GIBBERISH)], Diagnosis("tokens")).active[0].name == "gibberish"
