"""The base of all kinds, by a kind with three networks and optimizers that only a plug-in knows."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from tests import forks
from tests.conftest import ROOT, assert_user_error

pytestmark = pytest.mark.slow

PLUGIN = {"GAN_TF_PLUGINS": "tests.gans.two_critics", "PYTHONPATH": str(ROOT)}


def flags(photos, folder, *changes):
    return [
        "--gan=two_critics(weight=0.5)",
        "--dataset=image_folder",
        f"--image_dir={photos}",
        "--image_size=8",
        "--arch=mlp(width=4)",
        "--latent_dim=5",
        "--batch_size=8",
        "--precision=float32",
        "--deterministic",
        "--log_every=1steps",
        "--checkpoint_every=1epoch",
        f"--run_dir={folder}",
        *changes,
    ]


@pytest.fixture(scope="module")
def run(photos, tmp_path_factory):
    """A run with an average, a schedule, clipping, two rates and a penalty."""
    folder = tmp_path_factory.mktemp("base") / "run"
    tricks = ["ema(0.9)", "lr_decay", "gradient_clipping(1.0)", "ttur(2.0)"]
    options = [*(f"--trick={each}" for each in tricks), "--penalty=weight_clip(0.05)"]
    result = forks.run("gan_tf.main", flags(photos, folder, "--steps=12", *options), PLUGIN)
    assert result.returncode == 0, result.stderr
    return folder, options


def arrays(folder, step):
    reader = tf.train.load_checkpoint(str(folder / "checkpoints" / f"{step:08d}" / "state"))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names if not name.startswith("_CHECK")}


def test_every_network_and_optimizer_is_trained_logged_and_saved(run):
    folder, _ = run
    found = arrays(folder, 12)
    for name in ("generator", "first", "second"):
        (counted,) = (
            v for k, v in found.items() if k.startswith(f"{name}_optimizer/") and "iter" in k
        )
        assert counted == 12
    clipped = [
        v
        for k, v in found.items()
        if k.startswith(("first_optimizer/_train", "second_optimizer/_train"))
    ]
    assert max(np.abs(each).max() for each in clipped) <= 0.05 + 1e-6
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert {"first_loss", "second_gradient_norm", "generator_loss"} <= rows[-1].keys()


def test_it_resumes_bit_for_bit(run, photos, tmp_path):
    folder, options = run
    shutil.copytree(folder, tmp_path / "run")
    for step in ("00000010", "00000012"):
        shutil.rmtree(tmp_path / "run" / "checkpoints" / step)
    command = flags(photos, tmp_path / "run", "--steps=12", *options)
    resumed = forks.run("gan_tf.main", command, PLUGIN)
    assert "Resuming from step 5" in resumed.stdout, resumed.stderr
    mine, theirs = arrays(tmp_path / "run", 12), arrays(folder, 12)
    assert mine.keys() == theirs.keys()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)


def test_its_samples_are_drawn_from_the_average_and_exported(run, tmp_path):
    folder, _ = run
    out = tmp_path / "fakes.npz"
    made = forks.run(
        "gan_tf.generate",
        [f"--run_dir={folder}", "--num_images=9", f"--out={out}", "--format=npz"],
        PLUGIN,
    )
    assert made.returncode == 0, made.stderr
    with np.load(out) as file:
        assert file["images"].shape == (9, 8, 8, 3)
    arguments = [f"--run_dir={folder}", f"--out={tmp_path / 'file'}"]
    exported = forks.run("gan_tf.export", arguments, PLUGIN)
    assert "differ from the run" in exported.stdout, exported.stderr


def test_another_run_starts_from_its_weights(run, photos, tmp_path):
    folder, _ = run
    command = flags(photos, tmp_path / "next", "--steps=1", f"--init_from={folder}")
    result = forks.run("gan_tf.main", command, PLUGIN)
    assert "second 3 of 3" in result.stdout, result.stdout + result.stderr


@pytest.mark.parametrize(
    "changes, words",
    [
        (["--trick=infogan"], "does not take --trick=infogan"),
        (["--trick=diff_augment"], "does not take --trick=diff_augment"),
        (["--conditional=concat"], "does not take --conditional=concat"),
        (["--packing=2"], "does not take --packing=2"),
    ],
)
def test_what_it_does_not_call_is_refused(changes, words, photos, tmp_path, command):
    result = command("main", *flags(photos, tmp_path / "run", *changes), env=PLUGIN)
    assert_user_error(result, words)


@pytest.mark.parametrize("name", ["explore", "restore", "augment", "invert"])
def test_commands_that_it_does_not_name_refuse_its_runs(name, run, command):
    folder, _ = run
    options = [f"--run_dir={folder}"]
    options += ["--dataset"] * (name in ("restore", "invert"))
    options += ["--out=x", "--num_images=4"] * (name == "augment")
    assert_user_error(command(name, *options, env=PLUGIN), "does not work on runs of")
