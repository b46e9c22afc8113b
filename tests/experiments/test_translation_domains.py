"""The experiment on domains and fonts: its trainings, its scores, its tables, and what is not run again."""

import json

import numpy as np
import pytest

from experiments import rows
from experiments.translation import domain_recipes as recipes
from experiments.translation import domains
from gan_tf.data import charsets
from gan_tf.options import flags
from gan_tf.options.config import Config
from tests.conftest import ROOT

FOLDERS = {"emoji": "emoji", "fonts": "fonts"}


def config(name, seed=0, steps=None):
    words = recipes.words(name, FOLDERS, seed, "runs/domains", steps)
    return flags.parse(Config, ["", *words], "")[0].resolve()


@pytest.mark.parametrize("name", recipes.ORDER)
def test_trainings_are_valid_runs(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    made = config(name, 3)
    assert made.seed == 3 and made.run_dir == f"runs/domains/{name}-3"
    assert made.gan.startswith("zi2zi" if name.startswith(("fonts", "letters")) else "cyclegan")


def test_all_trainings_of_the_tasks_are_in_order():
    named = {f"{task}-{each}" for task, about in recipes.TASKS.items() for each in about.variants}
    assert set(recipes.ORDER) == named and len(recipes.ORDER) == len(named)


def test_variants_differ_in_one_argument_of_the_kind():
    def facts(name):
        words = recipes.words(name, FOLDERS, 0, "runs")
        return {each for each in words if "run_dir" not in each}

    for name in ("digits-no_noise", "digits-no_pool", "digits-no_identity", "emoji-no_identity"):
        base = facts(f"{name.partition('-')[0]}-base")
        assert [each.startswith("--gan=") for each in base - facts(name)] == [True]
    for name in ("digits-category_no_pool", "digits-category_no_identity"):
        gan = [each for each in facts(name) if each.startswith("--gan=")]
        assert facts(name) - set(gan) == facts("digits-category_short") and len(gan) == 1
    assert len(facts("letters-continued") - facts("letters-shuffled")) == 1


def test_second_stages_start_from_the_base_of_their_seed():
    for name in ("letters-continued", "letters-shuffled"):
        assert config(name, 2).init_from == config("letters-base", 2).run_dir
        assert recipes.ORDER.index("letters-base") < recipes.ORDER.index(name)


def test_the_number_of_steps_can_be_given():
    assert config("digits-base", steps=7).steps == 7


def test_characters_are_those_of_both_standards():
    file = ROOT / "experiments" / "translation" / "characters.txt"
    both = set(charsets.characters("gb2312")) & set(charsets.characters("big5"))
    assert set(charsets.characters(str(file))) == both and len(both) == 2434


def test_scores_become_a_table_with_references_and_goals(tmp_path, capsys):
    out = tmp_path / "rows.jsonl"
    for seed, kept in ((0, 0.5), (1, 0.75)):
        kept = {"value": kept, "floor": 1.0, "ceiling": 0.625}
        score = {"class_kept": kept, "cycle_l1": {"value": 0.25}}
        facts = {"name": "digits-no_pool", "seed": seed, "images": 1600}
        rows.append(out, facts | {"scores": {"a_to_b": score}})
    assert domains.main(["", "--table", f"--out={out}"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| a to b | no_pool |  | 0.25 ± 0 |  | 62.5% ± 17.7% (62.5%, 100.0%, goal 95.0%) |  | 1,600 | 2 |",
        "",
    ]


def test_runs_that_are_there_are_not_run_again(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(domains, "run", lambda _, name, seed: ran.append((name, seed)))
    path = tmp_path / "rows.jsonl"
    path.write_text(
        json.dumps({"name": "digits-base", "seed": 1, "scores": {}, "images": 1}) + "\n"
    )
    chosen = ["--seeds=0", "--seeds=1", "--only=digits-base", "--only=emoji-base"]
    assert domains.main(["", f"--out={path}", *chosen]) == 0
    assert ran == [("digits-base", 0), ("emoji-base", 0), ("emoji-base", 1)]


@pytest.mark.slow
def test_a_training_is_scored_in_both_directions(tmp_path, capsys, monkeypatch):
    words = recipes.words
    small = ["--arch=resnet_translator(blocks=1)", "--width=2", "--image_size=16", "--batch_size=2"]
    monkeypatch.setattr(recipes, "words", lambda *of: [*words(*of), *small])
    random, out = np.random.default_rng(0), tmp_path / "rows.jsonl"
    from gan_tf.modalities import image as images

    for name in ("google", "twitter"):
        (tmp_path / "emoji" / name).mkdir(parents=True)
        for index in range(40):
            picture = random.integers(0, 256, (16, 16, 3), np.uint8)
            (tmp_path / "emoji" / name / f"{index}.png").write_bytes(images.png(picture))
    folders = [f"--emoji={tmp_path / 'emoji'}", f"--runs={tmp_path / 'runs'}", f"--out={out}"]
    assert domains.main(["", "--only=emoji-base", "--steps=1", "--num_images=2", *folders]) == 0
    (row,) = rows.read(out)
    assert list(row["scores"]) == ["a_to_b", "b_to_a"] and row["steps"] == 1
    there, back = row["scores"].values()
    assert {"fid", "cycle_l1", "psnr", "ssim", "l1"} <= set(there)
    assert there["psnr"]["ceiling"] == back["psnr"]["ceiling"]  # of the same pairs of pictures
    assert "| a to b | base |" in capsys.readouterr().out
