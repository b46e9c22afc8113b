"""What the EXIF of an image file says of its origin."""

from PIL import ExifTags, Image

_MOST = 1 << 16  # bytes; a JPEG can hold no more
_OF_PIXELS = (
    ExifTags.Base.Orientation,
    ExifTags.Base.ColorSpace,
    ExifTags.Base.ExifImageWidth,
    ExifTags.Base.ExifImageHeight,
    ExifTags.Base.ImageWidth,
    ExifTags.Base.ImageLength,
)


def of_origin(image):
    """Returns the EXIF of an image, such as its camera, date and place, for a picture made of it.

    Args:
        image: what `gan_tf.data.image_file.decoded` yields.

    Returns:
        bytes for the `exif` of Pillow's `Image.save`, without the thumbnail, and without what depends on
        how the pixels were stored: size, orientation, colors. b"" if there is none, or it is damaged.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info["exif"])
        inner = ExifTags.IFD.Exif
        for tags in [exif, *([exif.get_ifd(inner)] if inner in exif else [])]:
            for tag in _OF_PIXELS:
                tags.pop(tag, None)
        content = exif.tobytes() if exif else b""
    except Exception:  # Pillow raises many kinds for damaged ones.
        return b""
    return content if len(content) <= _MOST else b""
