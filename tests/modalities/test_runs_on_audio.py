"""A run on sound, from training to export: everything asks the modality."""

import json
import wave

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf import evaluate, export, generate
from gan_tf.options.config import Config
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop

pytestmark = pytest.mark.slow

OPTIONS = dict(
    dataset="tones",
    length=512,
    max_images=400,
    width=2,
    latent_dim=8,
    loss="wasserstein",
    penalty=("wgan_gp(10)",),
    conditional="projection",
    trick=("ema(0.9)",),
    batch_size=16,
    steps=30,
    precision="float32",
    deterministic=True,
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


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("audio") / "run")


def state(run):
    reader = tf.train.load_checkpoint(str(run / "checkpoints" / "00000030" / "state"))
    names = set(reader.get_variable_to_shape_map()) - {"_CHECKPOINTABLE_OBJECT_GRAPH"}
    return {name: reader.get_tensor(name) for name in names}


def samples_of(path):
    with wave.open(str(path)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_its_snapshots_are_sound_and_pictures(run):
    names = {each.name for each in (run / "samples").iterdir()}
    steps = {f"step-{step:08d}{suffix}" for step in (0, 10, 20, 30) for suffix in (".wav", ".png")}
    assert names == steps | {"reals.wav", "reals.png", "animation.gif"}
    heard = samples_of(run / "samples" / "step-00000030.wav")
    assert len(heard) == 16 * (512 + 1200) and heard.any()


def test_its_rate_is_saved(run):
    facts = json.loads((run / "data.json").read_text())
    assert facts["traits"] == {"sample_rate": 8000} and facts["sample_shape"] == [512, 1]
    assert Config(**OPTIONS).arch == "wavegan"


def test_a_resumed_run_ends_like_one_that_was_not_interrupted(run, tmp_path):
    other = train(tmp_path / "other", steps=20)
    train(other)
    ours, theirs = state(other), state(run)
    assert ours.keys() == theirs.keys() and len(ours) > 40
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    for name in ("step-00000030.wav", "step-00000030.png"):
        assert (other / "samples" / name).read_bytes() == (run / "samples" / name).read_bytes()


def test_generate_writes_the_same_sound_in_every_format(run, tmp_path):
    words = [f"--run_dir={run}", "--num_images=9", "--seed=3", "--label=A4"]
    assert generate.main(["", *words, f"--out={tmp_path / 'made'}"]) == 0
    assert generate.main(["", *words, f"--out={tmp_path / 'made.npz'}"]) == 0
    files = sorted((tmp_path / "made").iterdir())
    assert len(files) == 9 and {each.suffix for each in files} == {".wav"}
    with np.load(tmp_path / "made.npz") as arrays:
        clips = arrays["clips"]
        assert (clips.shape, clips.dtype) == ((9, 512, 1), np.int16)
        assert arrays["label"].tolist() == [4] * 9
    np.testing.assert_array_equal([samples_of(each) for each in files], clips[..., 0])
    assert b"not a recording" in files[0].read_bytes()


def test_evaluate_scores_it_by_every_metric_that_understands_it(run, tmp_path):
    words = [f"--run_dir={run}", "--num_images=50", f"--json={tmp_path / 'scores.json'}"]
    assert evaluate.main(["", *words]) == 0
    found = json.loads((tmp_path / "scores.json").read_text())["metrics"]
    assert {"fid", "kid", "precision"} <= found.keys() and not {"ms_ssim", "swd"} & found.keys()
    assert found["fid"]["floor"] < found["fid"]["value"]


@pytest.mark.parametrize("kind, dtype", [("saved_model", "int16"), ("tflite", "float32")])
def test_an_export_makes_the_samples_of_the_run(run, kind, dtype, capsys):
    assert export.main(["", f"--run_dir={run}", f"--format={kind}", f"--dtype={dtype}"]) == 0
    assert "the values of 8 clips differ from the run's" in capsys.readouterr().out
    folder = run / "exported" / f"{kind}-{dtype}"
    card = (folder / "MODEL_CARD.md").read_text()
    assert "a generator of clips" in card and "512 samples at 8,000 Hz" in card
    if kind == "saved_model":
        functions = tf.saved_model.load(str(folder / kind)).signatures
        latents = np.asarray(keras.random.normal((3, 8), seed=0))
        labels = np.array([0, 4, 9], np.int32)
        made = functions["serving_default"](latent=tf.constant(latents), label=tf.constant(labels))[
            "clips"
        ]
        ours = TrainedRun(run).samples(latents, labels)
        assert made.dtype == tf.int16 and np.abs(made.numpy().astype(int) - ours).max() <= 1
