"""The run directory: its layout, owner and lock."""

import dataclasses
import errno
import json
import math
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.files import file_lock
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.runs import run_dir
from gan_tf.runs.run_dir import RunDir
from tests.conftest import ROOT, bare_run, examples


@pytest.fixture
def run(tmp_path):
    return RunDir(tmp_path / "runs" / "a run")


def config_of(run, **changes):
    return Config(run_dir=str(run.path), **changes).resolve()


def refusal(call, *arguments):
    with pytest.raises(UserError) as error:
        call(*arguments)
    return str(error.value)


def in_another_process(run, then):
    """Starts a process that opens the run and then does `then`."""
    code = (
        "import sys\n"
        "from gan_tf.options.config import Config\n"
        "from gan_tf.runs.run_dir import RunDir\n"
        "run = RunDir(sys.argv[1])\n"
        f"run.open(Config().resolve())\n{then}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(run.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_layout(run):
    paths = {
        name: path.name for name, path in vars(run).items() if name != "path" and name[0] != "_"
    }
    assert paths == {
        "flags": "flags.txt",
        "data": "data.json",
        "checkpoints": "checkpoints",
        "best": "best",
        "samples": "samples",
        "metrics": "metrics.jsonl",
        "scores": "scores.json",
        "health": "health.json",
        "tracking": "tracking.json",
        "mlflow": "mlflow",
        "skipped": "skipped.txt",
        "tuning": "tuning.json",
        "generator": "generator.keras",
        "generated": "generated",
        "exported": "exported",
        "encoder": "encoder.keras",
        "encoder_facts": "encoder.json",
        "inverted": "inverted",
        "anomalies": "anomalies",
        "restored": "restored",
    }
    assert not [name for name in paths if getattr(run, name).parent != run.path]
    listed = sorted([*paths.values(), "events.out.*"])
    assert listed == sorted(
        line.split()[0].rstrip("/") for line in run_dir.__doc__.splitlines()[2:] if line
    )


def test_naming_a_run_makes_no_folder(run):
    assert not run.path.exists()


def test_tensorboard_names_a_run_after_its_folder(run):
    """It names runs after the folders that hold events, below the one it is given."""
    run.path.mkdir(parents=True)
    assert run.logs == run.path and run.events() == []
    (run.path / "events.out.tfevents.1.x").touch()
    assert [each.name for each in run.events()] == ["events.out.tfevents.1.x"]
    (run.path / "logs").mkdir()  # of an earlier version, which goes on there
    assert run.logs == run.path / "logs" and run.events() == []


def begin(run, config):
    """What a training does to its directory once its data are there."""
    run.open(config)
    run.write_flags(config)


def test_a_start_that_fails_leaves_nothing(tmp_path):
    """As when its data cannot be downloaded."""
    failed = RunDir(tmp_path / "runs" / "failed")
    failed.open(config_of(failed))
    failed.data.write_text("{}")
    failed.close()
    assert list(tmp_path.iterdir()) == []
    listed = RunDir(tmp_path / "runs" / "listed")
    listed.open(config_of(listed))
    listed.skipped.write_text("a.png: broken")
    listed.close()
    assert [each.name for each in listed.path.iterdir()] == ["skipped.txt"]


def test_a_folder_that_was_there_stays(run):
    run.path.mkdir(parents=True)
    run.open(config_of(run))
    run.close()
    assert list(run.path.iterdir()) == []


def test_opening_makes_the_folder_and_writes_the_flags(run):
    begin(run, config_of(run, seed=5))
    assert sorted(os.listdir(run.path)) == [".lock", "flags.txt"]
    header, *lines = run.flags.read_text().splitlines()
    assert header.startswith("# gan_tf ")
    command = ["python", "-m", "gan_tf.main", f"--flagfile={run.flags}", f"--run_dir={run.path}"]
    assert header.endswith(shlex.join(command)) and "'" in header
    assert lines == config_of(run, seed=5).to_flags()


def test_the_flags_come_back_as_they_were(run):
    config = config_of(
        run,
        dataset="image_folder",
        image_dir=str(run.path / "my photos"),
        arch="mlp(width=8)",
        generator_optimizer="sgd(0.1, nesterov=True)",
        flip=True,
        steps=9,
    )
    begin(run, config)
    assert run.config() == config


def test_flags_txt_as_a_flagfile_repeats_the_run_elsewhere(run, tmp_path):
    config = config_of(run, dataset="cifar10", width=16, log_every="7steps")
    begin(run, config)
    argv = ["", f"--flagfile={run.flags}", f"--run_dir={tmp_path / 'b'}"]
    again = flags.parse(Config, argv, "")[0].resolve()
    assert vars(again) == vars(config) | {"run_dir": str(tmp_path / "b")}


def test_a_moved_run_is_the_run_where_it_is_now(run, tmp_path):
    begin(run, config_of(run))
    run.path.rename(tmp_path / "moved")
    moved = RunDir(tmp_path / "moved")
    assert moved.config() == config_of(moved)


def test_free_flags_may_change_and_are_kept(run):
    begin(RunDir(run.path), config_of(run))
    changed = config_of(run, epochs=40, keep=1, log_every="1epoch", precision="float32")
    begin(run, changed)
    assert run.config() == changed


def test_other_flags_are_refused_with_both_values(run):
    begin(RunDir(run.path), config_of(run, batch_size=64, width=8))
    before = run.flags.read_text()
    message = refusal(run.open, config_of(run, seed=3, batch_size=64, loss="minimax"))
    assert message.startswith(
        f"'{run.path}' belongs to a run with --width=8 (now its default), "
        "--loss=non_saturating (now minimax), --seed=0 (now 3), which cannot change"
    )
    assert run.flags.read_text() == before


def test_a_folder_of_other_files_is_refused_and_left_alone(run):
    run.path.mkdir(parents=True)
    (run.path / "thesis.txt").write_text("mine")
    assert "is not empty and is not a run" in refusal(run.open, config_of(run))
    assert os.listdir(run.path) == ["thesis.txt"]
    assert (run.path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["train.log", "log.txt", "slurm-17.out", ".DS_Store", "Thumbs.db", "desktop.ini"]
)
def test_logs_and_files_of_the_system_are_no_other_files(run, name):
    run.path.mkdir(parents=True)
    (run.path / name).write_text("mine")
    begin(run, config_of(run))
    assert run.config() == config_of(run)
    assert (run.path / name).read_text() == "mine"


def test_the_file_that_the_output_goes_to_may_be_there(run):
    run.path.mkdir(parents=True)
    code = (
        "import sys\n"
        "from gan_tf.options.config import Config\n"
        "from gan_tf.runs.run_dir import RunDir\n"
        "RunDir(sys.argv[1]).open(Config().resolve())\n"
    )
    command = [sys.executable, "-c", code, str(run.path)]
    with open(run.path / "progress", "w") as file:
        assert subprocess.run(command, cwd=ROOT, stdout=file).returncode == 0
    assert "is not empty" in refusal(run.open, config_of(run))


def test_a_file_system_without_locks_is_no_reason_to_stop(run, monkeypatch, capsys):
    def flock(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(file_lock.fcntl, "flock", flock)
    begin(run, config_of(run))
    assert "cannot be locked on this file system (No locks available)" in capsys.readouterr().err
    assert (run.path / ".lock").read_text().startswith(f"process {os.getpid()} on ")


def test_a_start_that_failed_before_its_data_were_there_owns_nothing(run):
    RunDir(run.path).open(config_of(run, width=8))
    run.skipped.write_text("broken.jpg: broken")
    begin(run, config_of(run, width=16))
    assert run.config().width == 16


def test_other_ways_to_write_the_same_options_do_not_conflict(run):
    begin(RunDir(run.path), config_of(run, dataset="image_folder", image_dir="a/b"))
    same = config_of(run, dataset="image_folder", image_dir="a//b/", generator_optimizer="adam")
    run.open(same)
    run._check_owner(dataclasses.replace(same, crop="center", width=64))  # their defaults
    other = config_of(run, dataset="image_folder", image_dir="a/b", generator_optimizer="sgd")
    assert "--generator_optimizer" in refusal(run._check_owner, other)


def test_an_empty_folder_is_taken(run):
    run.path.mkdir(parents=True)
    begin(run, config_of(run))
    assert run.config() == config_of(run)


def test_a_second_process_is_refused_and_told_of_the_first(run):
    first = in_another_process(run, "print('ready', flush=True)\nsys.stdin.read()")
    try:
        assert first.stdout.readline() == "ready\n"
        message = refusal(run.open, config_of(run))
        assert f"'{run.path}' is in use by another training (process {first.pid} on " in message
        assert run.is_in_use()
    finally:
        first.communicate("")
    assert not run.is_in_use() and not RunDir(run.path.parent / "none").is_in_use()
    RunDir(run.path).open(config_of(run))


def test_a_process_that_is_killed_lets_go_of_the_lock(run):
    killed = in_another_process(run, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    killed.communicate()
    assert killed.returncode == -9
    run.open(config_of(run))
    assert (run.path / ".lock").read_text().startswith(f"process {os.getpid()} on ")
    assert len((run.path / ".lock").read_text().splitlines()) == 1


def test_a_run_directory_below_a_file_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "run"):
        message = refusal(RunDir(path).open, Config().resolve())
        assert f"'{path}' cannot be written" in message


def test_a_folder_without_flags_is_no_run(run, tmp_path):
    for each in (run, RunDir(tmp_path)):
        assert f"'{each.path}' is not a run directory" in refusal(each.config)


@pytest.mark.parametrize(
    "content",
    [
        b"--nonsense=1\n",
        b"--epochs=many\n",
        b"--noflip=2\n",
        b"--seed=-1\n",
        b"--loss=foo\n",
        b"rubbish\n",
        b"\xff\xfe\x00",
    ],
)
def test_damaged_flags_are_told(run, content):
    run.path.mkdir(parents=True)
    run.flags.write_bytes(content)
    start = f"'{run.flags}' is damaged or was written by another version: "
    assert refusal(run.config).startswith(start)
    assert refusal(run.open, config_of(run)).startswith(start)
    assert run.flags.read_bytes() == content


def images(count=10, size=8, labels=("a", "b"), ones=None):
    ones = count // 2 if ones is None else ones
    classes = (np.arange(count) < ones).astype(int) if labels else None
    return examples(np.zeros((count, size, size, 3), np.uint8), classes, labels)


def test_the_facts_of_the_data_come_back(run):
    run.write_data(images())
    run.write_flags(config_of(run))
    facts = {"sample_shape": [8, 8, 3], "num_examples": 10, "label_names": ["a", "b"]}
    facts["label_counts"] = [5, 5]
    assert run.read_data() == facts
    run.write_data(images())
    assert run.read_data() == facts


def test_the_facts_of_older_runs_are_read_under_their_names_of_today(run):
    old = {"image_shape": [8, 8, 3], "num_images": 10, "label_names": ["a"], "label_counts": [10]}
    write(run.data, json.dumps(old).encode())
    run.write_flags(config_of(run))
    facts = {"sample_shape": [8, 8, 3], "num_examples": 10, "label_names": ["a"]}
    assert run.read_data() == facts | {"label_counts": [10]}
    write(run.data, json.dumps({**old, "num_images": "10"}).encode())
    assert "is missing or damaged" in refusal(run.read_data)


def test_the_classes_are_counted(run):
    labeled = examples(np.zeros((3, 8, 8, 3), np.uint8), np.array([1, 1, 0]), ("a", "b"))
    run.write_data(labeled)
    run.write_flags(config_of(run))
    assert run.read_data()["label_counts"] == [1, 2]
    run.flags.unlink()  # so that other data may be written
    attributes = examples(np.zeros((3, 8, 8, 3), np.uint8), np.zeros((3, 2), bool), ("a", "b"))
    run.write_data(attributes)
    run.write_flags(config_of(run))
    assert "label_counts" not in run.read_data()


@pytest.mark.parametrize(
    "changed, difference",
    [
        (images(count=1234), "10 examples of [8, 8, 3] then, 1,234 of [8, 8, 3] now"),
        (images(size=16), "10 examples of [8, 8, 3] then, 10 of [16, 16, 3] now"),
        (images(labels=()), "its classes were a, b then and are none now"),
        (images(labels=("a", "c")), "the class 'b' is 'c' now"),
        (images(labels=("b", "a")), "its classes were a, b then and are b, a now"),
        (images(ones=4), "5 of 'a' then, 6 now"),
    ],
)
def test_other_data_are_refused(run, changed, difference):
    run.write_data(images(), "content")
    run.write_flags(config_of(run))
    message = refusal(run.write_data, changed, "content")
    assert f"({difference})" in message
    assert run.read_data()["num_examples"] == 10


def test_data_of_other_content_are_refused(run):
    run.write_data(images(), "first")
    run.write_flags(config_of(run))
    message = refusal(run.write_data, images(), "second")
    assert "(as many, of the same shape, but other content)" in message
    run.write_data(images(), "first")
    assert run.read_data()["content"] == "first"


def test_the_content_of_older_runs_is_learned_when_they_are_resumed(run):
    run.write_data(images())
    run.write_flags(config_of(run))
    run.write_data(images(), "content")
    assert "other content" in refusal(run.write_data, images(), "other")


REPRESENTED = {"sample_rate": 8000, "representation": "spectrogram(window=16, hop=8)"}


@pytest.mark.parametrize(
    "moments",
    [None, [], [0.5] * 15, [0.5] * 15 + [0.0], [0.5] * 15 + [math.nan], ["x"] * 16, 3],
)
def test_impossible_moments_of_a_representation_are_told(tmp_path, moments):
    spec = REPRESENTED["representation"]
    run = bare_run(
        tmp_path / "run", dataset="tones", length=64, representation=spec, arch="mlp(width=2)"
    )
    facts = {"sample_shape": [64, 1], "num_examples": 10, "label_names": []}
    good = facts | {"traits": REPRESENTED | {"moments": [0.5] * 16}}
    run.data.write_text(json.dumps(good))
    assert run.modality().network_shape((64, 1)) == (8, 8, 1)
    traits = REPRESENTED if moments is None else REPRESENTED | {"moments": moments}
    run.data.write_text(json.dumps(facts | {"traits": traits}))
    assert "is missing or damaged" in refusal(run.read_data)
    run.data.write_text(json.dumps(facts | {"traits": {"sample_rate": 8000}}))
    assert "is missing or damaged" in refusal(run.read_data)


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"3", b"{}", b"\xff"])
def test_missing_or_damaged_data_are_told(run, content):
    if content is not None:
        write(run.data, content)
    assert refusal(run.read_data).startswith(f"'{run.data}' is missing or damaged")


@pytest.mark.parametrize(
    "line",
    [
        "--flagfile=/etc/passwd",
        "-flagfile=x",
        "--undefok=x",
        "/etc/passwd",
        "--help",
        "--help=loss",
        "--helpfull",
        "--helpshort",
        "--h",
        "-h",
        "--",
        "--dry_run",
        "--version=1",
        "--noseed_=1",
    ],
)
def test_only_flags_of_a_run_are_read_from_flags_txt(run, line):
    begin(run, config_of(run))
    run.flags.write_text(f"{run.flags.read_text()}{line}\n")
    assert "is not a flag of a run" in refusal(run.config)


def test_a_run_does_not_say_where_this_machine_keeps_its_caches(run):
    begin(run, config_of(run, cache_dir="/somewhere"))
    assert "--cache_dir=/somewhere" in run.flags.read_text()
    assert run.config().cache_dir is None


@pytest.mark.parametrize("name", ["checkpoints", "samples", "generated", "metrics", "health"])
def test_links_that_lead_out_of_the_directory_are_refused(run, tmp_path, name):
    begin(run, config_of(run))
    getattr(run, name).symlink_to(tmp_path / "elsewhere")
    message = refusal(RunDir(run.path).config)
    assert "outside the run directory" in message
    assert refusal(RunDir(run.path).open, config_of(run)) == message


@pytest.mark.parametrize(
    "name", ["generated/seed0", "samples/a/b", "checkpoints/00000002/about.json"]
)
def test_links_at_any_depth_that_lead_out_are_refused(run, tmp_path, name):
    begin(run, config_of(run))
    (tmp_path / "elsewhere").mkdir()
    (run.path / name).parent.mkdir(parents=True)
    for target in (tmp_path / "elsewhere", "/dev/zero", "../" * 9 + "tmp", tmp_path / "not there"):
        (run.path / name).symlink_to(target)
        for call in (
            lambda: RunDir(run.path).config(),
            lambda: RunDir(run.path).open(config_of(run)),
        ):
            assert f"'{run.path / name}' is a link to" in refusal(call)
        (run.path / name).unlink()


@pytest.mark.parametrize("name", ["health.json", "samples/step-00000001.png", "flags.txt", ".lock"])
def test_pipes_are_refused_at_once(run, name):
    begin(run, config_of(run))
    run.close()
    (run.path / name).parent.mkdir(exist_ok=True)
    (run.path / name).unlink(missing_ok=True)
    os.mkfifo(run.path / name)
    assert "is" in refusal(RunDir(run.path).config)
    assert "is a pipe, a socket or a device" in refusal(RunDir(run.path).open, config_of(run))


def test_a_lock_that_is_another_file_s_is_left_alone(run, tmp_path):
    begin(run, config_of(run))
    run.close()
    (tmp_path / "precious").write_text("mine")
    (run.path / ".lock").unlink()
    os.link(tmp_path / "precious", run.path / ".lock")
    assert "is not a file of its own" in refusal(RunDir(run.path).open, config_of(run))
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_message_does_not_repeat_a_gigantic_line(run):
    begin(run, config_of(run))
    run.flags.write_text(f"{run.flags.read_text()}--arch={'x' * 100_000}\n")
    assert len(refusal(RunDir(run.path).config)) < 1000


def test_a_gigantic_flags_txt_is_not_read(run):
    begin(run, config_of(run))
    with open(run.flags, "r+b") as file:
        file.truncate(1 << 40)
    assert "too large" in refusal(RunDir(run.path).config)


def test_links_within_the_directory_and_to_it_are_used(run, tmp_path):
    begin(run, config_of(run))
    (run.path / "old").mkdir()
    run.samples.symlink_to("old")
    (tmp_path / "link").symlink_to(run.path)
    assert RunDir(tmp_path / "link").config().run_dir == str(tmp_path / "link")


def test_a_lock_that_is_a_link_is_not_followed(run, tmp_path):
    begin(run, config_of(run))
    (tmp_path / "precious").write_text("mine")
    (run.path / ".lock").unlink()
    (run.path / ".lock").symlink_to(tmp_path / "precious")
    assert "outside the run directory" in refusal(RunDir(run.path).open, config_of(run))
    assert (tmp_path / "precious").read_text() == "mine"


def test_another_host_s_lock_is_not_taken_over_silently(run, capsys):
    run.open(config_of(run))
    run.close()
    RunDir(run.path).open(config_of(run))
    assert capsys.readouterr().err == ""  # it had ended well, or been killed here
    (run.path / ".lock").write_text("process 7 on another-host\n")
    RunDir(run.path).open(config_of(run))
    assert "process 7 on another-host, did not exit cleanly" in capsys.readouterr().err


def test_closing_lets_go(run):
    begin(run, config_of(run))
    run.close()
    assert (run.path / ".lock").read_text() == ""
    other = in_another_process(run, "")
    other.communicate()
    assert other.returncode == 0


@pytest.mark.parametrize(
    "change",
    [
        {"sample_shape": [100_000, 100_000, 3]},
        {"sample_shape": [8, 8]},
        {"sample_shape": ["8", 8, 3]},
        {"sample_shape": [8, 8, 30]},
        {"num_examples": -1},
        {"num_examples": True},
        {"num_examples": 10**15},
        {"num_examples": 10**400},
        {"num_examples": 1e999},
        {"sample_shape": [8, 8, 3] + [[]] * 1000},
        {"label_names": ["x" * 2000]},
        {"label_names": ["x"] * 200_000},
        {"label_names": [1]},
        {"label_names": None},
        {"label_counts": [1]},
    ],
)
def test_facts_that_cannot_be_are_told(run, change):
    run.write_data(images())
    run.write_flags(config_of(run))
    write(run.data, json.dumps(json.loads(run.data.read_text()) | change).encode())
    assert "is missing or damaged" in refusal(run.read_data)


def test_samples_that_come_anew_are_deleted(run):
    run.samples.mkdir(parents=True)
    names = ["reals.png", "step-00000005.png", "step-00000006.png", "step-x.png"]
    for name in names:
        (run.samples / name).write_text("")
    run.drop_samples_after(5)
    names.remove("step-00000006.png")
    assert sorted(os.listdir(run.samples)) == names


@pytest.mark.parametrize(
    "labels, words",
    [
        (("a" * 1001, "b"), "a label's name"),
        ([f"{each:0>950}" for each in range(5000)], "more than 4,194,304"),
    ],
)
def test_what_could_not_be_read_again_is_refused(run, labels, words):
    with pytest.raises(UserError, match=rf"cannot be kept in .*data.json.* \(.*{words}"):
        run.write_data(images(labels=labels))
    assert not run.data.exists()


def test_names_in_any_script_are_kept_as_they_are(run):
    run.write_data(images(labels=("永", "é")))
    run.write_flags(config_of(run))
    assert "永" in run.data.read_text("utf-8") and run.read_data()["label_names"] == ["永", "é"]
