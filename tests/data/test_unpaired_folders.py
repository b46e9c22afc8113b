"""The user's own two domains: layouts, held-out images, archives."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import pipeline
from gan_tf.data.unpaired_folders import UnpairedFolders
from gan_tf.errors import UserError


def fill(folder, *values, size=(8, 8)):
    """Gray pictures of these values."""
    folder.mkdir(parents=True)
    for value in values:
        Image.new("L", size, value).save(folder / f"{value:03d}.png")


def load(path, **options):
    source = UnpairedFolders(str(path), **{"image_size": 8} | options)
    return source, pipeline.load(source)


def values(samples):
    return sorted(np.asarray(samples)[:, 0, 0, 0].tolist())


@pytest.mark.parametrize("around", ["", "horse2zebra", "deep/horse2zebra"])
@pytest.mark.parametrize("tests", [("testA", "testB"), ("valA", "valB")])
def test_train_and_test_folders(tmp_path, around, tests):
    root = tmp_path / around
    fill(root / "trainA", 1, 2, 3)
    fill(root / "trainB" / "below", 11, 12)
    fill(root / tests[0], 4)
    fill(root / tests[1], 13, 14)
    source, data = load(tmp_path)
    assert values(data.sources) == [1, 2, 3] and values(data.samples) == [11, 12]
    held_out = pipeline.load_held_out(source)
    assert values(held_out.sources) == [4] and values(held_out.samples) == [13, 14]
    assert source.label_names == () and source.pairing == "unpaired"
    assert (source.num_examples, data.in_epoch) == (3, 3)


def test_any_two_folders_in_the_order_of_their_names_and_archives(tmp_path):
    fill(tmp_path / "data" / "style 10", *range(200, 222))
    fill(tmp_path / "data" / "style 2", *range(50))
    (tmp_path / "data" / "style 2" / "broken.png").write_bytes(b"no image")
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for each in (tmp_path / "data").rglob("*.png"):
            file.write(each, each.relative_to(tmp_path))
    for path in (tmp_path / "data", archive):
        source, data = load(path, color_mode="grayscale")
        held_out = pipeline.load_held_out(source)
        assert (len(held_out.sources), len(held_out)) == (2, 1)  # one in 20
        assert values([*data.sources, *held_out.sources]) == list(range(50))
        assert values([*data.samples, *held_out.samples]) == list(range(200, 222))
        [(name, reason)] = data.skipped
        assert name.endswith("broken.png") and "not an image" in reason


def test_two_folders_anywhere(tmp_path):
    fill(tmp_path / "photos" / "x" / "y", *range(5))
    fill(tmp_path / "art", *range(200, 207))
    source, data = load(tmp_path / "photos", to_image_dir=str(tmp_path / "art"))
    assert (len(data.sources), len(data)) == (4, 6)
    assert str(tmp_path / "art") in source.origin and "--to_image_dir" in source.origin
    _, other = load(tmp_path / "art", to_image_dir=str(tmp_path / "photos"))
    np.testing.assert_array_equal(other.sources, data.samples)


def test_files_that_change_are_other_data(tmp_path):
    fill(tmp_path / "trainA", 1, 2)
    fill(tmp_path / "trainB", 3, 4)
    before = UnpairedFolders(str(tmp_path))
    fill(tmp_path / "testA", 5)
    fill(tmp_path / "testB", 6)
    after = UnpairedFolders(str(tmp_path))
    assert before.cache_key != after.cache_key and before.content() != after.content()


@pytest.mark.parametrize("folders", [(), ("one",), ("a", "b", "c")])
def test_other_layouts_are_refused(tmp_path, folders):
    fill(tmp_path / "data", 1)
    for name in folders:
        fill(tmp_path / "data" / name, 2)
    with pytest.raises(UserError, match="trainA and trainB, or just two folders, and has"):
        UnpairedFolders(str(tmp_path / "data"))


def test_a_domain_without_images_is_refused(tmp_path):
    fill(tmp_path / "trainA", 1, 2)
    (tmp_path / "trainB").mkdir()
    (tmp_path / "trainB" / "x.png").write_bytes(b"no image")
    with pytest.raises(UserError, match=r"trainB.*has no images that can be read"):
        load(tmp_path)
