"""CelebA, from an archive of synthetic faces and, where they are, from the real ones."""

import csv
import io
import os
import shutil
import socket
import urllib.request
import zipfile

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from gan_tf.data import pipeline
from gan_tf.data.celeb_a import CelebA
from gan_tf.errors import UserError

ATTRIBUTES = {  # in the order of the columns; a row for each of six faces
    "Young": [1, 1, 0, 0, 1, 0],
    "Bald": [0, 1, 0, 1, 0, 0],
    "Smiling": [1, 0, 1, 0, 0, 1],
}
PARTITION = [0, 0, 1, 0, 2, 0]
NAMES = [f"{number:06d}.jpg" for number in range(1, 7)]
GRAYS = [40, 80, 120, 160, 200, 240]


def face(gray):
    """A JPEG of 178x218: a gray square between a red and a blue bar, which the crop cuts off."""
    pixels = np.full((218, 178, 3), gray, np.uint8)
    pixels[:20], pixels[198:] = (255, 0, 0), (0, 0, 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "jpeg", quality=98, subsampling=0)
    return buffer.getvalue()


def write_lists(folder):
    rows = [
        f"{name} " + " ".join(f"{1 if values[index] else -1:>2}" for values in ATTRIBUTES.values())
        for index, name in enumerate(NAMES)
    ]
    lines = [str(len(NAMES)), " ".join(ATTRIBUTES) + " ", *rows, ""]
    (folder / "list_attr_celeba.txt").write_text("\n".join(lines))
    lines = [f"{name} {part}" for name, part in zip(NAMES, PARTITION)]
    (folder / "list_eval_partition.txt").write_text("\n".join(lines) + "\n")


def write_csv_lists(folder):
    """The lists as Kaggle has them."""
    rows = [["image_id", *ATTRIBUTES]]
    rows += [[name, *(v[row] or -1 for v in ATTRIBUTES.values())] for row, name in enumerate(NAMES)]
    parts = [["image_id", "partition"], *zip(NAMES, PARTITION)]
    for name, table in (("list_attr_celeba", rows), ("list_eval_partition", parts)):
        with open(folder / f"{name}.csv", "w", newline="") as file:
            csv.writer(file).writerows(table)


def write_archive(path, files):
    """Writes {name: content} to a zip file, or to a folder for a path without an ending."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("img_align_celeba/", "")
            for name, content in files.items():
                archive.writestr(f"img_align_celeba/{name}", content)
    else:
        path.mkdir()
        for name, content in files.items():
            (path / name).write_bytes(content)
    return path


@pytest.fixture(params=["img_align_celeba.zip", "img_align_celeba"])
def archive(request, tmp_path):
    """A zip file, or a folder, of six faces."""
    return write_archive(tmp_path / request.param, dict(zip(NAMES, map(face, GRAYS))))


def read(path, image_size=None):
    return pipeline.load(CelebA(celeb_a_archive=str(path), image_size=image_size))


class TestArchive:
    def test_training_partition_with_attributes_sorted_by_name(self, archive):
        write_lists(archive.parent)
        images = read(archive)
        training = [index for index, part in enumerate(PARTITION) if part == 0]
        assert images.label_names == ("Bald", "Smiling", "Young")
        assert images.labels.dtype == bool
        expected = np.array([ATTRIBUTES[name] for name in images.label_names]).T[training]
        np.testing.assert_array_equal(images.labels, expected)
        grays = images.samples[:, 32, 32].mean(1)
        np.testing.assert_allclose(grays, np.array(GRAYS)[training], atol=3)

    def test_an_attribute_makes_two_classes(self, archive):
        write_lists(archive.parent)
        source = CelebA(celeb_a_archive=str(archive), label="Smiling")
        data = pipeline.load(source)
        assert data.label_names == ("not Smiling", "Smiling")
        assert data.labels.dtype == np.int64
        assert data.labels.tolist() == [1, 0, 0, 1]  # of the training partition
        everything = CelebA(celeb_a_archive=str(archive))
        np.testing.assert_array_equal(data.samples, pipeline.load(everything).samples)
        assert source.cache_key != everything.cache_key
        assert list(source.held_out()) == []

    def test_the_test_partition_is_held_out_where_asked(self, archive):
        write_lists(archive.parent)
        for label, labels in ((None, [[False, False, True]]), ("Young", [1])):
            source = CelebA(celeb_a_archive=str(archive), label=label)
            assert list(source.held_out()) == []
            source.hold_out()
            [batch] = source.held_out()
            np.testing.assert_allclose(batch["image"][:, 32, 32], [[GRAYS[4]] * 3], atol=3)
            assert batch["label"].tolist() == labels
            assert len(pipeline.load(source)) == 4

    def test_without_a_partition_some_faces_are_held_out(self, archive):
        source = CelebA(celeb_a_archive=str(archive))
        source.hold_out()
        assert (len(source.items()), [len(each["image"]) for each in source.held_out()]) == (5, [1])

    def test_an_attribute_that_is_not_there_is_a_user_error(self, archive):
        without = CelebA(celeb_a_archive=str(archive), label="Smiling")
        with pytest.raises(
            UserError, match=r"no attributes: put list_attr_celeba\.txt or list_attr_celeba\.csv"
        ):
            pipeline.load(without)
        write_lists(archive.parent)
        with pytest.raises(UserError, match="did you mean 'Smiling'"):
            pipeline.load(CelebA(celeb_a_archive=str(archive), label="smiling"))

    def test_without_lists_there_are_all_images_and_no_labels(self, archive):
        images = read(archive)
        assert len(images.samples) == len(NAMES)
        assert images.labels is None
        assert images.label_names == ()

    def test_lists_inside_the_folder(self, tmp_path):
        path = write_archive(tmp_path / "faces", dict(zip(NAMES, map(face, GRAYS))))
        write_lists(path)
        assert len(read(path).labels) == PARTITION.count(0)

    def test_central_square_is_cut(self, archive):
        pixels = read(archive, image_size=178).samples.astype(int)
        assert pixels.shape == (6, 178, 178, 3)
        for image, gray in zip(pixels, GRAYS):
            np.testing.assert_allclose(image[8:-8], gray, atol=4)
            assert abs(image - gray).mean() < 4

    @pytest.mark.parametrize(("image_size", "side"), [(None, 64), (32, 32), (200, 200)])
    def test_image_size(self, archive, image_size, side):
        images = read(archive, image_size)
        assert images.samples.shape == (6, side, side, 3)
        assert images.samples.dtype == np.uint8

    def test_zip_and_folder_give_the_same(self, tmp_path):
        rng = np.random.default_rng(0)
        files = {}
        for name in NAMES:
            buffer = io.BytesIO()
            Image.fromarray(rng.integers(0, 256, (218, 178, 3), np.uint8)).save(buffer, "jpeg")
            files[name] = buffer.getvalue()
        write_lists(tmp_path)
        zipped = read(write_archive(tmp_path / "faces.zip", files))
        unpacked = read(write_archive(tmp_path / "faces", files))
        np.testing.assert_array_equal(zipped.samples, unpacked.samples)
        np.testing.assert_array_equal(zipped.labels, unpacked.labels)

    @pytest.mark.parametrize("ending", [".zip", ""])
    @pytest.mark.parametrize(
        "content", [b"", b"no jpeg", face(0)[:400]], ids=["empty", "text", "half"]
    )
    def test_corrupt_jpeg_is_skipped(self, tmp_path, ending, content):
        path = write_archive(
            tmp_path / f"faces{ending}",
            {NAMES[0]: face(0), NAMES[1]: content, NAMES[2]: face(200)},
        )
        images = read(path)
        assert len(images.samples) == 2
        [(file, reason)] = images.skipped
        assert file == NAMES[1]
        assert reason

    def test_corrupt_member_of_a_zip_is_skipped(self, tmp_path):
        path = write_archive(tmp_path / "faces.zip", dict(zip(NAMES, map(face, GRAYS))))
        content = bytearray(path.read_bytes())
        content[content.index(face(GRAYS[1])) + 1000] ^= 255
        path.write_bytes(content)
        images = read(path)
        assert len(images.samples) == 5
        [(file, reason)] = images.skipped
        assert file == NAMES[1]
        assert "CRC" in reason

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("nothing.zip", None, r"There is no .*--celeb_a_archive"),
            ("text.zip", b"quota exceeded", "not a readable zip file"),
            ("empty.zip", b"", "not a readable zip file"),
        ],
    )
    def test_what_is_no_archive_is_a_user_error(self, tmp_path, name, content, words):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=words):
            CelebA(celeb_a_archive=str(tmp_path / name))

    def test_half_a_zip_is_a_user_error(self, tmp_path):
        path = write_archive(tmp_path / "faces.zip", {NAMES[0]: face(0)})
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(UserError, match="not a readable zip file"):
            CelebA(celeb_a_archive=str(path))

    @pytest.mark.parametrize("name", ["faces.zip", "faces"])
    def test_archive_without_images_is_a_user_error(self, tmp_path, name):
        path = write_archive(tmp_path / name, {"readme.txt": b"nothing here"})
        with pytest.raises(UserError, match="holds no"):
            CelebA(celeb_a_archive=str(path))

    def test_what_macos_adds_to_a_zip_is_passed_over(self, tmp_path):
        extra = {"../__MACOSX/._000001.jpg": b"no picture"}
        archive = write_archive(tmp_path / "faces.zip", {NAMES[0]: face(40)} | extra)
        images = read(archive)
        assert len(images.samples) == 1
        assert images.skipped == ()

    def test_a_face_without_a_row_is_left_out_with_a_reason(self, archive):
        write_lists(archive.parent)
        for name in ("list_attr_celeba.txt", "list_eval_partition.txt"):
            path = archive.parent / name
            lines = path.read_text().splitlines()
            path.write_text("\n".join(lines[:-1]))
            images = read(archive)
            assert len(images.samples) == PARTITION.count(0) - 1
            assert images.skipped == ((NAMES[-1], f"it is not in {name.removesuffix('.txt')}"),)
            path.write_text("\n".join(lines))

    def test_without_a_partition_it_is_said_that_all_images_are_used(self, archive):
        [note] = CelebA(celeb_a_archive=str(archive)).notes
        assert "no list_eval_partition.txt or list_eval_partition.csv" in note
        assert "all 6 images are used, including those for validation and tests" in note
        write_lists(archive.parent)
        assert CelebA(celeb_a_archive=str(archive)).notes == []

    @pytest.mark.parametrize("packing", ["kaggle.zip", "kaggle", "kaggle/inner", "authors", "both"])
    def test_as_others_pack_it(self, tmp_path, packing):
        """Kaggle's archive.zip, and what it unpacks to, has .csv lists and a folder in a folder."""
        root = tmp_path / "archive"
        faces = root / "img_align_celeba" / "img_align_celeba"
        faces.mkdir(parents=True)
        path, lists = {
            "kaggle.zip": (tmp_path / "archive.zip", root),
            "kaggle": (root, root),
            "kaggle/inner": (faces, root),
            "authors": (faces.parent, tmp_path / "Anno"),
            "both": (root, root),
        }[packing]
        for name, gray in zip(NAMES, GRAYS):
            (faces / name).write_bytes(face(gray))
        lists.mkdir(exist_ok=True)
        if packing == "authors":
            write_lists(lists)
            (tmp_path / "Eval").mkdir()
            (lists / "list_eval_partition.txt").rename(tmp_path / "Eval/list_eval_partition.txt")
        else:
            write_csv_lists(lists)
        if packing == "both":  # the photos that the faces were cut from
            (root / "img_celeba").mkdir()
            for name in NAMES:
                (root / "img_celeba" / name).write_bytes(face(0))
        if packing == "kaggle.zip":
            shutil.make_archive(str(root), "zip", root)
            shutil.rmtree(root)
        source = CelebA(celeb_a_archive=str(path))
        images = pipeline.load(source)
        training = [index for index, part in enumerate(PARTITION) if part == 0]
        assert source.notes == [] and images.skipped == ()
        assert images.label_names == ("Bald", "Smiling", "Young")
        expected = np.array([ATTRIBUTES[name] for name in images.label_names]).T[training]
        np.testing.assert_array_equal(images.labels, expected)
        grays = images.samples[:, 32, 32].mean(1)
        np.testing.assert_allclose(grays, np.array(GRAYS)[training], atol=3)

    @pytest.mark.parametrize(
        "name, content",
        [
            ("list_attr_celeba.csv", "image_id,Young,Bald\n000001.jpg,1\n"),
            ("list_eval_partition.csv", "image_id,partition\n000001.jpg,train\n"),
            ("list_attr_celeba.csv", "image_id,Young,Bald\n"),
            ("list_attr_celeba.txt", b"\xff\xfe6\0"),
        ],
    )
    def test_a_damaged_csv_list_is_a_user_error(self, archive, name, content):
        content = content if isinstance(content, bytes) else content.encode()
        (archive.parent / name).write_bytes(content)
        with pytest.raises(UserError, match=f"The list '{name}' in or next to .* is damaged"):
            read(archive)

    @pytest.mark.parametrize("name", ["list_attr_celeba.txt", "list_eval_partition.txt"])
    def test_a_damaged_list_is_a_user_error(self, archive, name):
        write_lists(archive.parent)
        (archive.parent / name).write_text("half of a\n")
        with pytest.raises(UserError, match="is damaged"):
            read(archive)

    @pytest.mark.parametrize("size", [(1024, 1024), (64, 64), (218, 178)])
    def test_pictures_of_another_size_are_no_aligned_faces(self, tmp_path, size):
        """Their central 178x178 pixels would be a nose, or have black bars."""
        other = io.BytesIO()
        Image.new("RGB", size, "red").save(other, "jpeg")
        files = {NAMES[0]: face(40), NAMES[1]: other.getvalue()}
        images = read(write_archive(tmp_path / "faces", files))
        assert len(images) == 1
        [(file, reason)] = images.skipped
        assert file == NAMES[1]
        shape = "x".join(map(str, size))
        assert reason.startswith(
            f"it has {shape} pixels, and aligned faces 178x218: --dataset=image"
        )

    def test_other_endings_of_the_names(self, tmp_path):
        files = {"000001.JPG": face(40), "000002.jpeg": face(80), "000006.jpg": face(240)}
        path = write_archive(tmp_path / "faces", files)
        write_lists(path)
        images = read(path)
        assert images.labels.tolist() == [
            [False, True, True],
            [True, False, True],
            [False, True, False],
        ]

    def test_a_folder_that_is_a_link(self, tmp_path):
        """Faces on another disk, linked to from where the lists are."""
        write_archive(tmp_path / "disk", dict(zip(NAMES, map(face, GRAYS))))
        (tmp_path / "celeba").mkdir()
        (tmp_path / "celeba" / "img_align_celeba").symlink_to(tmp_path / "disk")
        write_lists(tmp_path / "celeba")
        assert len(read(tmp_path / "celeba").labels) == PARTITION.count(0)

    def test_a_zip_with_backslashes(self, tmp_path):
        path = tmp_path / "faces.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, gray in zip(NAMES, GRAYS):
                member = zipfile.ZipInfo(f"img_align_celeba\\{name}")
                member.create_system = 0  # Windows
                archive.writestr(member, face(gray))
        write_lists(tmp_path)
        images = read(path)
        assert len(images.labels) == PARTITION.count(0) and images.skipped == ()

    def test_cache_key_depends_on_archive_size_and_lists(self, archive):
        def key(**options):
            return CelebA(celeb_a_archive=str(archive), **options).cache_key

        keys = {key(), key(image_size=32)}
        write_lists(archive.parent)
        keys.add(key())
        with open(archive.parent / "list_eval_partition.txt", "w") as file:
            file.writelines(f"{name} 0\n" for name in NAMES)
        keys.add(key())
        os.utime(archive / NAMES[2] if archive.is_dir() else archive, (1, 1))
        keys.add(key())
        assert len(keys) == 5
        assert key() in keys


class TestTfds:
    def test_without_a_network_the_archive_is_suggested(self, monkeypatch, tmp_path):
        def unreachable(*_):
            raise socket.gaierror(-3, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", unreachable)
        monkeypatch.setattr(urllib.request, "getproxies", dict)
        with pytest.raises(UserError) as caught:
            pipeline.load(CelebA(data_dir=str(tmp_path)))
        for word in ("TFDS_DATA_DIR", "glyphs", "image_folder", "--celeb_a_archive"):
            assert word in str(caught.value)

    def test_published_size_is_known_beforehand(self, tmp_path):
        source = CelebA(data_dir=str(tmp_path))
        assert source.num_examples == 162_770
        assert source.sample_shape == (64, 64, 3)

    def test_first_batch_of_the_real_images(self, real_data):
        source = CelebA(data_dir=real_data)
        assert source.num_examples in (8_500, 162_770)  # a part of them, or all
        batch = next(source.batches())
        images, labels = batch["image"], batch["label"]
        assert images.shape == (512, 64, 64, 3)
        assert images.dtype == np.uint8
        assert images.std() > 30
        assert labels.shape == (512, 40)
        assert labels.dtype == bool
        assert source.label_names == tuple(sorted(source.label_names))
        assert labels[:, source.label_names.index("No_Beard")].mean() > 0.6
        assert labels[:, source.label_names.index("Bald")].mean() < 0.1

    @pytest.mark.parametrize("image_size", [64, 128])
    def test_archive_gives_the_same_pixels(self, real_data, tmp_path, image_size):
        source = CelebA(data_dir=real_data, image_size=image_size)
        encoded = source.builder.as_dataset(
            split="train[:20]", decoders={"image": tfds.decode.SkipDecoding()}
        )
        files = {
            f"{index:06d}.jpg": example["image"]
            for index, example in enumerate(encoded.as_numpy_iterator())
        }
        images = read(write_archive(tmp_path / "faces.zip", files), image_size)
        np.testing.assert_array_equal(images.samples, next(source.batches())["image"][:20])
