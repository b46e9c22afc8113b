"""Which styles and texts runs can write."""

import pytest

from gan_tf.errors import UserError
from gan_tf.translate import main
from tests.conftest import bare_run

PAIRS = dict(gan="pix2pix", dataset="glyphs", arch=None)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--text=A", "--dataset"], "either --images"),
        (["--images=."], "choose one with --label"),
        (["--dataset", "--label=a"], "the run has labels: leave it out"),
        (["--text=A", "--label=a", "--interpolate=a,b"], "for --text, without --label"),
        (["--images=.", "--label=a", "--interpolate=a,b"], "for --text, without --label"),
    ],
)
def test_what_is_refused_of_runs_on_fonts(arguments, words, tmp_path):
    run = bare_run(tmp_path / "run", names="ab", gan="zi2zi", dataset="fonts", arch=None)
    with pytest.raises(UserError, match=words):
        main(["", f"--run_dir={run.path}", *arguments])


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--text=A", "--interpolate=a,b"], "--format=ttf writes single styles"),
        (["--dataset"], "--format=ttf makes fonts: leave out --images and --dataset"),
        (["--images=."], "--format=ttf makes fonts: leave out --images and --dataset"),
    ],
)
def test_what_makes_no_font_is_refused(arguments, words, tmp_path):
    run = bare_run(tmp_path / "run", names="ab", gan="zi2zi", dataset="fonts", arch=None)
    with pytest.raises(UserError, match=words):
        main(["", f"--run_dir={run.path}", "--format=ttf", *arguments])


@pytest.mark.parametrize("argument", ["--text=A", "--format=ttf"])
def test_runs_on_other_data_write_no_text(argument, tmp_path):
    options = dict(gan="cyclegan", dataset="unpaired_folders", image_dir=str(tmp_path), arch=None)
    run = bare_run(tmp_path / "run", **options)
    with pytest.raises(UserError, match=f"{argument} is for runs on fonts"):
        main(["", f"--run_dir={run.path}", argument])


@pytest.mark.parametrize(
    "argument, words",
    [
        ("--text=A", "--text=A is for runs on fonts"),
        ("--label=3", r"takes no labels .see --gan=zi2zi.: leave it out"),
    ],
)
def test_texts_and_styles_need_a_run_that_has_them(argument, words, tmp_path):
    run = bare_run(tmp_path / "run", **PAIRS, pair_by="grayscale")
    others = [] if "text" in argument else ["--images=."]
    with pytest.raises(UserError, match=words):
        main(["", f"--run_dir={run.path}", argument, *others])
