"""Uses a wheel as its users do: `python tests/installed.py dist/gan_tf-*.whl`, or `make test-wheel`.

Installs it in a new environment of the Python that runs this, outside the checkout, and there lists
the commands, trains by a preset, generates, scores and explores. Needs the standard library alone.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import venv
import zipfile

COMMANDS = ["train", "anomaly", "augment", "evaluate", "explore", "export", "generate"]
COMMANDS += ["handwriting", "invert", "launch", "restore", "translate"]
DATA = ("presets/demo.flags", "explorer/static/style.css", "explorer/templates/base.html")
TRAINING = ("--preset=demo", "--steps=60", "--width=8", "--log_every=20steps")
SCORES = ("--num_images=200", "--metric=precision", "--features=glyph_classifier")


def main(wheel):
    """Checks a wheel.

    Args:
        wheel: its path.

    Raises:
        AssertionError, subprocess.CalledProcessError: when something does not work.
    """
    check_content(wheel)
    with tempfile.TemporaryDirectory(prefix="gan_tf-wheel-") as folder:
        folder = pathlib.Path(folder)
        environment = folder / "environment"
        venv.create(environment, with_pip=True)
        here = Installed(environment / "bin", folder)
        here.run("python", "-m", "pip", "install", "-qq", "--upgrade", "pip")
        here.run("python", "-m", "pip", "install", "-qq", wheel)
        check_commands(here, environment)
        check_run(here)
    print(f"{wheel.name} works with Python {sys.version.split()[0]}.")


class Installed:
    """The programs of an environment, run in a folder that has nothing else."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        kept = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        self.variables = kept | {"XDG_CACHE_HOME": str(folder), "CUDA_VISIBLE_DEVICES": "-1"}

    def run(self, program, *arguments):
        """Runs a program; returns what it writes to stdout."""
        print(program, *arguments, flush=True)
        command = [self.programs / program, *arguments]
        where = {"cwd": self.folder, "env": self.variables}
        return subprocess.run(
            command, check=True, text=True, stdout=subprocess.PIPE, **where
        ).stdout

    def start(self, program, *arguments):
        """Starts a program; returns the `Popen`."""
        print(program, *arguments, flush=True)
        command = [self.programs / program, *arguments]
        where = {"cwd": self.folder, "env": self.variables}
        return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, **where)


def check_content(wheel):
    """The package, with its data and nothing else."""
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    others = {each for each in names if not re.match(r"gan_tf(-[\w.]+\.dist-info)?/", each)}
    assert not others, others
    assert {f"gan_tf/{each}" for each in DATA} <= names
    assert any(each.endswith(".npz") for each in names)


def check_commands(here, environment):
    """It is found in the environment, and both programs have the same commands, which have help."""
    code = "import gan_tf, importlib.metadata as m; print(gan_tf.__file__, m.version('gan_tf'))"
    path, version = here.run("python", "-c", code).split()
    assert pathlib.Path(path).is_relative_to(environment), path
    assert here.run("gan-tf", "--version") == f"gan_tf {version}\n"
    listed = here.run("gan-tf")
    assert re.findall(r"^  gan-tf (\w+)  ", listed, re.MULTILINE) == COMMANDS, listed
    assert here.run("python", "-m", "gan_tf").replace("python -m gan_tf", "gan-tf") == listed
    assert "dcgan-mnist" in listed
    for each in COMMANDS:
        assert f"  gan-tf {each} --" in here.run("gan-tf", each, "--help"), each


def check_run(here):
    """Trains a run, resumes it, and uses it."""
    trained = here.run("gan-tf", "train", *TRAINING)
    assert "gan-tf generate --run_dir=runs/demo" in trained, trained
    resumed = here.run("python", "-m", "gan_tf.main", *TRAINING, "--steps=70")
    assert "Resuming from step 60" in resumed, resumed
    here.run("gan-tf", "generate", "--run_dir=runs/demo", "--num_images=9", "--out=nine.png")
    assert (here.folder / "nine.png").read_bytes().startswith(b"\x89PNG")
    scored = here.run("gan-tf", "evaluate", "--run_dir=runs/demo", *SCORES)
    assert "glyph_classifier" in scored, scored
    with here.start("gan-tf", "explore", "--run_dir=runs/demo", "--port=0") as server:
        try:
            shown = next(line for line in server.stdout if "http://" in line)
            address = re.search(r"http://\S+:\d+/", shown)[0]
            assert b"/static/" in read(address) and read(f"{address}static/style.css")
            assert read(f"{address}image.png?seed=1").startswith(b"\x89PNG")
        finally:
            server.terminate()


def read(address):
    """The content at an address on this machine."""
    with urllib.request.urlopen(address, timeout=60) as response:
        return response.read()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
