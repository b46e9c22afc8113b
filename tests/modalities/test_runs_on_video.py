"""A run on videos, from training to export: everything asks the modality."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf import evaluate, export, generate
from gan_tf.data.moving_glyphs import MovingGlyphs
from gan_tf.errors import UserError
from gan_tf.modalities.video import moving_grid
from gan_tf.options.config import Config
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.training.trained import cut

pytestmark = pytest.mark.slow

OPTIONS = dict(
    dataset="moving_glyphs",
    image_size=28,
    frames=6,
    arch="mocogan(motion=2)",
    width=2,
    latent_dim=7,
    conditional="projection",
    trick=("ema(0.9)",),
    batch_size=16,
    steps=30,
    precision="float32",
    deterministic=True,
    flip=True,
    jitter=0.1,
    sample_every="15steps",
    checkpoint_every="15steps",
    log_every="10steps",
    evaluate_every="30steps",
    metric=("fid(50)",),
)


def train(folder, **changes):
    config = Config(run_dir=str(folder), **OPTIONS | changes).resolve()
    assert loop.train(config) == 0
    return folder


@pytest.fixture(scope="module", autouse=True)
def few():
    """A smaller data set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MovingGlyphs, "num_examples", 120)
        patch.setattr(MovingGlyphs, "num_held_out", 60)
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory, few):
    return train(tmp_path_factory.mktemp("video") / "run")


def state(run):
    reader = tf.train.load_checkpoint(str(run / "checkpoints" / "00000030" / "state"))
    names = set(reader.get_variable_to_shape_map()) - {"_CHECKPOINTABLE_OBJECT_GRAPH"}
    return {name: reader.get_tensor(name) for name in names}


def test_its_snapshots_play_and_show_frames(run):
    names = {each.name for each in (run / "samples").iterdir()}
    steps = {f"step-{step:08d}{suffix}" for step in (0, 15, 30) for suffix in (".gif", ".png")}
    assert names == steps | {"reals.gif", "reals.png", "animation.gif"}
    with Image.open(run / "samples" / "reals.gif") as reals:
        assert reals.n_frames == 6 and reals.info["duration"] == 100
    with Image.open(run / "samples" / "step-00000030.png") as strips:
        assert strips.size == (6 * 28, 8 * 30 - 2)


def test_its_rate_is_saved(run):
    facts = json.loads((run / "data.json").read_text())
    assert facts["traits"] == {"fps": 10.0} and facts["sample_shape"] == [6, 28, 28, 1]


def test_a_resumed_run_ends_like_one_that_was_not_interrupted(run, tmp_path):
    other = train(cut(run, tmp_path / "other", 15))
    ours, theirs = state(other), state(run)
    assert ours.keys() == theirs.keys() and len(ours) > 40
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    for name in ("step-00000030.gif", "step-00000030.png"):
        assert (other / "samples" / name).read_bytes() == (run / "samples" / name).read_bytes()


def test_generate_writes_the_same_videos_in_every_format_and_longer_ones(run, tmp_path):
    def made(name, *words):
        chosen = [f"--run_dir={run}", "--num_images=5", "--seed=3", "--label=4"]
        assert generate.main(["", *chosen, f"--out={tmp_path / name}", *words]) == 0
        return tmp_path / name

    with np.load(made("x.npz")) as arrays:
        videos = arrays["videos"]
        assert (videos.shape, videos.dtype) == ((5, 6, 28, 28, 1), np.uint8)
        assert arrays["label"].tolist() == [4] * 5
    with Image.open(made("x.gif")) as shown:
        shown.seek(3)
        pixels = np.asarray(shown.convert("L"))[::3, ::3]
    np.testing.assert_array_equal(pixels, list(moving_grid(videos))[3][..., 0])
    with np.load(made("long.npz", "--frames=20")) as arrays:
        long = arrays["videos"]
    assert long.shape == (5, 20, 28, 28, 1)
    assert np.abs(long[:, :6].astype(int) - videos).max() <= 1
    with pytest.raises(UserError, match="--reject=drs: discriminators see as many frames"):
        made("x.npz", "--frames=20", "--reject=drs", "--label=4")


def test_evaluate_scores_it(run, tmp_path):
    metrics = ["--metric=fid", "--metric=same_digit"]
    words = [f"--run_dir={run}", "--num_images=50", *metrics, f"--json={tmp_path / 'scores.json'}"]
    assert evaluate.main(["", *words]) == 0
    found = json.loads((tmp_path / "scores.json").read_text())["metrics"]
    assert found["fid"]["floor"] < found["fid"]["value"]
    assert found["same_digit"]["floor"] > 0.9


@pytest.mark.parametrize("kind, dtype", [("saved_model", "uint8"), ("tflite", "float32")])
def test_an_export_makes_the_samples_of_the_run(run, kind, dtype, capsys):
    assert export.main(["", f"--run_dir={run}", f"--format={kind}", f"--dtype={dtype}"]) == 0
    assert "the values of 8 videos differ from the run's" in capsys.readouterr().out
    folder = run / "exported" / f"{kind}-{dtype}"
    card = (folder / "MODEL_CARD.md").read_text()
    assert "a generator of videos" in card and "6 frames, 10 per second, of 28x28" in card
    with Image.open(folder / "samples.png") as picture:
        assert picture.size == (6 * 28, 10 * 30 - 2)  # a row per class
    if kind == "saved_model":
        functions = tf.saved_model.load(str(folder / kind)).signatures
        trained = TrainedRun(run)
        latents = np.asarray(keras.random.normal((3, trained.latent_dim), seed=0))
        labels = np.array([0, 4, 9], np.int32)
        made = functions["serving_default"](latent=tf.constant(latents), label=tf.constant(labels))
        ours = trained.samples(latents, labels)
        assert np.abs(made["videos"].numpy().astype(int) - ours).max() <= 1
