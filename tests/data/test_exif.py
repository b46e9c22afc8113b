"""What outputs keep of the EXIF of their images."""

import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from gan_tf.data import exif
from gan_tf.data.image_file import decoded

TAGS = ExifTags.Base
GRAY = Image.fromarray(np.zeros((4, 6), np.uint8))


def read(kind, content):
    file = io.BytesIO()
    GRAY.save(file, kind, exif=content)
    with decoded(file) as image:
        return exif.of_origin(image)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_origin_is_kept_and_what_is_of_the_pixels_is_not(kind):
    given = Image.Exif()
    given[TAGS.Make], given[TAGS.Orientation] = "A camera", 8
    inner = given.get_ifd(ExifTags.IFD.Exif)
    inner[TAGS.DateTimeOriginal], inner[TAGS.ExifImageWidth] = "2020:01:02 03:04:05", 6
    given.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    kept = Image.Exif()
    kept.load(read(kind, given))
    assert kept[TAGS.Make] == "A camera" and TAGS.Orientation not in kept
    assert dict(kept.get_ifd(ExifTags.IFD.Exif)) == {TAGS.DateTimeOriginal: "2020:01:02 03:04:05"}
    assert dict(kept.get_ifd(ExifTags.IFD.GPSInfo)) == {ExifTags.GPS.GPSLatitudeRef: "N"}


def of_content(content):
    image = GRAY.copy()
    image.info["exif"] = content
    return exif.of_origin(image)


@pytest.mark.parametrize("content", [b"", b"Exif\0\0", Image.Exif().tobytes()])
def test_one_without_tags_is_none(content):
    assert of_content(content) == b""


@pytest.mark.parametrize("content", [b"text" * 9, b"Exif\0\0II*\0\x08\0\0\0\x09\0"])
def test_a_damaged_one_is_not_taken_for_none(content):
    with pytest.raises(ValueError, match="its EXIF is damaged"):
        of_content(content)


def test_only_the_orientation_is_none():
    given = Image.Exif()
    given[TAGS.Orientation] = 3
    assert read("JPEG", given) == b""


def test_a_huge_one_is_none():
    given = Image.Exif()
    given[TAGS.ImageDescription] = "x" * (1 << 16)
    assert read("PNG", given) == b""
