"""The user's own images: files, classes, and what is left out."""

import os
import shutil
import warnings

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.data.image_folder import ImageFolder
from gan_tf.errors import UserError
from gan_tf.options.config import Config
from tests.data.test_image_file import rgb, save


def only(source):
    """The arrays of a source that has one batch."""
    [batch] = source.batches()
    return batch


class TestFiles:
    def test_labels_are_the_top_folders(self, tmp_path):
        for name in ("cats/young/tiny/1.png", "cats/2.png", "dogs/3.png", "ants/a/4.png"):
            save(rgb(), tmp_path / name)
        source = ImageFolder(str(tmp_path), image_size=8)
        images, labels = only(source).values()
        assert source.label_names == ("ants", "cats", "dogs")
        assert [source.label_names[label] for label in labels] == ["ants", "cats", "cats", "dogs"]
        assert images.shape == (4, 8, 8, 3)

    def test_labels_stay_with_their_images(self, tmp_path):
        for name, color in (("a", "red"), ("b", "lime"), ("c", "blue")):
            for index in range(5):
                save(rgb(color=color), tmp_path / name / f"{index}.png")
            (tmp_path / name / "2.png").write_text("broken")
        images, labels = only(ImageFolder(str(tmp_path), image_size=8)).values()
        assert len(images) == 12
        np.testing.assert_array_equal(images.mean((1, 2)).argmax(1), labels)

    def test_a_readme_next_to_the_folders_changes_nothing(self, tmp_path):
        for name in "ab":
            (tmp_path / name).mkdir()
            save(rgb(), tmp_path / name / "x.png")
        (tmp_path / "README.txt").write_text("about these pictures")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert source.label_names == ("a", "b")
        assert [label for _, label in source.items()] == [0, 1]

    def test_image_next_to_the_folders_leaves_no_labels(self, tmp_path):
        for name in ("a/1.png", "b/2.png", "3.png"):
            save(rgb(), tmp_path / name)
        source = ImageFolder(str(tmp_path), image_size=8)
        batch = only(source)
        assert source.label_names == ()
        assert list(batch) == ["image"]
        assert len(batch["image"]) == 3

    def test_hidden_files_and_folders_are_passed_over(self, tmp_path):
        for name in ("a/1.png", "a/.2.png", ".b/3.png", "a/.c/4.png", ".5.png"):
            save(rgb(), tmp_path / name)
        source = ImageFolder(str(tmp_path))
        assert source.items() == [(os.path.join("a", "1.png"), 0)]
        assert source.label_names == ("a",)

    def test_links_are_followed_and_loops_end(self, tmp_path):
        outside = save(rgb(), tmp_path / "outside" / "1.png")
        save(rgb(), tmp_path / "root" / "a" / "2.png")
        (tmp_path / "root" / "a" / "up").symlink_to(tmp_path / "root", target_is_directory=True)
        (tmp_path / "root" / "a" / "self").symlink_to("self")
        (tmp_path / "root" / "a" / "nowhere.png").symlink_to("nothing")
        (tmp_path / "root" / "b").symlink_to(outside.parent, target_is_directory=True)
        (tmp_path / "root" / "c").mkdir()
        (tmp_path / "root" / "c" / "3.png").symlink_to(outside)
        items = ImageFolder(str(tmp_path / "root")).items()
        assert items == [("a/2.png", 0), ("b/1.png", 1), ("c/3.png", 2)]

    @pytest.mark.parametrize(
        "name", [b"new\nline", b"\xff\xfe", "höhe 日本".encode(), b"{}'%s\"\\"]
    )
    @pytest.mark.parametrize("budget", [1 << 20, 0])
    def test_any_file_name_is_read_or_reported(self, tmp_path, name, budget):
        root = tmp_path / "root" / os.fsdecode(name)
        good, bad = (root / os.fsdecode(name + end) for end in (b".png", b"-broken.png"))
        save(rgb(), good)
        bad.write_text("broken")
        source = ImageFolder(str(root.parent), image_size=8)
        images = pipeline.load(source, budget, tmp_path / "cache")
        assert len(images.samples) == 1
        assert images.label_names == (os.fsdecode(name),)
        assert [file for file, _ in images.skipped] == [os.path.join(root.name, bad.name)]

    def test_missing_folder_is_a_user_error(self, tmp_path):
        with pytest.raises(UserError, match=r"no directory .*--image_dir"):
            ImageFolder(str(tmp_path / "nothing"))
        (tmp_path / "file").write_text("")
        with pytest.raises(UserError, match=r"neither a folder nor a zip archive.*--image_dir"):
            ImageFolder(str(tmp_path / "file"))

    def test_folder_without_files_has_no_images(self, tmp_path):
        source = ImageFolder(str(tmp_path))
        assert source.num_examples == 0
        assert list(source.batches()) == []

    @pytest.mark.parametrize(
        ("option", "value"), [("image_size", 8), ("crop", "top"), ("color_mode", "grayscale")]
    )
    def test_cache_key_depends_on_the_options(self, photos, option, value):
        keys = {ImageFolder(str(photos), **options).cache_key for options in ({}, {option: value})}
        assert len(keys) == 2

    def test_cache_key_depends_on_the_files(self, tmp_path):
        keys = set()
        for name, size in (("a/1.png", 5), ("a/1.png", 9), ("a/2.png", 9), ("b/1.png", 5)):
            save(rgb((size, size)), tmp_path / name)
            keys.add(ImageFolder(str(tmp_path)).cache_key)
        assert len(keys) == 4
        assert ImageFolder(str(tmp_path)).cache_key in keys

    def test_directory_in_place_of_a_file_is_no_image(self, tmp_path):
        (tmp_path / "a.png").mkdir()
        assert ImageFolder(str(tmp_path)).items() == []

    def test_threads_leave_the_filters_of_warnings_alone(self, tmp_path):
        for index in range(300):
            save(rgb(), tmp_path / f"{index}.png")
        before = list(warnings.filters)
        for _ in range(5):
            list(ImageFolder(str(tmp_path), image_size=8).batches())
        assert warnings.filters == before


def classes(folder):
    """{class name: files} of a folder, and its data set."""
    source = ImageFolder(str(folder), image_size=8)
    found = {name: [] for name in source.label_names}
    for file, label in source.items():
        if source.label_names:
            found[source.label_names[label]].append(file)
    return found, source


def decoded(source):
    for _ in source.batches():
        pass
    return dict(source.skipped)


class TestContent:
    """What a file is depends on its content."""

    def test_images_without_an_ending_or_with_another_are_read(self, tmp_path):
        for name in ("a", "b.jpg?width=300", "c.txt", "d.JPEG.part"):
            save(rgb(), tmp_path / "x.png").rename(tmp_path / name)
        source = ImageFolder(str(tmp_path), image_size=8)
        assert len(only(source)["image"]) == 4
        assert source.skipped == []

    def test_what_is_left_out_has_a_reason_in_plain_words(self, tmp_path):
        save(rgb(), tmp_path / "good.png")
        contents = {
            "Thumbs.db": b"\xd0\xcf\x11\xe0",
            "notes.txt": b"hello",
            "nothing": b"",
            "page.jpg": b"<html>quota exceeded</html>",
            "empty.jpg": b"",
            "photo.avif": b"\0\0\0\x1cftypavif",
            "poster.pdf": b"%PDF-1.7",
            "photo.nef": b"MM\0*" + bytes(60),
            "face.pgm": b"P5 1 1 255\n\0",
            "light": b"\x76\x2f\x31\x01",
            "old.tga": b"\0\0\2" + bytes(20),
            "more.zip": b"PK\3\4",
            "digits.npy": b"\x93NUMPY\1\0",
        }
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        reasons = decoded(ImageFolder(str(tmp_path), image_size=8))
        assert reasons == {
            "Thumbs.db": "not an image",
            "notes.txt": "not an image",
            "nothing": "not an image",
            "page.jpg": "not an image, in spite of its name",
            "empty.jpg": "empty",
            "photo.avif": "AVIF, which is not read: convert it to PNG or JPEG",
            "poster.pdf": "PDF, which is not read: convert it to PNG or JPEG",
            "photo.nef": "a kind of TIFF or raw photo that is not read: convert it to PNG or JPEG",
            "face.pgm": "PNM, which is not read: convert it to PNG or JPEG",
            "light": "OpenEXR, which is not read: convert it to PNG or JPEG",
            "old.tga": "not an image of a kind that is read: convert it to PNG or JPEG",
            "more.zip": "an archive inside the data, which is not read: unpack it",
            "digits.npy": "a NumPy array: write PNG files, or for --images an .npz file",
        }

    @pytest.mark.parametrize("value, dark", [(1, True), (16, True), (100, False)])
    def test_images_that_are_almost_black_are_pointed_out(self, tmp_path, value, dark):
        """Such as masks of 0 and 1, and values of 12 bits in 16."""
        save(rgb(color=(0, 0, value)), tmp_path / "a.png")
        save(rgb(color=(0, 0, 0)), tmp_path / "b.png")
        source = ImageFolder(str(tmp_path), image_size=8)
        only(source)
        said = [f"The brightest pixel of all images is {value} of 255, so they are almost black"]
        assert [note.partition(":")[0] for note in source.notes] == said * dark

    def test_pages_that_are_not_used_are_pointed_out(self, tmp_path):
        save(rgb(), tmp_path / "a.png", save_all=True, append_images=[rgb(color="blue")])
        save(rgb(), tmp_path / "b.tif", save_all=True, append_images=[rgb(color="blue")])
        save(rgb(), tmp_path / "c.tif")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert len(only(source)["image"]) == 3
        [note] = source.notes
        assert note.startswith("Only the first page is used of 1 TIFFs of several, such as 'b.tif'")

    @pytest.mark.parametrize(
        "names, pointed_out",
        [
            (("train/cat/1", "train/dog/1", "test/cat/1", "test/dog/1"), "'test', 'train'"),
            (("a/cat/1", "a/dog/1", "b/dog/1"), "'a', 'b'"),
            (("Train/cat/1", "Val/1"), "'Train', 'Val'"),
            (("cat/1", "dog/1"), None),
            (("cat/sitting/1", "dog/running/1"), None),
            (("cat/small/1", "dog/small/1", "dog/1"), None),
        ],
    )
    def test_parts_of_a_data_set_as_classes_are_pointed_out(self, tmp_path, names, pointed_out):
        for name in names:
            save(rgb(), tmp_path / f"{name}.png")
        notes = ImageFolder(str(tmp_path)).notes
        assert len(notes) == (pointed_out is not None)
        for note in notes:
            assert note.startswith(
                f"The classes are {pointed_out}: if these are parts of one data set"
            )
            assert "--image_dir" in note

    def test_a_folder_without_an_image_is_refused_with_the_reasons(self, tmp_path):
        (tmp_path / "notes.txt").write_text("hello")
        (tmp_path / "photo.jpg").write_text("hello")
        source = ImageFolder(str(tmp_path), image_size=8)
        for budget in (1 << 20, 0):
            with pytest.raises(UserError) as caught:
                pipeline.load(source, budget, tmp_path / "cache")
            for words in (
                f"'{tmp_path}' (--image_dir) has no images that can be read",
                "1 image was left out: 'photo.jpg' (not an image, in spite of its name)",
                "1 file is not an image: 'notes.txt'",
            ):
                assert words in str(caught.value)

    def test_a_zip_archive_of_any_name(self, photos, tmp_path):
        shutil.make_archive(str(tmp_path / "photos"), "zip", photos)
        (tmp_path / "photos.zip").rename(tmp_path / "download")
        source = ImageFolder(str(tmp_path / "download"), image_size=8)
        assert source.label_names == ("a", "b")

    def test_images_next_to_folders_are_used_without_labels_and_that_is_said(self, tmp_path):
        for index in range(20):
            save(rgb(), tmp_path / "x.png").rename(tmp_path / f"IMG_{index}")
        for index in range(10):
            save(rgb(), tmp_path / "sub" / f"{index}.png")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert len(only(source)["image"]) == 30
        assert source.label_names == ()
        [note] = source.notes
        assert "'IMG_0'" in note and "no labels" in note and "--image_dir" in note

    def test_a_broken_image_next_to_folders_leaves_the_labels(self, tmp_path):
        for name in "ab":
            save(rgb(), tmp_path / name / "1.png")
        (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff half of it")
        found, source = classes(tmp_path)
        assert list(found) == ["a", "b"]
        assert decoded(source) == {"cover.jpg": "a damaged JPEG"}


class TestClasses:
    def test_folders_without_a_readable_image_are_no_classes(self, tmp_path):
        for name in ("cats/1.png", "dogs/1.png"):
            save(rgb(), tmp_path / name)
        for name in ("broken/1.png", "docs/notes.txt"):
            (tmp_path / name).parent.mkdir()
            (tmp_path / name).write_text("hello")
        found, source = classes(tmp_path)
        assert found == {"cats": ["cats/1.png"], "dogs": ["dogs/1.png"]}
        assert decoded(source) == {
            "broken/1.png": "not an image, in spite of its name",
            "docs/notes.txt": "not an image",
        }
        assert only(source)["label"].tolist() == [0, 1]

    @pytest.mark.parametrize("top", ["photos/", "download/photos/"])
    @pytest.mark.parametrize("zipped", [True, False])
    def test_folders_around_the_classes_are_passed_over(self, tmp_path, top, zipped):
        root = tmp_path / "root"
        for name in ("cats/1.png", "cats/old/2.png", "dogs/1.png"):
            save(rgb(), root / top / name)
        (root / "photos").mkdir(exist_ok=True)
        (root / top.split("/")[0] / "README").write_text("hello")
        (root / "LICENSE").write_text("hello")
        path = shutil.make_archive(str(root), "zip", root) if zipped else root
        found, source = classes(path)
        assert found == {"cats": ["cats/1.png", "cats/old/2.png"], "dogs": ["dogs/1.png"]}
        assert top.rstrip("/") in source.notes[0]
        assert only(source)["label"].tolist() == [0, 0, 1]
        readme = os.path.join(top.split("/")[0], "README")
        assert dict(source.skipped) == {"LICENSE": "not an image", readme: "not an image"}

    def test_files_are_called_by_their_whole_names_in_messages(self, tmp_path):
        for name in ("cats/1.png", "dogs/1.png"):
            save(rgb(), tmp_path / "photos" / name)
        (tmp_path / "photos/dogs/2.png").write_bytes(b"")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert decoded(source) == {os.path.join("photos", "dogs", "2.png"): "empty"}
        assert [file for file, _ in source.read_items()] == ["cats/1.png", "dogs/1.png"]

    def test_one_class_is_pointed_out(self, tmp_path):
        save(rgb(), tmp_path / "cats" / "1.png")
        assert classes(tmp_path)[1].notes == ["All images are of one class, 'cats'."]

    def test_numbers_in_names_are_sorted_by_value(self, tmp_path):
        for name in ("1", "10", "2", "b2", "b10"):
            save(rgb(), tmp_path / name / "1.png")
        found, source = classes(tmp_path)
        assert list(found) == ["1", "2", "10", "b2", "b10"]
        assert found["10"] == ["10/1.png"]
        assert [file for file, _ in source.items()] == sorted(file for file, _ in source.items())

    def test_names_that_look_the_same_are_one_class(self, tmp_path):
        for number, name in enumerate(("caf\u00e9", "cafe\u0301", "tea", "tea\u200b")):
            save(rgb(), tmp_path / name / f"{number}.png")
        found, source = classes(tmp_path)
        assert list(found) == ["caf\u00e9", "tea"]
        assert sorted(map(len, found.values())) == [2, 2]
        first, second = source.notes
        assert r"'cafe\u0301' and 'caf\xe9' look the same" in first
        assert r"'tea\u200b'" in second


class TestDeepImages:
    def test_one_white_for_all(self, tmp_path):
        for name, value in (("a", 200.0), ("b", 0.5), ("c", 0.9)):
            save(Image.new("F", (8, 8), value), tmp_path / f"{name}.tif")
        save(rgb(), tmp_path / "d.png")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert only(source)["image"][:, 0, 0, 0].tolist() == [200, 1, 1, 255]
        [note] = source.notes
        assert "'a.tif' has pixel values above 1, so white is 255" in note and "'b.tif'" in note

    def test_large_ones_in_an_archive(self, tmp_path, monkeypatch):
        """Of these one is in memory at a time, and white depends on all of them."""
        monkeypatch.setattr("gan_tf.data.file_tree._LARGE", 100)
        monkeypatch.setattr("gan_tf.data.image_file._LARGE", 10)
        for number, value in enumerate((0, 51, 255)):
            save(Image.new("F", (8, 8), value), tmp_path / "files" / f"{number}.tif")
        path = shutil.make_archive(str(tmp_path / "files"), "zip", tmp_path / "files")
        source = ImageFolder(path, image_size=8)
        assert only(source)["image"][:, 0, 0, 0].tolist() == [0, 51, 255]

    def test_floats_up_to_65535(self, tmp_path):
        for number, value in enumerate((0, 13107, 65535)):
            save(Image.new("F", (8, 8), value), tmp_path / f"{number}.tif")
        source = ImageFolder(str(tmp_path), image_size=8)
        assert only(source)["image"][:, 0, 0, 0].tolist() == [0, 51, 255]


class TestContentOfAFolder:
    @pytest.fixture
    def folder(self, tmp_path):
        for index, name in enumerate(("cats/1.png", "cats/2.png", "dogs/3.png")):
            save(rgb((20 + index, 20)), tmp_path / "photos" / name)
        return tmp_path / "photos"

    def content(self, path, **arguments):
        return ImageFolder(str(path), image_size=8).content(**arguments)

    def test_it_is_the_same_wherever_the_images_are(self, folder, tmp_path, monkeypatch):
        before = self.content(folder)
        shutil.copytree(folder, tmp_path / "copy")
        for each in (tmp_path / "copy").rglob("*.png"):
            os.utime(each, (1, 1))
        monkeypatch.chdir(tmp_path)
        assert self.content("copy") == before
        archive = shutil.make_archive(str(tmp_path / "zip"), "zip", tmp_path, "photos")
        assert self.content(archive) == before
        shutil.rmtree(tmp_path / "copy")
        folder.rename(tmp_path / "moved")
        assert self.content("moved") == before

    def test_it_is_another_for_other_images(self, folder):
        before = self.content(folder)
        size = (folder / "dogs" / "3.png").stat().st_size
        (folder / "dogs" / "3.png").rename(folder / "cats" / "3.png")
        save(rgb(color="red"), folder / "dogs" / "4.png")
        assert self.content(folder) != before
        (folder / "cats" / "3.png").write_bytes(bytes(size))
        assert self.content(folder) != before

    def test_files_that_are_no_images_do_not_count(self, folder):
        before = self.content(folder)
        (folder / "cats" / "about.txt").write_text("two cats")
        source = ImageFolder(str(folder), image_size=8)
        only(source)
        assert source.content(source.skipped) == before


def test_a_class_whose_name_no_line_can_hold_is_refused(tmp_path):
    for name, words in (("a\nb", "has a line break"), (os.fsdecode(b"a\xff"), "is not UTF-8")):
        folder = tmp_path / words[:2]
        for each in (name, "c"):
            save(rgb(), folder / each / "1.png")
        config = Config(dataset="image_folder", image_dir=str(folder)).resolve()
        with pytest.raises(UserError, match=f"^The class .* {words}"):
            datasets.build(config)


def test_files_whose_names_are_not_utf_8_are_read(tmp_path):
    for name in (b"a/1.png", b"a/\xff.png", b"b/\xfe \n.png"):
        save(rgb(), tmp_path / os.fsdecode(name))
    data = pipeline.load(ImageFolder(str(tmp_path), image_size=8), cache_dir=tmp_path / ".cache")
    assert len(data) == 3
