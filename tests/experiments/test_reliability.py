"""The programs of experiments/reliability, at a small size."""

import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from experiments.reliability import comparison, hostile_runs, large_folder, mutations, soak
from gan_tf.runs.run_dir import RunDir
from tests import forks
from tests.conftest import ROOT, tiny


def program(name, *arguments, cwd):
    """Runs one in a process that has not used TensorFlow, since they fork; returns what it printed."""
    environment = {"PYTHONPATH": str(ROOT)}
    process = forks.run(f"experiments.reliability.{name}", arguments, environment, cwd)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.mark.slow
def test_killed_runs_end_like_one_that_was_never_killed(glyphs_dir, tmp_path):
    # With this seed it is killed while the checkpoint of step 56 is written, and soon after it resumes.
    run = ("--only=tricks", "--steps=120", f"--data_dir={glyphs_dir}")
    arguments = ("--kills=2", "--seed=326", *run)
    printed = program("kills", *arguments, cwd=tmp_path)
    assert "2 kills" in printed and " 0 differ." in printed.splitlines()[-1]
    assert json.loads((tmp_path / "kills.jsonl").read_text().splitlines()[-1])["bytes"] > 500_000


@pytest.mark.slow
def test_broken_and_hostile_files_do_no_harm(tmp_path):
    printed = program("fuzz", "--images=60", "--archives=20", "--json=fuzz.json", cwd=tmp_path)
    assert "0 crashes, 0 changes outside" in printed
    found = json.loads((tmp_path / "fuzz.json").read_text())
    assert found["images used"] and found["images refused"] and found["archives refused"]


@pytest.mark.slow
def test_hostile_run_directories_and_clients_do_no_harm(tmp_path):
    arguments = ("--requests=60", "--slow_clients=20", "--only=encoder: m", "--json=hostile.json")
    program("hostile", *arguments, cwd=tmp_path)
    found = json.loads((tmp_path / "hostile.json").read_text())
    assert found["run directories"] == 1 and found["requests"] == 60
    assert (found["hangs"], found["read or written outside"], found["failures"]) == (0, 0, [])


def test_there_are_enough_hostile_run_directories(tmp_path):
    assert len(hostile_runs.cases()) >= 60
    (tmp_path / "run").mkdir()
    hostile_runs.cases()["samples links outside"](tmp_path / "run", tmp_path)
    assert (tmp_path / "run" / "samples").readlink() == tmp_path


@pytest.mark.slow
def test_a_comparison_finds_a_bit(photos, tmp_path):
    from gan_tf.training import loop

    run = RunDir(tiny(photos, tmp_path / "a", steps=2).run_dir)
    loop.train(tiny(photos, run.path, steps=2))
    assert not any(differ for _, differ in comparison.compare(run.path, run.path).values())
    whole = comparison.contents(run)
    assert {"metrics.jsonl", "health.json", "samples/step-00000002.png"} <= whole.keys()
    assert any(name.startswith("checkpoints/2/") for name in whole)
    other = tmp_path / "b"
    subprocess.run(["cp", "-r", run.path, other], check=True)
    content = bytearray(RunDir(other).metrics.read_bytes())
    content[-3] ^= 1
    RunDir(other).metrics.write_bytes(content)
    (RunDir(other).samples / "animation.gif").unlink()
    found = {k: d for k, (_, d) in comparison.compare(run.path, other).items() if d}
    assert found == {
        "metrics.jsonl": 1,
        "samples/animation.gif": 1 + len(whole["samples/animation.gif"]),
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_mutations_change_images_of_every_format(tmp_path, kind):
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(tmp_path / "x", kind)
    content = (tmp_path / "x").read_bytes()
    for mutate in {*mutations.OF_IMAGES, *mutations.OF_FILES}:
        assert any(mutate(content) != content for _ in range(20)), mutate


def test_a_large_folder_is_read_through_the_cache(tmp_path, capsys):
    arguments = ("--files=120", "--distinct=10", "--steps=2", "--cache_mb=0")
    folder = tmp_path / "large"
    argv = ["", *arguments, f"--folder={folder}", f"--json={tmp_path / 'figures.json'}"]
    for _ in range(2):
        assert large_folder.main(argv) == 0
    assert len(list((folder / "images").rglob("*.png"))) == 120
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["files decoded a second"] > 0
    assert "decoding to" in capsys.readouterr().out


@pytest.mark.parametrize("leak, grown", [(0, []), (5, ["rss_mb", "handles"])])
def test_a_soak_tells_what_grows(capsys, leak, grown):
    rows = [
        {
            "rss_mb": 400.0 + leak * number,
            "handles": 30 + leak * number,
            "threads": 20,
            "step_ms": 10.0 + number % 2,
            "step_cpu_ms": 15.0 + number % 2,
            "events_mb": number,
            "run_dir_mb": number,
            "step": 100 * number,
        }
        for number in range(40)
    ]
    assert soak.report(rows) == grown
    assert "events: 10,486 bytes a step" in capsys.readouterr().out
