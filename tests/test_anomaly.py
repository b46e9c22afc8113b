"""`python -m gan_tf.anomaly`, as a user runs it."""

import csv
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from gan_tf import anomaly, latents
from gan_tf.errors import UserError
from gan_tf.inversion import encoder
from gan_tf.modalities.image import png
from gan_tf.runs.trained_run import TrainedRun


def call(*arguments):
    return anomaly.main(["anomaly", *map(str, arguments)])


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(plain_run, tmp_path):
    """A copy of the run, which an encoder may be stored in."""
    return shutil.copytree(plain_run, tmp_path / "run")


@pytest.fixture
def images(run, tmp_path):
    """Four of the run's own samples, and one of noise."""
    made = TrainedRun(run).samples(latents.draw(5, range(4), 5))
    noise = np.random.default_rng(0).integers(0, 2, (1, 8, 8, 3), np.uint8) * 255
    folder = tmp_path / "images"
    folder.mkdir()
    for number, image in enumerate([*made, *noise]):
        (folder / f"{number}.png").write_bytes(png(image))
    return folder


def test_search_finds_what_the_generator_cannot_make(run, images, tmp_path):
    out = tmp_path / "out"
    call(f"--run_dir={run}", f"--images={images}", "--method=search", f"--out={out}", "--top=2")
    found = rows(out / "scores.csv")
    assert found[0]["file"] == "4.png" and len(found) == 5
    scores = [float(row["score"]) for row in found]
    assert scores == sorted(scores, reverse=True) and scores[0] > 10 * scores[1]
    for row in found:
        parts = float(row["pixels"]) + float(row["features"])
        assert float(row["score"]) == pytest.approx(parts, abs=2e-6)
    with Image.open(out / "anomalies.png") as picture:
        assert picture.mode == "RGB" and picture.size == (6 * 10 - 2, 8)
        sheet = np.asarray(picture)
    with Image.open(images / "4.png") as noise:
        np.testing.assert_array_equal(sheet[:8, :8], np.asarray(noise))


def test_the_encoder_is_trained_once(run, images, tmp_path, capsys):
    arguments = (f"--run_dir={run}", f"--images={images}", f"--out={tmp_path / 'out'}")
    call(*arguments, "--encoder_steps=20", "--score=pixels")
    assert "Training an encoder, 20 steps" in capsys.readouterr().out
    first = (tmp_path / "out" / "scores.csv").read_bytes()
    assert rows(tmp_path / "out" / "scores.csv")[0].keys() == {"file", "score", "pixels", "label"}
    call(*arguments, "--score=pixels")
    printed = capsys.readouterr().out
    assert "Encoder: " in printed and "(20 steps)" in printed
    assert (tmp_path / "out" / "scores.csv").read_bytes() == first
    model = keras.saving.load_model(run / "encoder.keras")
    assert model.output_shape == (None, 5)
    # Not that of other weights, nor a broken one.
    trained = TrainedRun(run)
    trained.generator.set_weights([2 * each for each in trained.generator.get_weights()])
    assert encoder.stored(trained) is None
    assert encoder.stored(TrainedRun(run)).steps == 20
    with open(run / "encoder.keras", "ab") as file:
        file.write(b"x")
    assert encoder.stored(TrainedRun(run)) is None


@pytest.mark.slow
def test_the_encoder_of_the_run_is_used_where_it_has_one(bigan_run, images, tmp_path, capsys):
    call(f"--run_dir={bigan_run}", f"--images={images}", "--score=codes", f"--out={tmp_path}")
    printed = capsys.readouterr().out
    assert "Encoder: the run's own" in printed and "Training an encoder" not in printed
    trained = TrainedRun(bigan_run)
    assert not trained.run.encoder.exists()
    with Image.open(images / "4.png") as noise:
        seen = np.asarray(noise)[None]
    codes = trained.encode(seen)
    made = np.asarray(trained.generator(codes))
    expected = np.mean(np.square(trained.encode(made) - codes))
    found = {row["file"]: float(row["score"]) for row in rows(tmp_path / "scores.csv")}
    assert found["4.png"] == pytest.approx(expected, rel=1e-3, abs=2e-6)


@pytest.mark.slow
def test_a_conditional_run_without_known_classes_takes_the_one_that_fits(conditional_run, tmp_path):
    run = shutil.copytree(conditional_run, tmp_path / "run")
    images = tmp_path / "images"
    images.mkdir()
    for number, image in enumerate(
        TrainedRun(run).samples(latents.draw(5, range(3), 5), [0, 1, 1])
    ):
        (images / f"{number}.png").write_bytes(png(image))

    def scores(*arguments):
        call(f"--run_dir={run}", f"--images={images}", "--encoder_steps=5", *arguments)
        return {row["file"]: row for row in rows(run / "anomalies" / "scores.csv")}

    free, a, b = scores(), scores("--label=a"), scores("--label=b")
    for file, row in free.items():
        values = {each[file]["label"]: float(each[file]["score"]) for each in (a, b)}
        assert values.keys() == {"a", "b"}
        assert float(row["score"]) == pytest.approx(min(values.values()), abs=1e-5)
        assert values[row["label"]] == pytest.approx(min(values.values()), abs=1e-5)


def test_refuses_in_one_sentence(run, images):
    with pytest.raises(UserError, match="--method=encoder"):
        call(f"--run_dir={run}", f"--images={images}", "--method=search", "--score=codes")
    with pytest.raises(UserError, match="there is no such choice"):
        call(f"--run_dir={run}", f"--images={images}", "--method=guess")
    flags = run / "flags.txt"
    flags.write_text(flags.read_text().replace("--image_dir=", "--image_dir=/gone"))
    with pytest.raises(UserError, match="There is no directory '/gone"):  # to train the encoder on
        call(f"--run_dir={run}", f"--images={images}")
    assert not (run / "anomalies").exists() and not (run / "encoder.keras").exists()
