"""`python -m gan_tf.explore`, as a user runs it."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from gan_tf import explore
from gan_tf.errors import UserError
from tests.conftest import ROOT, tiny, untrained
from tests.explorer.chromium import Chromium


@pytest.fixture(scope="module")
def run(photos, tmp_path_factory):
    return untrained(tiny(photos, tmp_path_factory.mktemp("explore") / "run"))


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((), "--run_dir"),
        (("--run_dir=nothing-here",), "is not a run directory"),
        (("--run_dir={run}", "--port=70000"), "from 0 to 65535"),
        (("--run_dir={run}", "--host=256.0.0.1"), "Cannot listen on"),
        (("--run_dir={run}", "--host=192.0.2.1"), "Cannot listen on"),
        (("--run_dir={run}", "--port=0", "--checkpoint=7"), "no checkpoint '7'"),
    ],
)
def test_refuses_in_one_sentence(run, arguments, words):
    with pytest.raises(UserError, match=words):
        explore.main(["explore", *(each.format(run=run.path) for each in arguments)])


def test_a_port_that_is_taken(run):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port} is in use by another program"):
            explore.main(["explore", f"--run_dir={run.path}", f"--port={port}"])


@pytest.fixture(scope="module")
def served(run):
    """The process, and the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gan_tf.explore", f"--run_dir={run.path}", "--port=0"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = process.stdout.readline()
    yield process, re.search(r"http://localhost:\d+/", told)[0]
    process.kill()


@pytest.mark.slow
def test_the_page_works_in_a_browser(served, tmp_path):
    """The page's own JavaScript fills it, and every image is loaded."""
    with Chromium(tmp_path) as browser:
        browser.open(served[1])
        browser.wait("document.querySelectorAll('.tile').length === 36 + 9 + 1")
        browser.wait("document.querySelector('#sliders [aria-label=\"Direction 4\"]')")
        browser.wait("!document.querySelector('[aria-busy=true]')")
        page = browser.run("document.documentElement.outerHTML")
        assert not browser.errors
    assert 'alt="seed 35"' in page
    assert re.search(r'id="problem"[^>]* hidden', page)
    assert "No values have been logged yet." in page and "There are no snapshots yet." in page


@pytest.mark.slow
def test_it_serves_until_ctrl_c(served):
    process, address = served
    with urllib.request.urlopen(f"{address}api/run") as response:
        assert json.load(response)["name"] == "run"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in (0, 130) and time.monotonic() - began < 10
    assert "Traceback" not in process.stderr.read()


def test_the_page_is_part_of_the_package():
    assert "gan_tf.explorer = static/*, templates/*" in pathlib.Path(ROOT, "setup.cfg").read_text()
