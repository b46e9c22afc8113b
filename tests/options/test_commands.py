"""Names that people type after `python -m`."""

import os
import subprocess
import sys

import pytest

from gan_tf import __version__, errors
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
    assert "  python -m gan_tf train        Trains a GAN." in lines
    assert any("dcgan-mnist" in line.split(", ") for line in lines)
    assert lines[-1] == "  python -m gan_tf train --preset=demo"
    names = {path.stem for path in (ROOT / "gan_tf").glob("[!_]*.py")} - {
        "registry",
        "signatures",
        "plugins",
        "errors",
        "messages",
    }
    listed = [line.split()[3] for line in lines[2:14]]
    assert listed[0] == "train" and set(listed) == names - {"main"} | {"train"}


def gan_tf(*words):
    """The console script `gan-tf`, and whether it imports TensorFlow or Keras."""
    code = (
        "import sys, gan_tf.__main__ as program\n"
        "try: program.run()\n"
        "finally: assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_the_console_script_runs_commands_and_names_them_as_typed():
    helped = gan_tf("train", "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "\n  gan-tf train --dataset=glyphs --epochs=5\n" in helped.stdout
    assert "python -m" not in helped.stdout
    refused = gan_tf("generate", "--arch=dcgan")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: There is no flag --arch: it is one of gan-tf train, ")


def test_the_console_script_finds_plug_ins_in_the_current_folder(tmp_path):
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "gan-tf"
    script.write_text("from gan_tf.__main__ import run\n\nrun()\n")
    (tmp_path / "my_parts.py").write_text(
        "from gan_tf.registry import PRIORS\n\n\n"
        '@PRIORS.register("mine")\nclass Mine:\n    """My own."""\n'
    )
    plugged = os.environ | {"GAN_TF_PLUGINS": "my_parts", "PYTHONPATH": str(ROOT)}
    found, refused = (
        subprocess.run(
            [sys.executable, *safe, script, "train", "--help=prior"],
            cwd=tmp_path,
            env=plugged,
            capture_output=True,
            text=True,
            timeout=60,
        )
        for safe in ([], ["-P"])
    )
    assert found.returncode == 0 and "mine" in found.stdout and "My own." in found.stdout
    assert refused.returncode == 1 and "cannot be found" in refused.stderr


def test_the_module_takes_the_same_commands():
    result = python_m("gan_tf", "evaluate", "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert "\n  python -m gan_tf evaluate --run_dir=runs/mnist-dcgan\n" in result.stdout


def test_the_version_is_printed():
    assert python_m("gan_tf", "--version").stdout == f"gan_tf {__version__}\n"


@pytest.mark.parametrize(
    "text, typed",
    [
        ("run python -m gan_tf.main", "run gan-tf train"),
        ("like python -m\ngan_tf.evaluate.", "like gan-tf evaluate."),
        ("../bin/python -m gan_tf.generate --seed=1", "../bin/gan-tf generate --seed=1"),
        ("gan_tf.launch sets it", "gan-tf launch sets it"),
        ("'my env/python' -m gan_tf.main", "'my env/python' -m gan_tf.main"),
        ("gan_tf.train, gan_tf.export.Options, gan_tf.exporters", None),
    ],
)
def test_a_text_names_commands_as_they_are_typed(text, typed):
    assert commands.spelling("gan-tf")(text) == (typed or text)


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
        (["gan_tf", "sample"], "'sample' is not a command: give python -m gan_tf generate, which"),
        (["gan_tf", "trani"], "(did you mean 'train'?); the commands are: train, anomaly, "),
        (["gan_tf", "--seed=1"], "Give a command before --seed=1, such as python -m gan_tf train"),
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
