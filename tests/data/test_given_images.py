"""Images given with --images: folders, archives, and arrays."""

import io
import os
import shutil

import numpy as np
import pytest
from PIL import Image, ImageFile

from gan_tf.data import pipeline
from gan_tf.data.given_images import classes_of, opaque, open_images, report, tree, whole
from gan_tf.errors import UserError

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), np.uint8)


def read(path, shape=(8, 8, 3), crop="center"):
    return pipeline.load(open_images(str(path), shape, crop)).samples


def write_arrays(path, **arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)
    return path


def test_folders_and_archives_give_the_same_images(photos, tmp_path):
    plain = read(photos)
    assert plain.shape == (40, 8, 8, 3)
    shutil.make_archive(str(tmp_path / "photos"), "zip", photos)
    np.testing.assert_array_equal(read(tmp_path / "photos.zip"), plain)


def test_one_image(photos, tmp_path, monkeypatch):
    np.testing.assert_array_equal(read(photos / "a" / "000.png"), read(photos)[:1])
    monkeypatch.chdir(photos / "a")
    np.testing.assert_array_equal(read("000.png"), read(photos)[:1])


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": PIXELS, "seed": np.zeros(5), "metadata": np.array("{}")},
        {"arr_0": PIXELS},
        {"images": PIXELS, "masks": PIXELS[..., :1]},
    ],
)
@pytest.mark.parametrize("name", ["fakes.npz", "fakes"])
def test_arrays_are_used_as_they_are(tmp_path, arrays, name):
    path = write_arrays(tmp_path / name, **arrays)
    np.testing.assert_array_equal(read(path), PIXELS)
    items = open_images(str(path), (8, 8, 3)).items()
    assert items[0] == ("fakes-000000", None) and len(items) == 5


def test_arrays_of_another_shape_are_cropped_and_resized_as_files_are(tmp_path):
    large = np.random.default_rng(0).integers(0, 256, (3, 20, 30, 3), np.uint8)
    (tmp_path / "files").mkdir()
    for row, image in enumerate(large):
        Image.fromarray(image).save(tmp_path / "files" / f"{row}.png")
    path = write_arrays(tmp_path / "large.npz", images=large)
    for shape, crop in (((8, 8, 3), "center"), ((10, 10, 1), "pad")):
        made = read(path, shape, crop)
        assert made.shape == (3, *shape)
        np.testing.assert_array_equal(made, read(tmp_path / "files", shape, crop))


def test_the_cache_follows_the_file(tmp_path):
    path = tmp_path / "fakes.npz"
    keys = set()
    for count, shape in ((5, (8, 8, 3)), (4, (8, 8, 3)), (4, (16, 16, 3))):
        write_arrays(path, images=PIXELS[:count])
        keys.add(open_images(str(path), shape).cache_key)
    assert len(keys) == 3


@pytest.mark.parametrize(
    "arrays, words",
    [
        ({"images": PIXELS / 255}, r"must hold an array 'images'.*images float64\(5, 8, 8, 3\)"),
        ({"seeds": np.arange(3)}, "must hold an array 'images'"),
        ({"a": PIXELS, "b": PIXELS}, "must hold an array 'images'"),
        ({"images": PIXELS[:0]}, "must hold an array 'images'"),
        ({"images": np.array([None])}, r"cannot be read \(it holds Python objects\)"),
        ({"images": PIXELS / 255, "masks": PIXELS}, r"images float64\(5, 8, 8, 3\), masks uint8"),
    ],
)
def test_other_arrays_are_refused_with_the_name_of_the_flag(tmp_path, arrays, words):
    path = write_arrays(tmp_path / "x.npz", **arrays)
    with pytest.raises(UserError, match=words) as caught:
        open_images(str(path), (8, 8, 3))
    assert "(--images)" in str(caught.value)


def test_arrays_that_are_almost_black_are_pointed_out(tmp_path):
    path = write_arrays(tmp_path / "x.npz", images=np.uint8(PIXELS > 100))
    [note] = open_images(str(path), (8, 8, 3)).notes
    assert note.startswith("The brightest pixel of all images is 1 of 255")


def test_labels_of_arrays_are_indices_of_classes(tmp_path, capsys):
    path = write_arrays(tmp_path / "x.npz", images=PIXELS, label=np.int32([2, 0, 1, 2, 0]))
    source = open_images(str(path), (8, 8, 3))
    given = pipeline.load(source)
    np.testing.assert_array_equal(given.labels, [2, 0, 1, 2, 0])
    np.testing.assert_array_equal(classes_of(source, given.labels, "abcd"), [2, 0, 1, 2, 0])
    assert classes_of(source, given.labels, "ab") is None
    assert source.items()[0] == ("x-000000", 2)


@pytest.mark.parametrize("label", [np.eye(5), np.arange(4), np.arange(5) - 1, np.arange(5) << 40])
def test_other_arrays_of_labels_are_left_out_with_a_note(tmp_path, label):
    path = write_arrays(tmp_path / "x.npz", images=PIXELS, label=label)
    source = open_images(str(path), (8, 8, 3))
    assert pipeline.load(source).labels is None
    assert (
        source.notes[-1].startswith("The array 'label' of")
        and "index of a class" in source.notes[-1]
    )


def test_labels_of_folders_are_classes_of_the_same_name(photos):
    source = open_images(str(photos), (8, 8, 3))
    labels = pipeline.load(source).labels
    np.testing.assert_array_equal(classes_of(source, labels, ("b", "c", "a")), 2 - 2 * labels)
    assert classes_of(source, labels, ("b", "c")) is None
    assert classes_of(source, None, ("a", "b")) is None


def test_other_paths_are_refused_with_the_name_of_the_flag(tmp_path):
    (tmp_path / "text").write_text("hello")
    (tmp_path / "broken.npz").write_text("hello")
    (tmp_path / "empty").mkdir()
    for name in ("text", "broken.npz", "empty", "nothing"):
        with pytest.raises(UserError, match="--images"):
            read(tmp_path / name)


def test_what_is_left_out_is_reported(tmp_path, capsys):
    Image.fromarray(PIXELS[0]).save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("hello")
    source = open_images(str(tmp_path), (8, 8, 3))
    report(source, pipeline.load(source).skipped)
    assert capsys.readouterr().out == "1 file is not an image: 'notes.txt'.\n"


@pytest.mark.parametrize("channels, mode", [(1, "L"), (3, "RGB")])
def test_what_is_transparent_is_white(tmp_path, channels, mode):
    pixels = np.dstack([PIXELS[0], np.full((8, 8), 255, np.uint8)])
    pixels[:, :4, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    with open(tmp_path / "photo.png", "rb") as file:
        made = opaque(file, channels, 64, 8)
    assert made.shape == (8, 8, channels) and (made[:, :4] == 255).all()
    expected = np.asarray(Image.fromarray(PIXELS[0]).convert(mode)).reshape(8, 8, channels)
    np.testing.assert_array_equal(made[:, 4:], expected[:, 4:])


@pytest.mark.parametrize("limits", [(63, 8), (64, 7)])
def test_what_is_larger_is_not_decoded(tmp_path, limits, monkeypatch):
    Image.fromarray(PIXELS[0]).save(tmp_path / "photo.png")
    monkeypatch.setattr("gan_tf.data.given_images.decoded", None)
    with (
        open(tmp_path / "photo.png", "rb") as file,
        pytest.raises(ValueError, match="it has 8x8 pixels, and may have"),
    ):
        opaque(file, 3, *limits)


def test_a_pipe_is_called_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="is a device or a pipe, not a folder or a zip"):
        tree(str(tmp_path / "pipe"), 1 << 20)


def test_pixels_that_cannot_be_seen_are_white():
    """As in training, where transparency becomes white; whatever color a file has there."""
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 4), np.uint8)
    pixels[..., 3] = [0, 1, 128, 254, 255]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    found = whole(file, 3)
    np.testing.assert_array_equal(found.alpha, pixels[..., 3])
    np.testing.assert_array_equal(found.pixels[:, 0], 255)
    np.testing.assert_array_equal(found.pixels[:, 1:], pixels[:, 1:, :3])


def test_nothing_is_decoded_of_an_image_that_is_too_large(monkeypatch):
    file = io.BytesIO()
    Image.new("1", (3000, 1000)).save(file, "PNG")
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValueError, match="3,000x1,000 pixels, and may have 1,000,000 in all"):
        opaque(file, 3, 1_000_000, 4096)
