"""The experiment with sound: its recipes are valid, and what is done is not done again."""

import wave

import pytest
from PIL import Image

from experiments import rows
from experiments.audio import __main__ as sound
from experiments.audio import recipes


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_recipes_are_runs_that_can_be_trained(name, tmp_path):
    config = recipes.config_of(name, 3, tmp_path, str(tmp_path), ["--steps=7"])
    assert (config.seed, config.steps) == (3, 7) and config.conditional == "projection"
    assert config.run_dir == str(tmp_path / f"{name}-3")
    assert config.dataset == ("spoken_digits" if name.startswith("digits") else "tones")
    assert bool(config.representation) == ("specgan" in name)
    if "no_shuffle" in name:
        assert config.phase_shuffle == 0


def test_the_table_has_a_row_for_each_training_and_reference():
    found = [
        {"name": "tones, default: held out", "seed": None, "fid": 0.5, "pitch_accuracy": 1.0},
        {"name": "tones-wavegan", "seed": 0, "fid": 40.0, "pitch_accuracy": 0.5},
        {"name": "tones-wavegan", "seed": 1, "fid": 60.0, "pitch_accuracy": 0.7},
    ]
    head, rule, reference, row = rows.table(found, sound._SCORES)
    assert head.count("|") == rule.count("|") == row.count("|")
    assert reference.startswith("| tones, default: held out | 0.5 | 1 |")
    assert row.startswith("| tones-wavegan | 50 ± 14 | 0.6 ± 0.14 |") and row.endswith("| 2 |")


@pytest.mark.slow
def test_what_is_missing_is_trained_and_scored_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(recipes.RECIPES, "tones-specgan", ("specgan-tones", "--width=2"))
    words = ["", "--only=tones-specgan", "--steps=1", "--clips=30", f"--runs={tmp_path / 'runs'}"]
    words.append(f"--out={tmp_path / 'results.jsonl'}")
    assert sound.main(words) == 0
    found = rows.read(tmp_path / "results.jsonl")
    real, back, made = found
    assert (made["name"], made["seed"], made["steps"]) == ("tones-specgan", 0, 1)
    assert real["pitch_accuracy"] == 1 and back["pitch_accuracy"] > 0.8 > made["pitch_accuracy"]
    assert "digits" not in capsys.readouterr().out
    assert sound.main(words) == 0
    assert rows.read(tmp_path / "results.jsonl") == found
    assert sound.main(["", f"--gallery={tmp_path}", f"--runs={tmp_path / 'runs'}"]) == 0
    assert Image.open(tmp_path / "tones.jpg").size == (1298, 258)  # ten notes, real and generated
    with wave.open(str(tmp_path / "tones-specgan.wav")) as clips:
        assert clips.getnframes() > 10 * 4096
