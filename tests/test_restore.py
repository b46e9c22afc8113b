"""`python -m gan_tf.restore`, as a user runs it."""

import csv
import pathlib

import numpy as np
import pytest
from PIL import Image

from gan_tf import latents, restore
from gan_tf.errors import UserError
from gan_tf.metrics import image_similarity
from gan_tf.modalities.image import png
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny_translation, untrained

FAST = ("--steps=40", "--starts=2")


def call(*arguments):
    return restore.main(["restore", *map(str, arguments)])


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def images(plain_run, tmp_path_factory):
    """Three of the run's own samples."""
    folder = tmp_path_factory.mktemp("restore")
    for number, image in enumerate(TrainedRun(plain_run).samples(latents.draw(5, range(3), 5))):
        (folder / f"{number}.png").write_bytes(png(image))
    return folder


@pytest.mark.parametrize(
    "task, plain",
    [
        (("--task=inpaint",), "smooth_fill"),
        (("--task=inpaint", "--mask=random(0.4)"), "smooth_fill"),
        (("--task=denoise", "--noise=0.3"), "none"),
        (("--task=superres(2)",), "bicubic"),
        (("--task=colorize",), "gray"),
    ],
)
def test_what_the_generator_can_make_is_restored(plain_run, images, tmp_path, task, plain):
    call(f"--run_dir={plain_run}", f"--images={images}", f"--out={tmp_path}", *task)
    found = rows(tmp_path / "quality.csv")
    assert [row["file"] for row in found] == ["0.png", "1.png", "2.png"]
    ratios = {
        key: np.mean([float(row[f"psnr_{key}"]) for row in found]) for key in (plain, "restored")
    }
    assert ratios["restored"] > ratios[plain] + 3
    with Image.open(tmp_path / "before_after.png") as picture:
        sheet = np.asarray(picture)
    assert sheet.shape == (28, 28, 3)  # 3 x 3 images of 8, 2 apart
    originals = np.stack([np.asarray(Image.open(images / f"{k}.png")) for k in range(3)])
    np.testing.assert_array_equal(sheet[:8, :8], originals[0])
    files = sorted((tmp_path / "images").iterdir())
    assert [file.name for file in files] == ["0000-0.png", "0001-1.png", "0002-2.png"]
    restored = np.stack([np.asarray(Image.open(file)) for file in files])
    np.testing.assert_array_equal(sheet[20:, :8], restored[0])
    np.testing.assert_allclose(
        image_similarity.psnr(originals, restored),
        [float(row["psnr_restored"]) for row in found],
        atol=1e-3,
    )


def test_known_pixels_are_kept(plain_run, photos, tmp_path):
    arguments = f"--images={photos}", "--mask=left", "--num_images=2", f"--out={tmp_path}"
    call(f"--run_dir={plain_run}", *arguments, *FAST)
    with Image.open(tmp_path / "before_after.png") as picture:
        sheet = np.asarray(picture)
    np.testing.assert_array_equal(sheet[20:28, 4:8], sheet[:8, 4:8])
    assert np.all(sheet[10:18, :4] == 128)


def test_quality_of_images_that_are_noisy_already_is_not_measured(
    plain_run, images, tmp_path, capsys
):
    arguments = f"--images={images}", "--task=denoise", "--noise=0", f"--out={tmp_path}"
    call(f"--run_dir={plain_run}", *arguments, *FAST)
    assert "quality is not measured" in capsys.readouterr().out
    assert not (tmp_path / "quality.csv").exists() and (tmp_path / "before_after.png").exists()


def test_a_conditional_run_of_packed_or_known_images(conditional_run, packed_run, tmp_path):
    for run in (conditional_run, packed_run):
        call(f"--run_dir={run}", "--dataset", "--num_images=2", f"--out={tmp_path}", *FAST)
        assert len(rows(tmp_path / "quality.csv")) == 2


@pytest.fixture(scope="module")
def draws(bigan_run, tmp_path_factory):
    """What --method=gibbs writes for 5 images of which the left half is missing."""
    out = tmp_path_factory.mktemp("gibbs")
    arguments = "--dataset", "--num_images=5", "--method=gibbs", "--mask=left", "--draws=3"
    call(f"--run_dir={bigan_run}", *arguments, "--steps=4", f"--out={out}")
    return out


@pytest.mark.slow
def test_gibbs_keeps_known_pixels_in_every_draw(draws, photos):
    with Image.open(draws / "draws.png") as picture:
        sheet = np.asarray(picture)
    assert sheet.shape == (48, 48, 3)  # 5 rows of original, seen and 3 draws of 8, 2 apart
    cells = sheet[np.add.outer(10 * np.arange(5), np.arange(8))][
        :, :, np.add.outer(10 * np.arange(5), np.arange(8))
    ].transpose(0, 2, 1, 3, 4)
    originals, seen, drawn = cells[:, 0], cells[:, 1], cells[:, 2:]
    assert np.all(seen[:, :, :4] == 128)
    np.testing.assert_array_equal(seen[:, :, 4:], originals[:, :, 4:])
    np.testing.assert_array_equal(
        drawn[..., 4:, :], np.tile(originals[:, None, :, 4:], (1, 3, 1, 1, 1))
    )
    assert np.any(drawn[:, 0] != drawn[:, 1])


def test_gibbs_measures_one_draw_the_mean_and_the_spread(draws):
    found = rows(draws / "quality.csv")
    assert len(found) == 5
    with Image.open(draws / "draws.png") as picture:
        first = np.asarray(picture)[:8, 20:].astype(float) / 255
    drawn = np.stack([first[:, at : at + 8] for at in (0, 10, 20)])
    expected = np.std(drawn, axis=0)[:, :4].mean()  # of the missing half
    assert float(found[0]["spread"]) == pytest.approx(expected, abs=2e-3)
    assert {"psnr_restored", "psnr_generated", "psnr_mean", "ssim_mean_fill"} < set(found[0])
    files = sorted((draws / "images").iterdir())
    restored = np.asarray(Image.open(files[0])).astype(float) / 255
    assert min(np.abs(restored - each).max() for each in drawn) == 0  # one of the draws


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--task=inpant",), "did you mean 'inpaint'"),
        (("--task=inpaint", "--factor=2"), "--factor has no effect on the task 'inpaint'"),
        (("--task=superres(2)", "--factor=4"), "both set 'factor'"),
        (("--task=superres", "--factor=3"), "does not divide"),
        (("--mask=middle",), "Unknown mask 'middle'"),
        (("--mask={mask}",), "has 3x2 pixels and the images 8x8"),
        (("--mask=gone.png",), "cannot be read as an image"),
        (("--noise=-1", "--task=denoise"), "--noise"),
        (("--objective=features",), "compares complete images"),
        (("--method=gibbs",), "needs an encoder"),
    ],
)
def test_refuses_in_one_sentence(plain_run, images, tmp_path, arguments, message):
    mask = tmp_path / "mask.png"
    Image.fromarray(np.eye(2, 3, dtype=np.uint8) * 255).save(mask)
    with pytest.raises(UserError, match=message):
        words = [each.format(mask=mask) for each in arguments]
        call(f"--run_dir={plain_run}", f"--images={images}", *words)
    assert not (pathlib.Path(plain_run) / "restored").exists()


@pytest.fixture(scope="module")
def translator(photos, tmp_path_factory):
    """An untrained translator of images whose centers are missing."""
    folder = tmp_path_factory.mktemp("translator") / "run"
    config = tiny_translation(photos, folder, image_size=8, pair_by='mask("center")')
    return untrained(config).path


def test_a_translator_stands_beside_the_search_on_the_same_images(
    plain_run, images, translator, tmp_path, capsys
):
    arguments = (f"--run_dir={plain_run}", f"--images={images}", "--task=inpaint", *FAST)
    call(*arguments, f"--out={tmp_path}", f"--translator={translator}")
    assert "original, degraded, restored and translated images" in capsys.readouterr().out
    originals = np.stack([np.asarray(Image.open(images / f"{k}.png")) for k in range(3)])
    damaged = originals.copy()
    damaged[:, 2:6, 2:6] = 128  # the stored 0
    trained = TrainedRun(translator)
    expected = trained.modality.to_stored(trained.generate(trained.modality.to_network(damaged)))
    files = sorted((tmp_path / "translated").iterdir())
    found = np.stack([np.asarray(Image.open(each)) for each in files])
    assert np.abs(found.astype(int) - expected).max() <= 1
    ratios = [float(row["psnr_translated"]) for row in rows(tmp_path / "quality.csv")]
    np.testing.assert_allclose(ratios, image_similarity.psnr(originals, found), atol=1e-3)
    with Image.open(tmp_path / "before_after.png") as picture:
        assert picture.size == (3 * 10 - 2, 4 * 10 - 2)
        np.testing.assert_array_equal(np.asarray(picture)[30:, :8], found[0])


@pytest.mark.parametrize(
    "task, words",
    [
        ("colorize", r"trained on --pair_by=mask\("),
        ("inpaint", "is not a run directory"),
        ("inpaint", r"gan_tf\.translate does not work on runs of"),
    ],
)
def test_other_translators_are_refused(plain_run, images, translator, tmp_path, task, words):
    other = {"is not": tmp_path, r"gan_tf": plain_run}.get(words[:6], translator)
    arguments = (f"--run_dir={plain_run}", f"--images={images}", f"--task={task}", *FAST)
    with pytest.raises(UserError, match=words):
        call(*arguments, f"--out={tmp_path / 'out'}", f"--translator={other}")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_styles_are_searched(style_run, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    trained = TrainedRun(style_run)
    for number, image in enumerate(trained.samples(latents.draw(5, range(2), 5))):
        (pictures / f"{number}.png").write_bytes(png(image))
    out, where = tmp_path / "out", (f"--run_dir={style_run}", f"--images={pictures}")
    call(*where, f"--out={out}", "--space=w", "--steps=60", "--starts=1", "--objective=pixels")
    found = rows(out / "quality.csv")
    assert all(float(row["psnr_restored"]) > float(row["psnr_smooth_fill"]) for row in found)
