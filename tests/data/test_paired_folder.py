"""The user's own pairs: layouts, sides, held-out pairs, and what is left out."""

import os
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import pipeline
from gan_tf.data.paired_folder import PairedFolder
from gan_tf.errors import UserError
from tests.data.test_image_file import rgb, save


def both(left="red", right="blue", size=(16, 8)):
    """A picture of 16x8: two sides, each of one color."""
    picture = Image.new("RGB", size, left)
    picture.paste(right, (size[0] // 2, 0, *size))
    return picture


def gray(value=100, size=(8, 8)):
    return Image.new("L", size, value)


def names(source):
    """Names of the training and of the held-out pairs, without folders and endings."""
    parts = source.items(), source._held_out
    return [[os.path.splitext(os.path.basename(file))[0] for file, _ in each] for each in parts]


def load(path, **options):
    source = PairedFolder(str(path), **{"image_size": 8} | options)
    return source, pipeline.load(source)


def colors(data):
    """The mean colors of sources and targets, rounded: [[r, g, b], ...] each."""
    arrays = data.arrays["image"], data.arrays["target"]
    return [np.rint(each.mean((1, 2))).astype(int).tolist() for each in arrays]


@pytest.fixture
def side_by_side(tmp_path):
    """Forty pairs, 000 to 039: a gray whose value is the number, beside one of 200 minus it."""
    for index in range(40):
        picture = both((index,) * 3, (200 - index,) * 3)
        save(picture, tmp_path / "pairs" / f"{index:03d}.png")
    return tmp_path / "pairs"


class TestLayouts:
    @pytest.mark.parametrize("direction", ["a_to_b", "b_to_a"])
    def test_the_left_half_is_a(self, tmp_path, direction):
        for name in ("1.png", "2.png"):
            save(both(), tmp_path / "train" / name)
            save(both("lime", "white"), tmp_path / "val" / name)
        source, data = load(tmp_path, direction=direction)
        assert source.pairing == "paired" and data.source_shape == (8, 8, 3)
        halves = [[[255, 0, 0]] * 2, [[0, 0, 255]] * 2]
        assert colors(data) == (halves if direction == "a_to_b" else halves[::-1])
        held_out = pipeline.load_held_out(source)
        halves = [[[0, 255, 0]] * 2, [[255, 255, 255]] * 2]
        assert colors(held_out) == (halves if direction == "a_to_b" else halves[::-1])

    @pytest.mark.parametrize(
        "left, right",
        [
            ("A/{}.jpg", "B/{}.png"),
            ("train/A/{}.png", "train/B/{}.tif"),
            ("trainA/{}.png", "trainB/{}.png"),
            ("pairs/train_A/{}.png", "pairs/train_B/{}.jpg"),
            ("A/x/{}.png", "B/x/{}.bmp"),
        ],
    )
    def test_files_of_the_same_name_in_a_and_b_are_a_pair(self, tmp_path, left, right):
        for index in range(3):
            save(rgb((8, 8), (50 * index,) * 3), tmp_path / left.format(index))
            save(rgb((8, 8), (255 - 50 * index,) * 3), tmp_path / right.format(index))
        source, data = load(tmp_path)
        shown = [
            *data.arrays["image"][:, 0, 0, 0],
            *pipeline.load_held_out(source).arrays["image"][:, 0, 0, 0],
        ]
        targets = [*data.samples[:, 0, 0, 0], *pipeline.load_held_out(source).samples[:, 0, 0, 0]]
        assert sorted(np.int32(shown)) == [0, 50, 100] and len(data) == 2
        assert [int(a) + int(b) for a, b in zip(shown, targets)] == [255] * 3

    def test_parts_can_be_in_the_sides(self, tmp_path):
        for part, count in (("train", 3), ("test", 2)):
            for index, side in np.ndindex(count, 2):
                save(rgb((8, 8)), tmp_path / "AB"[side] / part / f"{index}.png")
        source, data = load(tmp_path)
        assert names(source) == [["0", "1", "2"], ["0", "1"]]
        assert not data.skipped

    def test_a_zip_archive_of_a_folder(self, side_by_side, tmp_path):
        with zipfile.ZipFile(tmp_path / "pairs.zip", "w") as archive:
            for file in sorted(side_by_side.iterdir()):
                archive.write(file, f"maps/train/{file.name}")
        (_, folder), (_, zipped) = load(side_by_side), load(tmp_path / "pairs.zip")
        assert len(folder) == len(zipped) == 38
        source = PairedFolder(str(tmp_path / "pairs.zip"), image_size=8)
        every = np.concatenate([zipped.samples, pipeline.load_held_out(source).samples])
        assert sorted(every[:, 0, 0, 0].tolist()) == list(range(161, 201))

    def test_the_crop_is_the_same_for_both_halves(self, tmp_path):
        """Each half of 16x8 has a column of its own that the crop to 8x8 cuts off."""
        pixels = np.zeros((8, 32, 3), np.uint8)
        pixels[:, 4:12], pixels[:, 20:28] = np.arange(8)[None, :, None], 100
        save(Image.fromarray(pixels), tmp_path / "1.png")
        _, data = load(tmp_path)
        np.testing.assert_array_equal(data.arrays["image"][0, :, :, 0], [np.arange(8)] * 8)
        assert (data.samples == 100).all()
        _, data = load(tmp_path, crop="stretch")
        assert data.samples.min() == 0

    def test_only_held_out_parts_are_refused(self, tmp_path):
        save(both(), tmp_path / "test" / "1.png")
        with pytest.raises(
            UserError, match="no pairs in a folder 'train', and it has a folder 'test'"
        ):
            PairedFolder(str(tmp_path))

    def test_a_folder_without_pairs_says_why(self, tmp_path):
        save(rgb(), tmp_path / "A" / "1.png")
        (tmp_path / "B").mkdir()
        with pytest.raises(
            UserError, match=r"no images that can be read.*no file of its name in B"
        ):
            load(tmp_path)


class TestHeldOut:
    def test_one_pair_in_20_is_held_out_whatever_the_order(self, side_by_side):
        source, _ = load(side_by_side)
        training, held_out = names(source)
        assert len(training) == 38 and len(held_out) == 2
        assert sorted(training + held_out) == [f"{index:03d}" for index in range(40)]
        assert not set(training) & set(held_out)
        made = pipeline.load_held_out(source)
        assert made.arrays["image"][:, 0, 0, 0].tolist() == [int(name) for name in held_out]
        for number in range(40, 44):  # a few more hardly change the choice
            save(both(), side_by_side / f"{number:03d}.png")
        assert len({*names(PairedFolder(str(side_by_side)))[1]} & {*held_out}) >= 1

    def test_validation_comes_before_test_which_is_mentioned(self, tmp_path):
        for part, count in (("train", 4), ("val", 2), ("test", 3)):
            for index in range(count):
                save(both(), tmp_path / part / f"{part}{index}.png")
        source, _ = load(tmp_path)
        assert names(source)[1] == ["val0", "val1"]
        assert source.notes == ["The 3 pairs in 'test' are not used: those in 'val' are held out."]

    def test_a_single_pair_is_trained_on(self, tmp_path):
        save(both(), tmp_path / "1.png")
        source, data = load(tmp_path)
        assert len(data) == 1 and pipeline.load_held_out(source) is None


class TestChannels:
    def test_a_gray_side_beside_a_side_in_color(self, tmp_path):
        for index in range(2):
            save(gray(), tmp_path / "A" / f"{index}.png")
            save(rgb((8, 8)), tmp_path / "B" / f"{index}.png")
        source, data = load(tmp_path)
        assert source.shapes == {"image": (8, 8, 1), "target": (8, 8, 3)}
        assert data.arrays["image"].shape[1:] == (8, 8, 1) and (data.arrays["image"] == 100).all()
        assert source.notes == [
            "By the files of each side, A is grayscale and B is RGB (see --color_mode)."
        ]
        source, _ = load(tmp_path, direction="b_to_a")
        assert source.shapes == {"image": (8, 8, 3), "target": (8, 8, 1)}

    def test_one_gray_image_among_others_in_color_becomes_rgb_and_is_mentioned(self, tmp_path):
        for index in range(3):
            save(gray() if index == 1 else rgb((8, 8)), tmp_path / "A" / f"{index}.png")
            save(rgb((8, 8)), tmp_path / "B" / f"{index}.png")
        source, _ = load(tmp_path)
        assert source.shapes == {"image": (8, 8, 3), "target": (8, 8, 3)}
        [note] = source.notes
        assert note.startswith("1 of the images are grayscale") and "'A/1.png'" in note

    @pytest.mark.parametrize("mode, channels", [("rgb", 3), ("grayscale", 1)])
    def test_color_mode_sets_both(self, tmp_path, mode, channels):
        save(gray(), tmp_path / "A" / "1.png")
        save(rgb((8, 8)), tmp_path / "B" / "1.png")
        source, data = load(tmp_path, color_mode=mode)
        assert [shape[-1] for shape in source.shapes.values()] == [channels] * 2
        assert source.notes == [] and data.samples.shape == (1, 8, 8, channels)

    def test_white_of_floats_is_that_of_a_side(self, tmp_path):
        for name, value in (("1", 0.5), ("2", 200.0)):
            save(
                Image.fromarray(np.full((8, 8), value, np.float32)), tmp_path / "A" / f"{name}.tif"
            )
            save(Image.fromarray(np.full((8, 8), 0.5, np.float32)), tmp_path / "B" / f"{name}.tif")
        source, data = load(tmp_path)
        made = np.concatenate([data.samples, pipeline.load_held_out(source).samples])
        assert (made == 128).all() and made.shape[-1] == 1
        assert "white is 255" in source.notes[0]


class TestLeftOut:
    def test_each_file_has_its_reason(self, tmp_path):
        for index in range(4):
            save(rgb((8, 8)), tmp_path / "A" / f"{index}.png")
            save(rgb((8, 8)), tmp_path / "B" / f"{index}.png")
        save(rgb((8, 8)), tmp_path / "A" / "lonely.png")
        save(rgb((8, 8)), tmp_path / "B" / "alone.png")
        save(rgb((8, 8)), tmp_path / "A" / "small.png")
        save(rgb((4, 4)), tmp_path / "B" / "small.png")
        save(rgb((8, 8)), tmp_path / "A" / "twice.bmp")
        save(rgb((8, 8)), tmp_path / "A" / "twice.png")
        save(rgb((8, 8)), tmp_path / "B" / "twice.png")
        save(rgb((8, 8)), tmp_path / "A" / "broken.png")
        whole = save(rgb((8, 8)), tmp_path / "B" / "broken.png")
        whole.write_bytes(whole.read_bytes()[:50])
        save(rgb((8, 8)), tmp_path / "outside.png")
        (tmp_path / "A" / "notes.txt").write_text("about these")
        source, data = load(tmp_path)
        skipped = dict(data.skipped)
        assert skipped.pop("A/broken.png").startswith("its partner in B: ")
        assert skipped == {
            "A/lonely.png": "there is no file of its name in B",
            "B/alone.png": "there is no file of its name in A",
            "A/small.png": "A and B have different sizes: 8x8 and 4x4 pixels",
            "A/twice.png": "'A/twice.bmp' has the same name",
            "A/notes.txt": "not an image",
            "outside.png": "in neither A nor B",
        }
        held_out = pipeline.load_held_out(source)
        assert len(data) + (len(held_out) if held_out else 0) == 5

    def test_a_text_file_is_not_taken_for_the_image_of_its_name(self, tmp_path):
        for side in "AB":
            save(rgb((8, 8)), tmp_path / side / "1.png")
        (tmp_path / "A" / "1.json").write_text("{}")
        _, data = load(tmp_path)
        assert len(data) == 1 and data.skipped == (("A/1.json", "not an image"),)

    def test_halves_of_an_odd_width(self, tmp_path):
        save(both(size=(15, 8)), tmp_path / "train" / "odd.png")
        save(both(), tmp_path / "train" / "even.png")
        save(both(), tmp_path / "train" / "more.png")
        save(both(), tmp_path / "loose.png")
        (tmp_path / "train" / "text.png").write_text("text")
        _, data = load(tmp_path)
        assert dict(data.skipped) == {
            "train/odd.png": "its width, 15 pixels, is odd: it has no two equal halves",
            "loose.png": "in none of train, val, test",
            "train/text.png": "not an image, in spite of its name",
        }

    def test_held_out_files_are_listed_too(self, side_by_side):
        held_out = PairedFolder(str(side_by_side))._held_out
        (side_by_side / held_out[0][0]).write_text("broken")
        source, data = load(side_by_side)
        assert [file for file, _ in data.skipped] == [held_out[0][0]]
        assert len(pipeline.load_held_out(source)) == 1


def test_the_cache_is_of_these_files_and_options(side_by_side, tmp_path):
    keys = [
        PairedFolder(str(side_by_side), **options).cache_key
        for options in ({}, {"direction": "b_to_a"}, {"image_size": 16}, {"crop": "top"}, {})
    ]
    assert len(set(keys)) == 4 and keys[0] == keys[-1]
    save(both("lime", size=(18, 8)), side_by_side / "000.png")
    assert PairedFolder(str(side_by_side)).cache_key != keys[0]


def test_maps():
    """Satellite images beside relief, where the environment has them."""
    folder = os.path.join(os.environ.get("GAN_TF_TEST_DATA", ""), "maps")
    if not os.path.isdir(folder):
        pytest.skip("GAN_TF_TEST_DATA is not set to a folder with maps")
    source, data = load(folder, image_size=64)
    assert not data.skipped and not source.notes
    assert len(data) > 10 * len(pipeline.load_held_out(source)) > 100
    sea = data.arrays["image"].astype(int)
    assert (sea[..., 2].mean() - sea[..., 0].mean()) > 0  # the sea is blue by satellite
