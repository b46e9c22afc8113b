"""Kinds of files by their first bytes."""

import pytest

from gan_tf.data.image_kinds import named


@pytest.mark.parametrize(
    "head, heif, reason",
    [
        (b"", False, "empty"),
        (b"These are words.", False, "not an image"),
        (b"%PDF-1.7", False, "PDF, which is not read: convert it to PNG or JPEG"),
        (b"P6\n8 8\n255\n", False, "PNM, which is not read: convert it to PNG or JPEG"),
        (b"\0\0\0\x18ftypheic", False, "HEIC, which needs a package: pip install pillow-heif"),
        (b"\0\0\0\x18ftypheic", True, "a damaged HEIC"),
        (b"RIFF\0\0\0\0WEBPVP8 ", True, "a damaged WebP"),
    ],
)
def test_a_file_is_named_by_its_first_bytes(head, heif, reason):
    assert named(head, heif) == reason
