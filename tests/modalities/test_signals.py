"""A modality that the package does not know: one plug-in file makes the commands work on it."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import forks
from tests.conftest import ROOT, assert_user_error
from tests.modalities.signals import signals

pytestmark = pytest.mark.slow

FLAGS = (
    "--dataset=sines",
    "--arch=mlp(width=8)",
    "--latent_dim=5",
    "--batch_size=16",
    "--conditional=concat",
    "--precision=float32",
    "--deterministic",
    "--steps=300",
    "--sample_every=100steps",
    "--checkpoint_every=100steps",
    "--log_every=50steps",
    "--evaluate_every=300steps",
    "--metric=fid",
)
PLUGIN = {
    "GAN_TF_PLUGINS": "tests.modalities.signals",
    "PYTHONPATH": str(ROOT),
    "TF_NUM_INTRAOP_THREADS": "2",  # resumed runs are the same with several threads, too
}


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts Python with the plug-in, in a folder of the module; returns the process."""
    folder = tmp_path_factory.mktemp("signals")

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=os.environ | PLUGIN,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    start.folder = folder
    return start


@pytest.fixture(scope="module")
def run(start):
    """Runs a command to its end, which must be a good one; returns what it printed."""

    def run(name, *arguments):
        done = forks.run(f"gan_tf.{name}", arguments, PLUGIN, start.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def trained(start, run):
    """The folder of a run without interruptions, and what its training printed."""
    printed = run("main", *FLAGS, "--run_dir=run")
    return start.folder / "run", printed


def table(path):
    return np.loadtxt(path, delimiter=",", ndmin=2)


def state(run):
    """{name: array} of the last checkpoint."""
    reader = tf.train.load_checkpoint(str(run / "checkpoints" / "00000300" / "state"))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def test_training_writes_snapshots_that_change(trained):
    folder, printed = trained
    assert "sines: 240 signals of 64x1, 2 labels." in printed
    shots = sorted((folder / "samples").glob("step-*.csv"))
    assert [each.stem[-3:] for each in shots] == ["000", "100", "200", "300"]
    values = [table(each) for each in shots]
    assert {each.shape for each in values} == {(16, 64)}  # 8 of each class
    assert all(np.abs(one - other).mean() > 100 for one, other in itertools.pairwise(values))
    reals = table(folder / "samples" / "reals.csv")
    spread = np.linspace(0, 239, 64).round().astype(int)  # from all over the data
    np.testing.assert_array_equal(reals, signals(240, 0)["signal"][spread, :, 0])
    assert len(table(folder / "samples" / "history.csv")) == 4 * 16
    assert json.loads((folder / "data.json").read_text())["sample_shape"] == [64, 1]


def test_its_samples_are_watched_and_scored(trained):
    rows = [json.loads(line) for line in (trained[0] / "metrics.jsonl").read_text().splitlines()]
    measured = {name: value for row in rows for name, value in row.items()}
    assert {"fid", "diversity", "distance", "class_diversity"} <= measured.keys()
    assert "checkerboard" not in measured
    assert np.isfinite(measured["fid"])


def test_it_learns_the_range_of_the_data(trained):
    def spread(name):
        return table(trained[0] / "samples" / name).std()

    assert spread("step-00000300.csv") > 2 * spread("step-00000000.csv")


def test_a_run_that_was_interrupted_ends_like_one_that_was_not(trained, start, run):
    folder = start.folder / "interrupted"
    process = start("-m", "gan_tf.main", *FLAGS, "--run_dir=interrupted")
    while not (folder / "samples" / "step-00000100.csv").exists():
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 128 + signal.SIGINT and "run the same command again" in printed
    assert not (folder / "samples" / "step-00000300.csv").exists()

    run("main", *FLAGS, "--run_dir=interrupted")
    ours, theirs = state(folder), state(trained[0])
    assert ours.keys() == theirs.keys() and len(ours) > 20
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    for name in ("step-00000200.csv", "step-00000300.csv", "history.csv"):
        files = (each / "samples" / name for each in (folder, trained[0]))
        assert len({each.read_bytes() for each in files}) == 1


def test_generate_repeats_by_seed_in_the_modality_own_format(trained, run):
    run("generate", "--run_dir=run", "--num_images=7", "--seed=3", "--label=slow")
    run("generate", "--run_dir=run", "--num_images=7", "--seed=3", "--label=0", "--format=npz")
    (text,) = (trained[0] / "generated").glob("*.csv")
    (archive,) = (trained[0] / "generated").glob("*.npz")
    with np.load(archive) as arrays:
        made, note = arrays["signals"], json.loads(str(arrays["metadata"]))
        assert arrays["label"].tolist() == [0] * 7
    assert (made.dtype, made.shape) == (np.int16, (7, 64, 1))
    assert 0 < np.abs(made.astype(int)).max() <= 32767
    assert len(np.unique(made, axis=0)) == 7
    np.testing.assert_array_equal(table(text), made[..., 0])
    assert note["Description"] == "Generated by a neural network, not a measurement (run)"
    assert note["signals"] == 7


def test_a_way_through_the_latents_has_that_format_too(trained, start, run):
    run("generate", "--run_dir=run", "--walk=3", "--frames=5", "--out=walk.csv")
    steps = table(start.folder / "walk.csv")
    assert steps.shape == (15, 64)
    jumps = np.abs(np.diff(steps, axis=0)).mean(axis=1)
    assert jumps.max() < np.abs(steps[0] - steps[7]).mean() + 2 * jumps.mean()


def test_evaluate_scores_it_by_every_metric_that_understands_it(trained, start, run):
    printed = run("evaluate", "--run_dir=run", "--json=scores.json")
    scores = json.loads((start.folder / "scores.json").read_text())
    assert {"fid", "kid", "precision", "recall"} <= scores["metrics"].keys()
    assert not {"ms_ssim", "swd"} & scores["metrics"].keys()
    fid = scores["metrics"]["fid"]
    assert 0 < fid["floor"] < fid["ceiling"] and fid["n"] == 120
    assert (
        scores["features"].startswith("values ")
        and "Real signals are others of the data set" in printed
    )


def test_export_as_a_keras_file(trained, run):
    printed = run("export", "--run_dir=run", "--format=keras", "--dtype=int16")
    assert "the values of 8 signals differ from the run's" in printed
    folder = trained[0] / "exported" / "keras-int16"
    card = (folder / "MODEL_CARD.md").read_text()
    assert "a generator of signals" in card and "image" not in card.partition("## Flags")[0]
    generator = keras.saving.load_model(folder / "generator.keras", compile=False)
    made = generator.predict([np.ones((3, 5), np.float32), np.zeros(3, np.int32)], verbose=0)
    assert (made.shape, made.dtype) == ((3, 64, 1), np.int16)
    assert 1 < np.abs(made.astype(int)).max() <= 32767


# Each command in turn, in one process that has not imported TensorFlow.
COMMANDS = """
import contextlib, importlib, io, json, sys
from gan_tf.options import flags

ended = []
for command, *arguments in json.loads(sys.argv[1]):
    sys.argv = [command, "--run_dir=run", *arguments]
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        try:
            flags.run(importlib.import_module(f"gan_tf.{command}").main)
        except SystemExit as end:
            ended.append((end.code, errors.getvalue(), "tensorflow" in sys.modules))
print(json.dumps(ended))
"""
REFUSED = [
    ("explore", (), "gan_tf.explore is for clips and images and"),
    ("restore", ("--dataset",), "gan_tf.restore is for images"),
    ("invert", ("--dataset",), "gan_tf.invert is for images"),
    ("anomaly", ("--dataset",), "gan_tf.anomaly is for images"),
    ("augment", ("--out=fakes",), "gan_tf.augment is for images"),
    ("evaluate", ("--memorization=copies.png",), "--memorization is for images"),
    ("evaluate", ("--metric=swd",), "metric 'swd' is for images"),
    ("evaluate", ("--features=random_conv",), "extractor 'random_conv' is for images"),
    (
        "generate",
        ("--format=gif",),
        "format 'gif' is for images and videos, and these samples are signals",
    ),
    ("generate", ("--arithmetic=slow - fast",), "unlike 'values'"),
    ("export", ("--dtype=uint8",), "give float32 or int16"),
    ("main", ("--dataset=sines", "--arch=dcgan"), "architecture 'dcgan' is for images"),
    ("main", (*FLAGS, "--trick=diff_augment"), "trick 'diff_augment' is for images"),
    ("main", (*FLAGS, "--flip"), "signals cannot be mirrored"),
    ("main", (*FLAGS, "--image_size=32"), "--image_size has no effect on the data set 'sines'"),
]


@pytest.fixture(scope="module")
def refusals(trained, start):
    """The exit status of each of `REFUSED`, its errors, and whether TensorFlow is imported."""
    commands = json.dumps([(command, *arguments) for command, arguments, _ in REFUSED])
    process = start("-c", COMMANDS, commands)
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return json.loads(printed.splitlines()[-1])


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=[each[2] for each in REFUSED])
def test_what_is_for_images_is_refused_without_tensorflow(refusals, number):
    status, errors, imported = refusals[number]
    assert_user_error(subprocess.CompletedProcess([], status, "", errors), REFUSED[number][2])
    assert not imported


def test_help_names_what_the_plug_in_adds(run):
    assert "sines" in run("main", "--help")
    told = run("main", "--helpfull")
    assert "sines" in told and "Sines: 240 signals of 64 values, of two frequencies." in told
