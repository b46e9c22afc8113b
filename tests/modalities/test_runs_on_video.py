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
    sample_every="10steps",
    checkpoint_every="10steps",
    log_every="10steps",
    evaluate_every="30steps",
    metric=("fid(100)",),
)


def train(folder, **changes):
    config = Config(run_dir=str(folder), **OPTIONS | changes).resolve()
    assert loop.train(config) == 0
    return folder


@pytest.fixture(scope="module", autouse=True)
def few():
    """A smaller data set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MovingGlyphs, "num_examples", 200)
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
    steps = {f"step-{step:08d}{suffix}" for step in (0, 10, 20, 30) for suffix in (".gif", ".png")}
    assert names == steps | {"reals.gif", "reals.png", "animation.gif"}
    with Image.open(run / "samples" / "reals.gif") as reals:
        assert reals.n_frames == 6 and reals.info["duration"] == 100
    with Image.open(run / "samples" / "step-00000030.png") as strips:
        assert strips.size == (6 * 28, 8 * 30 - 2)


def test_its_rate_is_saved(run):
    facts = json.loads((run / "data.json").read_text())
    assert facts["traits"] == {"fps": 10.0} and facts["sample_shape"] == [6, 28, 28, 1]


def test_a_resumed_run_ends_like_one_that_was_not_interrupted(run, tmp_path):
    other = train(tmp_path / "other", steps=20)
    train(other)
    ours, theirs = state(other), state(run)
    assert ours.keys() == theirs.keys() and len(ours) > 40
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    for name in ("step-00000030.gif", "step-00000030.png"):
        assert (other / "samples" / name).read_bytes() == (run / "samples" / name).read_bytes()


def test_generate_writes_the_same_videos_in_every_format(run, tmp_path):
    words = [f"--run_dir={run}", "--num_images=5", "--seed=3", "--label=4"]
    for name in ("x.npz", "x.gif", "x.png"):
        assert generate.main(["", *words, f"--out={tmp_path / name}"]) == 0
    clips = ["--format=clips(kind='webp')", f"--out={tmp_path / 'clips'}"]
    assert generate.main(["", *words, *clips]) == 0
    with np.load(tmp_path / "x.npz") as arrays:
        videos = arrays["videos"]
        assert (videos.shape, videos.dtype) == ((5, 6, 28, 28, 1), np.uint8)
        assert arrays["label"].tolist() == [4] * 5
    with Image.open(tmp_path / "x.gif") as shown:
        shown.seek(3)
        pixels = np.asarray(shown.convert("L"))[::3, ::3]
    np.testing.assert_array_equal(pixels, list(moving_grid(videos))[3][..., 0])
    with Image.open(tmp_path / "clips" / "seed3-label4-000002.webp") as shown:
        shown.seek(5)
        np.testing.assert_array_equal(np.asarray(shown.convert("L")), videos[2, 5, ..., 0])
    with Image.open(tmp_path / "x.png") as strips:
        np.testing.assert_array_equal(np.asarray(strips)[:28, 28:56], videos[0, 1, ..., 0])


def test_generate_makes_longer_videos_and_grids_of_content_and_motion(run, tmp_path):
    def made(*words):
        out = tmp_path / "made.npz"
        assert generate.main(["", f"--run_dir={run}", f"--out={out}", *words]) == 0
        with np.load(out) as arrays:
            return dict(arrays)

    short, long = made("--num_images=3"), made("--num_images=3", "--frames=20")
    assert long["videos"].shape == (3, 20, 28, 28, 1)
    assert np.abs(long["videos"][:, :6].astype(int) - short["videos"]).max() <= 1
    grid = made("--motions=3", "--num_images=2", "--label=7")
    assert grid["videos"].shape == (6, 6, 28, 28, 1)
    assert grid["content"].tolist() == [0, 0, 0, 1, 1, 1]
    assert grid["motion"].tolist() == [0, 1, 2, 0, 1, 2]
    with pytest.raises(UserError, match="--reject=drs: discriminators see as many frames"):
        made("--frames=20", "--reject=drs")


def test_evaluate_scores_it_by_every_metric_that_understands_it(run, tmp_path):
    words = [f"--run_dir={run}", "--num_images=50", f"--json={tmp_path / 'scores.json'}"]
    assert evaluate.main(["", *words]) == 0
    found = json.loads((tmp_path / "scores.json").read_text())["metrics"]
    assert {"fid", "kid", "precision"} <= found.keys() and not {"ms_ssim", "swd"} & found.keys()


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
