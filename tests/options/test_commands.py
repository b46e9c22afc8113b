"""Names that people type after `python -m`."""

import subprocess
import sys

import pytest

from gan_tf import errors
from gan_tf.options import commands
from tests.conftest import ROOT


def python_m(*words):
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_the_package_lists_its_commands():
    result = python_m("gan_tf")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert "  python -m gan_tf.main         Trains a GAN." in lines
    names = {path.stem for path in (ROOT / "gan_tf").glob("[!_]*.py")} - {
        "registry",
        "signatures",
        "plugins",
        "errors",
        "messages",
    }
    listed = [line.split()[2] for line in lines if line.startswith("  python -m gan_tf.")]
    assert set(listed) == {f"gan_tf.{name}" for name in names}


@pytest.mark.parametrize(
    "words, said",
    [
        (
            ["gan_tf.train"],
            "gan_tf.train is not a command: give python -m gan_tf.main, which trains",
        ),
        (["gan_tf.training"], "give python -m gan_tf.main"),
        (["gan_tf.evaluation", "--run_dir=x"], "give python -m gan_tf.evaluate"),
        (["gan_tf.registry"], "gan_tf.registry is not a command"),
        (["gan_tf", "train"], "'train': a command is a module of its own"),
    ],
)
def test_what_is_no_command_ends_with_one_sentence(words, said):
    result = python_m(*words)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ") and said in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "name, advice",
    [
        ("gan_tf.sample", "give python -m gan_tf.generate, which samples"),
        ("gan_tf.fid", "give python -m gan_tf.evaluate"),
        ("gan_tf.runs", "give python -m gan_tf.explore"),
        ("gan_tf.generat", r"\(did you mean 'generate'\?\); the commands are: main, "),
        ("gan_tf.options.flags", "the commands are: main, "),
    ],
)
def test_the_advice_names_the_command_that_does_it(name, advice):
    with pytest.raises(errors.UserError, match=advice):
        commands.check(name)


def test_every_package_and_module_is_answered_unless_it_runs():
    for path in sorted((ROOT / "gan_tf").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text()
        if "\nif __name__ ==" in text or name == "gan_tf":
            commands.check(name)
        else:
            with pytest.raises(errors.UserError, match="is not a command"):
                commands.check(name)


@pytest.mark.parametrize("name", ["pytest", "gan_tfx.train", "gan_tf", "gan_tf.main"])
def test_other_modules_and_commands_pass(name):
    commands.check(name)


def test_every_advised_command_exists():
    assert set(commands._MEANT) == set(commands.summaries())


def test_where_requirements_are_not_installed_a_sentence_says_so(tmp_path):
    commands.check_installed()
    with pytest.raises(
        errors.UserError, match=r"nonexistent cannot be imported by .*pip install -e"
    ):
        commands.check_installed(("absl", "nonexistent"))
    bare = [sys.executable, "-S", "-m", "gan_tf.main", "--help"]  # without installed packages
    result = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: absl and tensorflow cannot be imported by ")
