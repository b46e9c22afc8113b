"""The images that a command works on, and their classes."""

import io
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_tf import invert
from gan_tf.errors import UserError
from gan_tf.inversion import input_images
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun


def opened(run, **options):
    return input_images.open_run(RunDir(run), invert.Options(run_dir=run, **options))


def test_images_of_a_folder_have_the_size_of_the_run_and_their_names(plain_run, photos):
    folder = photos / "a"
    trained, given, classes = opened(plain_run, images=str(folder), num_images=3)
    assert given.pixels.shape == (3, 8, 8, 3) and given.pixels.dtype == np.uint8
    assert given.names == ("000.png", "002.png", "004.png")
    assert given.labels is None
    np.testing.assert_allclose(given.floats, given.pixels / np.float32(127.5) - 1, atol=1e-6)
    assert not trained.conditional and np.array_equal(classes, np.zeros((3, 1)))


def test_images_of_the_data_set_are_those_of_the_run(conditional_run, capsys):
    trained, given, classes = opened(conditional_run, dataset=True, num_images=25)
    assert "no held-out images" in capsys.readouterr().out
    data = trained.data()
    np.testing.assert_array_equal(given.pixels, data.samples[:25])
    np.testing.assert_array_equal(classes[:, 0], data.labels[:25])
    assert given.names[7] == "image_folder-000007"


def test_sub_folders_are_classes_by_name(conditional_run, photos, tmp_path, capsys):
    shutil.copytree(photos / "b", tmp_path / "b")
    _, _, classes = opened(conditional_run, images=str(tmp_path), num_images=4)
    np.testing.assert_array_equal(classes, [[1]] * 4)
    (tmp_path / "b").rename(tmp_path / "other")  # no class of the run
    capsys.readouterr()
    _, given, classes = opened(conditional_run, images=str(tmp_path), num_images=4)
    assert given.labels is None
    said = f"The folders of '{tmp_path}' (--images), other, are not classes of the run (a, b), so every"
    assert said in capsys.readouterr().out
    np.testing.assert_array_equal(classes, [[0, 1]] * 4)
    _, _, classes = opened(conditional_run, images=str(tmp_path), num_images=4, label="b")
    np.testing.assert_array_equal(classes, [[1]] * 4)


def test_names_stay_with_their_images_where_others_of_the_same_name_are_left_out(
    plain_run, tmp_path
):
    images = [io.BytesIO() for _ in range(3)]
    for value, image in enumerate(images):
        Image.new("RGB", (8, 8), (value,) * 3).save(image, "PNG")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, image in zip(("a/1.png", "./a/1.png", "a/2.png"), images):
            archive.writestr(name, image.getvalue())
    _, given, _ = opened(plain_run, images=str(tmp_path / "x.zip"))
    assert given.names == ("a/1.png", "a/2.png")
    assert given.pixels[:, 0, 0, 0].tolist() == [1, 2]

    root = tmp_path / "root"  # whose folder a is no class, and data/a is
    for name, content in (("a/1.png", b""), ("data/a/1.png", images[1].getvalue())):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes(content)
    _, given, _ = opened(plain_run, images=str(root))
    assert given.names == ("a/1.png",)


def test_what_is_no_image_is_left_out_and_listed(plain_run, tmp_path, capsys):
    (tmp_path / "a.png").write_bytes(b"no image")
    Image.fromarray(np.full((8, 8, 3), 7, np.uint8)).save(tmp_path / "b.png")
    _, given, _ = opened(plain_run, images=str(tmp_path))
    assert given.names == ("b.png",) and np.all(given.pixels == 7)
    printed = capsys.readouterr().out
    assert "'a.png' (not an image, in spite of its name)" in printed
    (tmp_path / "b.png").unlink()
    with pytest.raises(UserError, match=r"\(--images\) has no images that can be read.*'a.png'"):
        opened(plain_run, images=str(tmp_path))


def test_a_data_set_that_has_changed_is_refused(plain_run):
    trained = TrainedRun(plain_run)
    trained.sample_shape = (9, 9, 3)
    with pytest.raises(UserError, match="its data set has changed"):
        input_images.read(trained, invert.Options(run_dir=plain_run, dataset=True))
