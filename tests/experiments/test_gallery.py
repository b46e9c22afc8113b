"""The gallery: its trainings are valid, its page is up to date, and it shows what runs made."""

import pytest
from PIL import Image

from experiments import rows
from experiments.gallery import __main__ as gallery
from experiments.gallery import page, recipes
from gan_tf.errors import UserError


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_recipes_are_runs_that_can_be_trained(name):
    recipe = recipes.RECIPES[name]
    assert (page.PAGE.parent / f"{recipe.page}.md").exists()
    assert recipe.config.run_dir.startswith("runs/")


def test_no_two_recipes_have_the_same_run():
    runs = [each.config.run_dir for each in recipes.RECIPES.values()]
    assert len(set(runs)) == len(runs) == len(recipes.RECIPES) > 15


def test_the_page_is_what_the_program_writes():
    assert page.PAGE.read_text() == page.write(rows.read(page.FILES / "results.jsonl"))


def test_commands_can_be_typed():
    recipe = recipes.Recipe("", ("--arch=r3gan(width=16)", "--loss=hinge"), "")
    assert page.command(recipe) == ['python -m gan_tf.main --arch="r3gan(width=16)" --loss=hinge']
    lines = page.command(recipes.RECIPES["glyphs-wgan_gp"])
    assert len(lines) > 1 and all(each.endswith(" \\") for each in lines[:-1])
    assert max(map(len, lines)) <= 110


def test_an_unknown_entry_is_refused():
    with pytest.raises(UserError, match="--only=faces: give one of glyphs-dcgan, "):
        gallery.main(["", "--only=faces"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "words, suffixes",
    [
        (("--dataset=glyphs", "--width=2"), {".png"}),
        (
            ("--dataset=motifs", "--width=2", "--loss=wasserstein", "--penalty=wgan_gp"),
            {".txt", ".png"},
        ),
    ],
)
def test_what_is_missing_is_trained_and_shown_once(tmp_path, monkeypatch, words, suffixes):
    words = (*words, "--batch_size=4", "--max_images=8", "--steps=2", "--log_every=1steps")
    recipe = recipes.Recipe("Small", (*words, f"--run_dir={tmp_path / 'runs'}"), "dcgan")
    monkeypatch.setattr(gallery, "RECIPES", {"small": recipe})
    monkeypatch.setattr(page, "SECTIONS", {"Images": {"small": recipe}})
    monkeypatch.setattr(page, "FILES", tmp_path / "gallery")
    monkeypatch.setattr(page, "PAGE", tmp_path / "gallery.md")
    (tmp_path / "gallery").mkdir()
    assert gallery.main([""]) == 0
    (row,) = rows.read(tmp_path / "gallery" / "results.jsonl")
    assert (row["name"], row["steps"], row["seed"]) == ("small", 2, 0)
    made = {each.suffix for each in (tmp_path / "gallery").glob("small.*")}
    assert made == suffixes
    assert Image.open(tmp_path / "gallery" / "small-log.png").height == 260
    text = (tmp_path / "gallery.md").read_text()
    assert (
        "### Small" in text
        and "2 steps in " in text
        and ("```text" in text) == (".txt" in suffixes)
    )
    assert gallery.main([""]) == 0
    assert len(rows.read(tmp_path / "gallery" / "results.jsonl")) == 1


@pytest.mark.parametrize(
    "minutes, words",
    [(None, "7 steps on"), (0.0, "7 steps in about a minute on"), (8.5, "in 8 minutes")],
)
def test_the_page_says_how_long_a_run_took(minutes, words):
    row = {"name": "glyphs-dcgan", "date": "2026-11-27", "seed": 0, "steps": 7, "minutes": minutes}
    row |= {"precision": "float32", "processor": "A CPU 25 1 1 with 1 cores", "health": "healthy"}
    text = page.write([row])
    assert words in text
    assert "one core of A CPU (family 25, model 1, stepping 1), float32" in text
