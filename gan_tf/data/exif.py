"""What the EXIF of an image file says of its orientation and its origin."""

import warnings

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


def orientation(image):
    """Returns the EXIF orientation of a `PIL.Image`, 1 to 8; 1, upright, if the EXIF is damaged."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # Pillow raises many kinds.
        image.load()  # raises if it is the pixels that are damaged
        return 1


def of_origin(image):
    """Returns the EXIF of an image, such as its camera, date and place, for a picture made of it.

    Args:
        image: what `gan_tf.data.image_file.decoded` yields.

    Returns:
        bytes for the `exif` of Pillow's `Image.save`, without the thumbnail, and without what depends on
        how the pixels were stored: size, orientation, colors. b"" if there is none, or it is larger than a
        JPEG can hold.

    Raises:
        ValueError: when it is damaged.
    """
    exif = Image.Exif()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            exif.load(image.info["exif"])
        if caught and not exif:
            raise ValueError("no tag can be read")
        inner = ExifTags.IFD.Exif
        for tags in [exif, *([exif.get_ifd(inner)] if inner in exif else [])]:
            for tag in _OF_PIXELS:
                tags.pop(tag, None)
        content = exif.tobytes() if exif else b""
    except Exception as error:  # Pillow raises many kinds.
        raise ValueError(f"its EXIF is damaged: {error}") from error
    return content if len(content) <= _MOST else b""
