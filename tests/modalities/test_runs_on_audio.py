"""A run on sound, from training to export: everything asks the modality."""

import json
import wave

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf import evaluate, export, generate
from gan_tf.data.tones import NOTES
from gan_tf.errors import UserError
from gan_tf.gans.build import build
from gan_tf.options.config import Config
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from gan_tf.training.transfer import start_from
from tests.training.trained import cut

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


SPECTROGRAMS = dict(
    representation="spectrogram(window=64, hop=32, iterations=4)",
    length=1024,  # 32x32
    arch="dcgan(width=2)",
    width=None,
    loss="hinge",
    penalty=("r1(1)",),
    discriminator_norm="none",
    trick=("ema(0.9)", "diff_augment"),
    steps=20,
    evaluate_every=None,
    metric=(),
)


@pytest.fixture(scope="module")
def spectrogram_run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("spectrograms") / "run", **SPECTROGRAMS)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("audio") / "run")


def state(run, step=30):
    reader = tf.train.load_checkpoint(str(run / "checkpoints" / f"{step:08d}" / "state"))
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
    other = train(cut(run, tmp_path / "other", 20))
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


def test_networks_can_see_spectrograms(spectrogram_run):
    trained = TrainedRun(spectrogram_run)
    assert trained.generator.output_shape == (None, 32, 32, 1)
    facts = json.loads((spectrogram_run / "data.json").read_text())
    assert facts["sample_shape"] == [1024, 1] and len(facts["traits"]["moments"]) == 64
    made = trained.images(5)
    assert (made.shape, made.dtype) == ((5, 1024, 1), np.int16) and made.any()
    np.testing.assert_array_equal(trained.images(3), made[:3])
    assert len(samples_of(spectrogram_run / "samples" / "step-00000020.wav")) == 16 * 2224


def test_a_resumed_run_on_spectrograms_ends_like_one_that_was_not_interrupted(
    spectrogram_run, tmp_path
):
    other = train(cut(spectrogram_run, tmp_path / "other", 10), **SPECTROGRAMS)
    ours, theirs = (state(each, 20) for each in (other, spectrogram_run))
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    name = "samples/step-00000020.wav"
    assert (other / name).read_bytes() == (spectrogram_run / name).read_bytes()
    assert (other / "data.json").read_bytes() == (spectrogram_run / "data.json").read_bytes()


def test_spectrogram_runs_are_scored(spectrogram_run, tmp_path, capsys):
    words = [f"--run_dir={spectrogram_run}", "--num_images=40", "--metric=fid"]
    assert evaluate.main(["", *words, f"--json={tmp_path / 'scores.json'}"]) == 0
    assert "are not those" not in capsys.readouterr().out


@pytest.mark.parametrize("kind, dtype", [("saved_model", "float32"), ("tflite", "int16")])
def test_an_export_has_the_inverse_inside(spectrogram_run, kind, dtype, capsys):
    words = [f"--run_dir={spectrogram_run}", f"--format={kind}", f"--dtype={dtype}"]
    assert export.main(["", *words]) == 0
    told = capsys.readouterr().out
    assert "the values of 8 clips differ from the run's" in told
    if kind == "saved_model":
        folder = spectrogram_run / "exported" / f"{kind}-{dtype}" / kind
        functions = tf.saved_model.load(str(folder)).signatures
        latents = np.asarray(keras.random.normal((3, 8), seed=0))
        labels = np.array([0, 4, 9], np.int32)
        made = functions["serving_default"](latent=tf.constant(latents), label=tf.constant(labels))[
            "clips"
        ].numpy()
        ours = TrainedRun(spectrogram_run).samples(latents, labels)
        assert made.shape == (3, 1024, 1)
        assert np.abs(np.clip(made, -1, 1) * 32767 - ours).max() <= 8


def test_a_run_on_spectrograms_starts_from_another(spectrogram_run, tmp_path, capsys):
    options = SPECTROGRAMS | dict(init_from=str(spectrogram_run), freeze_discriminator=1, steps=2)
    path = train(tmp_path / "next", **options, max_images=300)
    told = capsys.readouterr().out
    assert "generator 13 of 13, discriminator 5 of 5." in told and "another form" not in told
    after, before = state(path, 2), list(state(spectrogram_run, 20).values())

    def is_as_it_was(name):
        array = after[f"{name}/.ATTRIBUTES/VARIABLE_VALUE"]
        return any(np.array_equal(array, each) for each in before)

    assert is_as_it_was("discriminator/_operations/1/_kernel")  # frozen
    assert not is_as_it_was("discriminator_optimizer/_trainable_variables/0")
    ours, theirs = (
        json.loads((each / "data.json").read_text()) for each in (path, spectrogram_run)
    )
    assert ours["traits"]["moments"] != theirs["traits"]["moments"]  # each of its own data


def test_other_spectrograms_are_another_form_of_sound(spectrogram_run, tmp_path):
    def start(shape, **changes):
        config = Config(run_dir=str(tmp_path), **OPTIONS | SPECTROGRAMS | changes).resolve()
        gan = build(config, shape, tuple(NOTES) if config.conditional else ())
        return str(start_from(gan, spectrogram_run, representation=config.representation))

    other = "spectrogram(window=128, hop=32)"
    theirs = SPECTROGRAMS["representation"]
    assert start((32, 64, 1), representation=other).endswith(
        f"has --representation={theirs}, this one --representation={other}: its layers have learned "
        "another form of samples."
    )
    sound = dict(representation=None, arch="wavegan(width=1)", conditional=None, penalty=())
    message = (
        "No layer .* give that run's --arch=dcgan.* has --representation=.*, this one no --repr"
    )
    with pytest.raises(UserError, match=message):
        start((1024, 1), **sound, discriminator_norm=None, trick=())


def test_images_of_other_sizes_are_refused():
    with pytest.raises(UserError, match="makes images of 40 frames of 32 frequencies of 1,280"):
        Config(**OPTIONS | SPECTROGRAMS | {"length": 1280, "arch": "resnet"}).resolve()
    Config(**OPTIONS | SPECTROGRAMS | {"length": 1280}).resolve()
    with pytest.raises(UserError, match="not whole frames of 32: give --length=1024"):
        Config(**OPTIONS | SPECTROGRAMS | {"length": 1000}).resolve()
    with pytest.raises(UserError, match="'wavegan' is for clips, and these samples are images"):
        Config(**OPTIONS | SPECTROGRAMS | {"arch": "wavegan"}).resolve()
