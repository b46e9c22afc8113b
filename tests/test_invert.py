"""`python -m gan_tf.invert`, as a user runs it."""

import csv
import pathlib
import shutil

import numpy as np
import pytest
from PIL import Image

from gan_tf import invert, latents
from gan_tf.errors import UserError
from gan_tf.metrics import image_similarity
from gan_tf.modalities.image import png
from gan_tf.runs.style_space import StyleSpace
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import assert_user_error

FAST = ("--steps=40", "--starts=2", "--batch_size=16")


def call(*arguments):
    return invert.main(["invert", *map(str, arguments)])


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def samples(trained, folder, labels=None):
    """Writes three of the run's own samples, which can be found exactly; returns their pixels."""
    made = trained.samples(latents.draw(5, range(3), trained.latent_dim), labels)
    folder.mkdir()
    for number, image in enumerate(made):
        (folder / f"{number}.png").write_bytes(png(image))
    return made


def test_own_samples_are_found_again(plain_run, tmp_path, capsys):
    trained = TrainedRun(plain_run)
    made = samples(trained, tmp_path / "images")
    (tmp_path / "images" / "notes.txt").write_text("no image")
    out = tmp_path / "out"
    call(f"--run_dir={plain_run}", f"--images={tmp_path / 'images'}", f"--out={out}", "--starts=2")
    printed = capsys.readouterr().out
    assert "1 file is not an image: 'notes.txt'." in printed
    errors = rows(out / "errors.csv")
    assert [row["file"] for row in errors] == ["0.png", "1.png", "2.png"]
    assert all(float(row["psnr"]) > 30 and row["start"] in "01" for row in errors)
    with np.load(out / "latents.npz", allow_pickle=False) as archive:
        assert archive["latents"].shape == (3, 5) and archive["latents"].dtype == np.float32
        assert list(archive["names"]) == ["0.png", "1.png", "2.png"]
        again = trained.samples(archive["latents"])
    np.testing.assert_allclose(
        image_similarity.mse(made, again), [float(row["mse"]) for row in errors], atol=1e-6
    )
    with Image.open(out / "reconstructions.png") as picture:
        sheet = np.asarray(picture)
    np.testing.assert_array_equal(sheet[:8, :8], made[0])
    np.testing.assert_array_equal(sheet[:8, 10:18], again[0])


@pytest.mark.parametrize(
    "run, space",
    [
        ("labeled_style_run", "w"),
        ("style_run", "w_plus"),
    ],
)
@pytest.mark.slow
def test_own_samples_are_found_again_in_w(request, run, space, tmp_path):
    trained, out = TrainedRun(request.getfixturevalue(run)), tmp_path / "out"
    labels = [1, 0, 1] if trained.conditional else None
    made = samples(trained, tmp_path / "images", labels)
    where = f"--run_dir={trained.run.path}", f"--images={tmp_path / 'images'}", f"--out={out}"
    call(*where, f"--space={space}", "--steps=100", "--starts=1", "--objective=pixels")
    errors = rows(out / "errors.csv")
    assert all(float(row["psnr"]) > 25 for row in errors)
    styles = StyleSpace(trained)
    with np.load(out / "latents.npz", allow_pickle=False) as archive:
        found, given = archive[space], archive["labels"] if trained.conditional else None
    assert found.shape == ((3, 4) if space == "w" else (3, 6, 4))
    again = styles.samples(found if found.ndim == 3 else found[:, None].repeat(6, 1), given)
    np.testing.assert_allclose(
        image_similarity.psnr(made, again), [float(row["psnr"]) for row in errors], atol=0.1
    )


def test_archives_and_arrays_are_read_as_evaluate_reads_them(plain_run, photos, tmp_path):
    shutil.make_archive(str(tmp_path / "photos"), "zip", photos)
    np.savez(tmp_path / "fakes.npz", images=np.zeros((2, 8, 8, 3), np.uint8))
    for name, files in (("photos.zip", ["a/000.png", "a/002.png"]), ("fakes.npz", None)):
        call(
            f"--run_dir={plain_run}",
            f"--images={tmp_path / name}",
            f"--out={tmp_path / 'out'}",
            "--num_images=2",
            "--steps=2",
            "--starts=1",
        )
        found = [row["file"] for row in rows(tmp_path / "out" / "errors.csv")]
        assert found == (files or ["fakes-000000", "fakes-000001"])


@pytest.mark.slow
def test_classes_come_from_sub_folders_or_the_flag_or_are_tried(conditional_run, photos, tmp_path):
    def labels(*arguments):
        out = tmp_path / "out"
        call(f"--run_dir={conditional_run}", f"--out={out}", *FAST, *arguments)
        with np.load(out / "latents.npz") as archive:
            assert archive["labels"].shape == archive["names"].shape
        return [row["label"] for row in rows(out / "errors.csv")]

    assert labels(f"--images={photos}", "--num_images=30") == ["a"] * 20 + ["b"] * 10
    assert labels(f"--images={photos}", "--num_images=2", "--label=b") == ["b", "b"]
    assert labels("--dataset", "--num_images=22") == ["a"] * 20 + ["b"] * 2
    trained = TrainedRun(conditional_run)
    samples(trained, tmp_path / "images", [1, 0, 1])
    tried = labels(f"--images={tmp_path / 'images'}", "--steps=150")
    assert set(tried) <= {"a", "b"}


def test_a_packed_discriminator_compares_features_too(packed_run, tmp_path):
    call(f"--run_dir={packed_run}", "--dataset", "--num_images=3", f"--out={tmp_path}", *FAST)
    assert len(rows(tmp_path / "errors.csv")) == 3
    with pytest.raises(UserError, match="scores 2 at once"):
        call(f"--run_dir={packed_run}", "--dataset", "--objective=realism")


@pytest.mark.slow
def test_an_encoder_of_the_run_is_one_start_and_its_outputs_are_saved(bigan_run, tmp_path, capsys):
    """Without --encoder, since it is there; with it as well."""
    trained = TrainedRun(bigan_run)
    for arguments in ((), ("--encoder",)):
        call(f"--run_dir={bigan_run}", "--dataset", f"--out={tmp_path}", *FAST, *arguments)
        printed = capsys.readouterr().out
        assert "the run's own" in printed and "the encoder's start was the best" in printed
        assert not trained.run.encoder.exists()
        assert {row["start"] for row in rows(tmp_path / "errors.csv")} <= {"encoder", "0", "1"}
    pixels = trained.data().samples[:32]
    with np.load(tmp_path / "latents.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["codes"], trained.encode(pixels))
        np.testing.assert_array_equal(archive["features"], trained.encoder_features(pixels))
        assert archive["features"].shape == (32, 4)  # of the MLP's width
        assert list(archive["labels"]) == [0] * 20 + [1] * 12  # of the photos, for a classifier


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((), "--run_dir=..."),
        (("--run_dir={run}",), "either --images"),
        (
            ("--run_dir={run}", "--images=nothing-here"),
            "There is no file or folder 'nothing-here': correct --images",
        ),
        (("--run_dir={run}", "--images={empty}"), r"\(--images\) has no images that can be read"),
        (("--run_dir={run}", "--dataset", "--label=a"), "is not conditional"),
        (("--run_dir={run}", "--dataset", "--objective=pixel"), "did you mean 'pixels'"),
        (("--run_dir={run}", "--dataset", "--learning_rate=nan"), "out of range"),
        (("--run_dir={run}", "--dataset", "--checkpoint=77"), "no checkpoint '77'"),
        (("--run_dir={run}", "--dataset", "--space=w"), "--space=w is for generators with a space"),
    ],
)
def test_refuses_in_one_sentence(plain_run, tmp_path, arguments, message):
    (tmp_path / "broken.png").write_bytes(b"no image")
    with pytest.raises(UserError, match=message):
        call(*(each.format(run=plain_run, empty=tmp_path) for each in arguments))
    assert not (pathlib.Path(plain_run) / "inverted").exists()


def test_an_unknown_class_names_those_there_are(conditional_run):
    with pytest.raises(UserError, match="the classes are: a, b"):
        call(f"--run_dir={conditional_run}", "--dataset", "--label=c")


def test_the_command(command):
    result = command("invert", "--help")
    assert result.returncode == 0 and "shell" in result.stdout
    assert_user_error(command("invert", "--run_dir=nothing-here", "--dataset"), "no flags.txt")
