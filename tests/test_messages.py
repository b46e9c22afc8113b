"""Messages: no control character reaches a terminal, and no failure to write reaches the program."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time

import pytest

from gan_tf.errors import UserError
from gan_tf.messages import printable, progress_bar, rewritten, safe_output, show
from gan_tf.options import flags
from tests.conftest import ROOT

TITLE = "\x1b]0;owned\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ± ä 日本\n\tindented", "plain ± ä 日本\n\tindented"),
        (TITLE, "\\x1b]0;owned\\x07"),
        ("over\rwritten", "over\\rwritten"),
        ("\x9b31m", "\\x9b31m"),
        ("photo\u202egnp.exe", "photo\\u202egnp.exe"),
        ("not \udcff UTF-8", "not \\udcff UTF-8"),
        ("\x00\x7f", "\\x00\\x7f"),
    ],
)
def test_control_characters_are_escaped(capsys, text, shown):
    assert printable(text) == shown
    show(text)
    show(text, file=sys.stderr)
    assert tuple(capsys.readouterr()) == (f"{shown}\n", f"{shown}\n")


def test_errors_are_printed_without_control_characters(capsys):
    def refuse(argv):
        raise UserError(f"'{TITLE}' is refused.")

    def fail(argv):
        raise KeyError(f"a\rb {TITLE}")

    for main in (refuse, fail):
        with pytest.raises(SystemExit) as ended:
            flags.run(main)
        assert ended.value.code == 1
        shown = capsys.readouterr().err
        assert "\x1b" not in shown and "\x07" not in shown and "\r" not in shown
        assert "x1b]0;owned" in shown


@contextlib.contextmanager
def printing_to(monkeypatch, handle):
    """Lets stdout and stderr lead to an open file."""
    with open(handle, "w", closefd=False) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        yield


def print_all():
    show("a message")
    show("another", file=sys.stderr)
    with safe_output():
        print("of a library", flush=True)
        print("of a library", file=sys.stderr)
        with progress_bar(total=2, leave=True) as bar:
            bar.update(2)
            show("above the bar")
        return bar.n


def test_a_closed_pipe_stops_nothing(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with printing_to(monkeypatch, write):
        assert print_all() == 2
    os.close(write)


def test_a_full_disk_stops_nothing(monkeypatch):
    handle = os.open("/dev/full", os.O_WRONLY)
    with printing_to(monkeypatch, handle):
        assert print_all() == 2
    os.close(handle)


def test_a_closed_file_and_none_at_all_stop_nothing(monkeypatch):
    handle = os.open(os.devnull, os.O_WRONLY)
    with printing_to(monkeypatch, handle):
        os.close(handle)
        assert print_all() == 2
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert print_all() == 2


def test_what_an_encoding_lacks_is_escaped(monkeypatch, tmp_path):
    with open(tmp_path / "log", "w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        show("0.5 ± 0.1")
    assert (tmp_path / "log").read_text() == "0.5 \\xb1 0.1\n"


@pytest.mark.slow
def test_a_reader_that_has_stopped_is_not_waited_for_where_that_is_asked(monkeypatch):
    read, write = os.pipe()
    with printing_to(monkeypatch, write), safe_output(waits=False):
        began = time.monotonic()
        for _ in range(100):
            show(5000 * "x")
        assert time.monotonic() - began < 30
        assert len(os.read(read, 1 << 20)) >= 4096  # it reads on
        show("heard again")
    assert os.read(read, 1 << 20).endswith(b"heard again\n")
    os.close(read)
    os.close(write)


def test_a_bar_in_a_file_is_a_line_per_minute(monkeypatch, tmp_path):
    with open(tmp_path / "log", "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar(total=1000, leave=True) as bar:
            for _ in range(1000):
                bar.set_description("epoch 1", refresh=False)
                bar.update()
                show("a message", file=sys.stderr)
        for _ in progress_bar(range(1000)):
            pass
    lines = (tmp_path / "log").read_text().splitlines()
    bars = [line for line in lines if line != "a message"]
    assert len(lines) - len(bars) == 1000
    assert [line.split("%")[0].split()[-1] for line in bars] == ["0", "100"]


def test_a_bar_in_a_notebook_is_redrawn_below_the_messages_in_the_cell(monkeypatch, tmp_path):
    # Like that of a kernel: its fileno() is that of the output which the kernel was started with.
    class OutStream(io.StringIO):
        def fileno(self):
            return kernel.fileno()

    OutStream.__module__ = "ipykernel.iostream"
    with open(tmp_path / "log", "w") as kernel:
        monkeypatch.setattr(sys, "stdout", OutStream())
        monkeypatch.setattr(sys, "stderr", OutStream())
        with safe_output(waits=False):
            show("first")
            with progress_bar(total=2, leave=True) as bar:
                bar.update(2)
                show("a message")
            show("a warning", file=sys.stderr)
        cell, errors = sys.stdout.getvalue(), sys.stderr.getvalue()
    assert errors == "a warning\n" and (tmp_path / "log").read_text() == ""
    first, *states, end = re.split("[\r\n]", cell)
    assert (first, end) == ("first", "") and states.index("a message") < len(states) - 1
    assert states[-1].startswith("100%|") and cell.count("\r") > 2 and cell.count("\n") == 3


PROGRAM = """
import os, sys
from gan_tf.messages import show
from gan_tf.options import flags

def main(argv):
    with open(argv[1], "w") as file:
        show("to stdout")
        show("to stderr", file=sys.stderr)
        os.write(2, b"of native code")
        file.write("kept")
    return 7

flags.run(main)
"""


@pytest.mark.parametrize("closed", [(1,), (2,), (1, 2), (0, 1, 2)])
def test_messages_do_not_go_into_files_that_take_the_place_of_closed_output(tmp_path, closed):
    program = f"import os\nfor each in {closed}: os.close(each)\n"
    program += f"os.execv({sys.executable!r}, [{sys.executable!r}, '-c', {PROGRAM!r}, 'file'])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (ended.returncode, (tmp_path / "file").read_text()) == (7, "kept")
    assert ended.stdout == ("" if 1 in closed else "to stdout\n")
    assert ended.stderr == ("" if 2 in closed else "to stderr\nof native code")


@pytest.mark.slow
def test_output_that_nobody_reads_does_not_end_a_training(photos, tmp_path):
    flags_of_run = (
        f"--dataset=image_folder --image_dir={photos} --image_size=8 --arch=mlp(width=4) "
        "--batch_size=8 --steps=30 --checkpoint_every=10steps --precision=float32"
    ).split()
    read, broken = os.pipe()
    os.close(read)
    full = os.open("/dev/full", os.O_WRONLY)
    started = {}
    for name, output in {"broken": broken, "full": full}.items():
        command = [sys.executable, "-m", "gan_tf.main", *flags_of_run, f"--run_dir={name}"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        options = {"stdout": output, "stderr": output, "cwd": tmp_path, "env": environment}
        started[name] = subprocess.Popen(command, **options)
    for name, process in started.items():
        assert process.wait(300) == 0
        rows = (tmp_path / name / "metrics.jsonl").read_text().splitlines()
        assert json.loads(rows[-1])["step"] == 30
        assert (tmp_path / name / "checkpoints" / "00000030").is_dir()
        assert (tmp_path / name / "generator.keras").exists()
    for each in (broken, full):
        os.close(each)


def test_texts_are_rewritten_within(capsys):
    with rewritten(str.upper):
        with rewritten(lambda text: f"<{text}>"):
            show("inner")
        show("outer")
    show("plain")
    assert capsys.readouterr().out == "<inner>\nOUTER\nplain\n"
