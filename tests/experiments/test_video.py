"""The experiment with videos: its recipes are valid, and what is done is not done again."""

import numpy as np
import pytest

from experiments import rows
from experiments.video import __main__ as video
from experiments.video import frames, recipes
from gan_tf.data.moving_glyphs import MovingGlyphs


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_recipes_are_runs_that_can_be_trained(name, tmp_path):
    config = recipes.config_of(name, 3, tmp_path, ["--max_minutes=7"])
    assert (config.seed, config.max_minutes) == (3, 7) and config.conditional == "projection"
    assert config.run_dir == str(tmp_path / f"{name}-3")
    of_frames = name.removeprefix("frames-")
    archs = {"preset": "mocogan(image_frames=4)", "mocogan-dcgan": "mocogan(backbone='dcgan')"}
    assert config.arch == archs.get(name, of_frames)
    ends = {"preset": 8000, "tgan": 4000}.get(name)
    assert any(each.startswith("lr_decay") for each in config.trick) == bool(ends)
    assert "ema(0.999)" in config.trick and config.steps == (ends or 10_000_000)
    assert config.dataset == ("moving_glyphs" if of_frames == name else "image_folder")


class Walked:
    """A trained run on images that shows its latents."""

    latent_dim = 3

    def choose_labels(self, seed, indices):
        return np.arange(len(indices))

    def samples(self, normal, labels):
        return np.concatenate([normal, labels[:, None]], axis=1).reshape(-1, 2, 2, 1)


def test_a_walk_is_straight_and_of_one_class():
    made, labels = frames.walks(Walked(), 4, 5)
    assert made.shape == (4, 5, 2, 2, 1) and labels.tolist() == [0, 1, 2, 3]
    flat = made.reshape(4, 5, 4)
    steps = np.diff(flat, axis=1)
    np.testing.assert_allclose(steps[:, 1:], steps[:, :-1], atol=1e-5)
    assert np.abs(steps[..., :3]).min() > 0 and not steps[..., 3].any()
    np.testing.assert_array_equal(flat[:, 0, 3], labels)


def test_what_is_spent_counts(tmp_path, monkeypatch):
    trained, clock = [], iter([0.0, 240.0, 500.0, 680.0])
    monkeypatch.setattr("gan_tf.training.loop.train", lambda config: trained.append(config) or 0)
    monkeypatch.setattr(video.time, "monotonic", lambda: next(clock))
    options = video.Options(minutes=7, runs=str(tmp_path))
    assert video._train(options, "tgan", 0) == (0, 4.0)
    assert video._train(options, "tgan", 0) == (0, 7.0)
    assert video._train(options, "tgan", 0) == (0, 7.0)
    assert [each.max_minutes for each in trained] == [7, 3]


@pytest.mark.slow
def test_what_is_missing_is_trained_and_scored_once(tmp_path, monkeypatch):
    monkeypatch.setattr(MovingGlyphs, "num_examples", 80)
    monkeypatch.setattr(MovingGlyphs, "num_held_out", 30)
    for name in ("mocogan", "frames-dcgan"):
        small = (*recipes.RECIPES[name], "--width=2", "--batch_size=8")
        monkeypatch.setitem(recipes.RECIPES, name, small)
    words = ["", "--only=mocogan", "--only=frames-dcgan", "--steps=1", "--videos=30"]
    words += [f"--runs={tmp_path / 'runs'}", f"--out={tmp_path / 'results.jsonl'}"]
    assert video.main(words) == 0
    found = rows.read(tmp_path / "results.jsonl")
    assert [(row["name"], row["seed"]) for row in found] == [
        ("held-out videos", None),
        ("mocogan", 0),
        ("frames-dcgan", 0),
    ]
    real, *made = found
    assert real["same_digit"] > 0.8 and real["straightness"] > 0.95
    assert all(each["steps"] == 1 and each["fid"] > 3 * real["fid"] for each in made)
    assert all(each["straightness"] < 0.5 and each["minutes"] > 0 for each in made)
    assert video.main(words) == 0
    assert rows.read(tmp_path / "results.jsonl") == found
    head, rule, *lines = rows.table(found, video._SCORES)
    assert head.count("|") == rule.count("|") == lines[-1].count("|") and len(lines) == 3
