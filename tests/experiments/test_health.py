"""The program that calibrates the health verdict."""

import shlex

import pytest

from experiments.health import __main__ as calibration
from experiments.health.runs import HEALTHY, NOT_PROVOKED, PROVOKED, Run
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.training.health.diagnosis import NOT_FINITE
from gan_tf.training.health.symptoms import SYMPTOMS

SOUND = {
    "discriminator_loss": 0.5,
    "generator_gradient_norm": 20.0,
    "fake_probability": 0.2,
    "diversity": 0.9,
}
WON = SOUND | {"discriminator_loss": 1e-4, "fake_probability": 1e-4}


def diagnose(values, report=()):
    rows = [{"step": step} | values for step in range(50, 1001, 50)]
    return calibration.rediagnosed(rows, {"findings": list(report)})


@pytest.mark.parametrize("run", (*PROVOKED, *HEALTHY), ids=lambda each: each.name)
def test_a_run_is_valid(run):
    config, _ = flags.parse(Config, ["", *shlex.split(run.flags)], "")
    config.resolve()
    assert run.expected in {"healthy", NOT_FINITE, *(each.name for each in SYMPTOMS)}


def test_every_symptom_is_provoked_and_enough_runs_are_sound():
    known = {NOT_FINITE, *(each.name for each in SYMPTOMS)}
    assert {*NOT_PROVOKED, *(each.expected for each in PROVOKED)} == known
    assert {each.expected for each in PROVOKED}.isdisjoint(NOT_PROVOKED)
    assert len(PROVOKED) >= 8 and len(HEALTHY) >= 8
    names = [each.name for each in (*PROVOKED, *HEALTHY)]
    assert len(set(names)) == len(names)


def test_a_run_is_right_when_the_first_finding_is_the_expected_one():
    won, sound = Run("a", "discriminator_won", ""), Run("b", "healthy", "")
    assert calibration.right(won, diagnose(WON)) and calibration.right(sound, diagnose(SOUND))
    assert not calibration.right(won, diagnose(SOUND))
    assert not calibration.right(sound, diagnose(WON))
    assert not calibration.right(Run("c", "mode_collapse", ""), diagnose(WON))
    ended = diagnose(SOUND, [{"name": NOT_FINITE, "found": 29, "evidence": "a loss became nan"}])
    assert calibration.right(Run("d", NOT_FINITE, ""), ended)


def test_a_row_says_what_was_found_when_and_why():
    text = calibration.row(Run("a", "discriminator_won", ""), diagnose(WON))
    assert text == (
        "| a | discriminator_won | discriminator_won since step 50 | "
        "discriminator_loss 0.0001, fake_probability 0.0001 | 500 | 1,000 | yes |"
    )
    text = calibration.row(Run("b", "discriminator_won", ""), diagnose(SOUND))
    assert text == "| b | discriminator_won | healthy | - | - | 1,000 | **no** |"


def test_tables_go_between_their_marks(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text("Before.\n<!-- healthy -->\nold\n<!-- end of healthy -->\nAfter.\n")
    monkeypatch.setattr(calibration, "_README", readme)
    for _ in range(2):
        calibration._write({"healthy": [r"| \1 |", "| new |"]})
    assert readme.read_text() == (
        "Before.\n<!-- healthy -->\n| \\1 |\n| new |\n<!-- end of healthy -->\nAfter.\n"
    )
