"""Runs on several devices and in several processes, as users start them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runtime import strategies, worker_processes
from tests import forks
from tests.conftest import ROOT, assert_user_error

pytestmark = pytest.mark.slow


LIGHT = {"arch": "mlp(width=4)", "image_size": 8}  # where any run will do


def flags(photos, run_dir, **changes):
    """The flags of a small run: 12 steps, an epoch of 4."""
    options = {
        "dataset": "image_folder",
        "image_dir": photos,
        "image_size": 28,
        "arch": "dcgan(width=4)",
        "latent_dim": 5,
        "batch_size": 12,
        "steps": 12,
        "checkpoint_every": "4steps",
        "sample_every": "4steps",
        "log_every": "4steps",
        "precision": "float32",
        "run_dir": run_dir,
    }
    return [f"--{name}={value}" for name, value in (options | changes).items()]


def weights(path):
    """All numbers of the newest checkpoint of a run, by name."""
    import tensorflow as tf

    store = CheckpointStore(RunDir(path).checkpoints)
    prefix = str(store.path(store.steps()[-1]) / "state")
    names = [name for name, _ in tf.train.list_variables(prefix) if "OBJECT_GRAPH" not in name]
    return {name: tf.train.load_variable(prefix, name) for name in names}


def steps(path):
    return CheckpointStore(RunDir(path).checkpoints).steps()


def rows(path):
    return [json.loads(line) for line in RunDir(path).metrics.read_text().splitlines()]


@pytest.fixture
def start(tmp_path):
    """Starts `python -m gan_tf.launch` with these arguments; ends it, at the latest, with the test."""
    processes = []

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "gan_tf.launch", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for each in processes:
        if each.poll() is None:
            for worker in workers_of(each).values():
                os.kill(worker, signal.SIGKILL)
            each.kill()
            each.wait()


def workers_of(process):
    """The process ids of the workers that a launch has started, by their numbers."""
    found = {}
    for each in subprocess.run(
        ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True
    ).stdout.split():
        with open(f"/proc/{each}/environ", "rb") as file:
            environment = dict(
                pair.split(b"=", 1) for pair in file.read().split(b"\0") if b"=" in pair
            )
        if b"TF_CONFIG" in environment:
            found[json.loads(environment[b"TF_CONFIG"])["task"]["index"]] = int(each)
    return found


def wait_for_checkpoint(path, process, after=0, seconds=300):
    until = time.monotonic() + seconds
    while max(steps(path), default=0) <= after:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "no checkpoint in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def copies(photos, tmp_path_factory):
    """The folder of a run of two copies on one machine, with batch normalization over both."""
    run = tmp_path_factory.mktemp("copies") / "run"
    options = [*flags(photos, run, steps=4), "--sync_batch_norm", "--strategy=mirrored(2)"]
    made = forks.run("gan_tf.main", options)
    assert made.returncode == 0, made.stderr
    return run


def test_copies_on_one_machine_make_a_run_like_any_other(copies, photos, tmp_path):
    assert steps(copies) == [4]
    assert [row["step"] for row in rows(copies)] == [4]
    assert (copies / "generator.keras").is_file()
    # It goes on on one device, and on another number of them.
    run = shutil.copytree(copies, tmp_path / "run")
    one = forks.run("gan_tf.main", [*flags(photos, run, steps=6), "--sync_batch_norm"])
    assert "Resuming from step 4" in one.stdout, one.stderr
    options = [*flags(photos, run, steps=8), "--sync_batch_norm", "--strategy=mirrored(3)"]
    three = forks.run("gan_tf.main", options)
    assert three.returncode == 0, three.stderr
    assert "Resuming from step 6" in three.stdout
    assert steps(run)[-1] == 8 and rows(run)[-1]["step"] == 8


def test_networks_of_short_steps_are_trained_too(photos, tmp_path):
    """Those that make several steps at once on one device, and batch norm without maps."""
    options = flags(photos, tmp_path / "run", arch="mlp(width=8)", batch_size=4, steps=20)
    options += ["--strategy=mirrored(2)", "--log_every=10steps"]
    made = forks.run("gan_tf.main", options)
    assert made.returncode == 0, made.stderr
    assert steps(tmp_path / "run")[-1] == 20


def test_videos_are_trained_too(tmp_path):
    """With a discriminator that draws random frames, on each device."""
    folder = tmp_path / "videos"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(8):
        frames = [Image.fromarray(each) for each in random.integers(0, 256, (3, 28, 28), np.uint8)]
        frames[0].save(folder / f"{number}.gif", save_all=True, append_images=frames[1:])
    changes = {"dataset": "video_folder", "arch": "mocogan(width=2)", "batch_size": 4, "steps": 2}
    options = [f"--video_dir={folder}", "--frames=3", "--strategy=mirrored(2)"]
    options += [
        each
        for each in flags(None, tmp_path / "run", **changes)
        if not each.startswith("--image_dir")
    ]
    made = forks.run("gan_tf.main", options)
    assert made.returncode == 0, made.stderr
    assert steps(tmp_path / "run")[-1] == 2


SOUND = {
    "dataset": "tones",
    "length": 256,
    "max_images": 40,
    "batch_size": 4,
    "steps": 2,
    "conditional": "projection",
}


def sound_flags(run, **changes):
    left_out = ("--image_dir", "--image_size")
    made = flags(None, run, **SOUND | changes)
    return [each for each in made if not each.startswith(left_out)]


def finite(run):
    return all(np.isfinite(each).all() for each in weights(run).values() if each.dtype == "f4")


def test_sound_is_trained_by_two_workers_too(command, tmp_path):
    run = tmp_path / "run"
    changes = {"arch": "wavegan(width=1)", "precision": "mixed_float16"}
    made = command("launch", "--workers=2", "--", *sound_flags(run, **changes))
    assert made.returncode == 0, made.stderr
    assert steps(run)[-1] == 2 and finite(run)
    assert (run / "samples" / "reals.wav").is_file()


def test_spectrograms_are_trained_on_copies_too(tmp_path):
    run = tmp_path / "run"
    changes = {
        "representation": "spectrogram(window=32, hop=16, iterations=2)",  # 16x16
        "arch": "mlp(width=4)",
        "precision": "mixed_bfloat16",
    }
    made = forks.run("gan_tf.main", [*sound_flags(run, **changes), "--strategy=mirrored(2)"])
    assert made.returncode == 0, made.stderr
    assert steps(run)[-1] == 2 and finite(run)


def test_two_workers_make_one_run_that_learns_what_two_copies_on_one_machine_learn(
    copies, command, photos, tmp_path
):
    run = tmp_path / "runs" / "run"
    run.parent.mkdir()
    options = [
        *flags(photos, run, steps=4),
        "--sync_batch_norm",
        f"--cache_dir={tmp_path / 'cache'}",
    ]
    made = command("launch", "--workers=2", "--", *options, env={"TMPDIR": str(run.parent)})
    assert made.returncode == 0, made.stderr
    # That of the second worker is gone.
    assert [each.name for each in run.parent.iterdir()] == ["run"]
    assert made.stdout.count("Run directory") == 1
    (cached,) = (tmp_path / "cache").iterdir()  # by one, for both
    assert cached.name.startswith("image_folder-")
    assert steps(run) == [4] and (run / "samples" / "step-00000004.png").is_file()
    some, others = weights(run), weights(copies)
    assert all(np.isfinite(value).all() for value in some.values() if value.dtype == "f4")
    assert some.keys() == others.keys()
    for name, value in some.items():
        np.testing.assert_allclose(value, others[name], rtol=1e-3, atol=1e-5, err_msg=name)
    for row, other in zip(rows(run), rows(copies), strict=True):
        assert row == pytest.approx(other, rel=1e-3, abs=1e-4)


def test_when_a_worker_is_killed_the_others_stop(start, photos, tmp_path):
    run = tmp_path / "run"
    process = start("--workers=3", "--", *flags(photos, run, steps=1_000_000, **LIGHT))
    wait_for_checkpoint(run, process)
    os.kill(workers_of(process)[1], signal.SIGKILL)
    _, errors = process.communicate(timeout=300)
    assert process.returncode not in (0, None)
    assert "Another worker has failed" in errors
    assert "Traceback" not in errors


def test_when_the_first_worker_is_killed_all_go_on_and_stop_when_told(start, photos, tmp_path):
    """The one whose output is shown, and that writes checkpoints, perhaps while it did."""
    run, options = tmp_path / "run", flags(photos, tmp_path / "run", steps=1_000_000, **LIGHT)
    process = start("--workers=2", "--", *options)
    wait_for_checkpoint(run, process)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    process.communicate(timeout=300)
    assert process.returncode not in (0, None)
    reached = steps(run)[-1]
    again = start("--workers=2", "--", *options)
    wait_for_checkpoint(run, again, after=reached)
    assert f"Resuming from step {reached:,}" in check_stops(again, again.pid, run)


@pytest.mark.parametrize("told", [0, 1])
def test_a_signal_to_one_of_them_stops_all_with_a_checkpoint(start, photos, tmp_path, told):
    run = tmp_path / "run"
    process = start("--workers=2", "--", *flags(photos, run, steps=1_000_000, **LIGHT))
    wait_for_checkpoint(run, process)
    check_stops(process, workers_of(process)[told], run)


def check_stops(process, told, run):
    """That a launch ends with a checkpoint when this process is told to; returns what it printed."""
    os.kill(told, signal.SIGTERM)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 143, errors
    assert f"Stopped at step {steps(run)[-1]:,}" in output
    return output


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--strategy=mirrored"], ["finds no GPU", "mirrored(2)"]),
        (["--strategy=mirrored(2)", "--jit_compile=yes"], ["--jit_compile=yes", "one device"]),
        (["--strategy=mirrored(5)"], ["--batch_size=12", "5 replicas", "--batch_size=10 or 15"]),
        (["--strategy=multi_worker"], ["$TF_CONFIG is not set", "gan_tf.launch"]),
        (["--strategy=mirrorred(2)"], ["Unknown strategy", "did you mean 'mirrored'"]),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(command, photos, tmp_path, arguments, words):
    options = [*flags(photos, tmp_path / "run"), *arguments]
    restarts = "multi_worker" in arguments[0]  # as the process whose fork it would be
    result = command("main", *options) if restarts else forks.run("gan_tf.main", options)
    assert_user_error(result, *words)
    assert not (tmp_path / "run" / "flags.txt").exists()


@pytest.mark.parametrize(
    "resolver, words", [("slurm", "SLURM_PROCID.*srun"), ("k8s", "'k8s'.*tf_config, slurm")]
)
def test_what_names_no_workers_is_told_in_a_sentence(resolver, words):
    with pytest.raises(UserError, match=words):
        strategies.multi_worker(resolver)


def cluster(workers, index=0):
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})


@pytest.mark.parametrize(
    "value, words",
    [
        (cluster(["nonsense", "localhost:2"]), ["the address 'nonsense' is not host:port"]),
        (cluster(["localhost:0"]), ["the address 'localhost:0' is not host:port"]),
        (cluster(["localhost:99999"]), ["is not host:port"]),
        (cluster(["a b:1"]), ["is not host:port"]),
        (cluster(["http://localhost:1"]), ["is not host:port"]),
        (cluster([""]), ["is not host:port"]),
        (cluster([5]), ["cannot determine the workers"]),
        (cluster(7), ["cannot determine the workers"]),
        (cluster(["localhost:1", "localhost:1"]), ["an address is given twice"]),
        (cluster(["localhost:1"], 3), ["worker 3, is not a worker of the cluster"]),
        (cluster(["localhost:1"], "x"), ["cannot determine the workers"]),
        ("{", ["cannot determine the workers"]),
        ("[3]", ["cannot determine the workers"]),
        ('{"task": 3}', ["cannot determine the workers"]),
        ('{"cluster": {"worker": {"x": "localhost:1"}}}', ["cannot determine the workers"]),
    ],
)
def test_a_nonsensical_cluster_is_told_in_a_sentence(monkeypatch, value, words):
    monkeypatch.setenv("TF_CONFIG", value)
    with pytest.raises(UserError) as error:
        strategies.multi_worker()
    for word in (*words, "set $TF_CONFIG in each process"):
        assert word in str(error.value)


def test_a_signal_ends_a_worker_that_waits_for_the_others(photos, tmp_path):
    waiting = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        ports = worker_processes._free_addresses(2)
        arguments = [*flags(photos, tmp_path / number.name), "--strategy=multi_worker"]
        waiting[number] = subprocess.Popen(
            [sys.executable, "-m", "gan_tf.main", *arguments],
            env=os.environ | {"TF_CONFIG": cluster(ports)},
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
    for process in waiting.values():
        assert process.stderr.readline().startswith("Worker 0 waits for all 2")
    time.sleep(5)  # TensorFlow has set its own handler by now
    for number, process in waiting.items():
        process.send_signal(number)
    for number, process in waiting.items():
        assert process.wait(30) == (-signal.SIGINT if number == signal.SIGTERM else -number)
        process.stderr.close()
        assert not (tmp_path / number.name).exists()


def test_launch_tells_what_made_a_worker_fail(command, photos, tmp_path):
    result = command(
        "launch", "--workers=2", "--", *flags(photos, tmp_path / "run", batch_size=14 * 3)
    )
    assert result.returncode == 1
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_slurm_names_the_workers(command, photos, tmp_path):
    """A job step of one task, whose node is this machine."""
    slurm = {
        "SLURM_JOB_ID": "123",
        "SLURM_PROCID": "0",
        "SLURM_STEP_NUM_TASKS": "1",
        "SLURM_STEP_NODELIST": "localhost",
        "SLURM_STEP_TASKS_PER_NODE": "1",
    }
    options = flags(photos, tmp_path / "run", steps=2, **LIGHT)
    made = command("main", *options, "--strategy=multi_worker('slurm')", env=slurm)
    assert made.returncode == 0, made.stderr
    assert steps(tmp_path / "run") == [2]


def test_slurm_s_nodes_are_in_their_order(monkeypatch):
    """By number, as Slurm counts its tasks, not by name."""
    slurm = {
        "SLURM_JOB_ID": "40123",
        "SLURM_PROCID": "1",
        "SLURM_STEP_NUM_TASKS": "4",
        "SLURM_STEP_NODELIST": "node[9-10]",
        "SLURM_STEP_TASKS_PER_NODE": "2(x2)",
    }
    for name, value in slurm.items():
        monkeypatch.setenv(name, value)
    cluster = strategies._of_slurm()
    nodes = ["node9:20123", "node9:20124", "node10:20123", "node10:20124"]
    assert cluster.cluster_spec().as_dict() == {"worker": nodes}
    assert (cluster.task_type, cluster.task_id) == ("worker", 1)
