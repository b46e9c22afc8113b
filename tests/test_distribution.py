"""What is distributed: every file of the package, with one version."""

import configparser
import fnmatch
import re
import subprocess

from gan_tf import __version__
from gan_tf.__main__ import run
from gan_tf.options import commands
from tests import installed
from tests.conftest import ROOT

SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")


def test_package_data_has_every_file_that_is_no_python():
    patterns = [
        f"{package.replace('.', '/')}/{each.strip()}"
        for package, listed in SETUP["options.package_data"].items()
        for each in listed.split(",")
    ]
    command = ["git", "ls-files", "gan_tf"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    data = [each for each in files.splitlines() if not each.endswith(".py")]
    assert len(data) > 50
    missing = [each for each in data if not any(fnmatch.fnmatch(each, p) for p in patterns)]
    assert not missing


def test_the_console_script_is_the_program():
    assert (
        SETUP["options.entry_points"]["console_scripts"].strip() == "gan-tf = gan_tf.__main__:run"
    )
    assert callable(run)


def test_the_version_is_written_once():
    assert SETUP["metadata"]["version"] == "attr: gan_tf.__version__"
    assert not re.search(r"^version:", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    changes = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert changes[0] == "Unreleased" and set(changes[1:]) <= {__version__}


def test_the_check_of_a_wheel_knows_all_commands():
    names = ["train" if each == "main" else each for each in commands.summaries()]
    assert names == installed.COMMANDS
