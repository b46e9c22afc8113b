"""Decoding of one image file: formats, colors, depths, orientation and crop."""

import contextlib
import functools
import io
import threading
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from gan_tf.files.plain_file import open_plain

try:  # optional: the extra "heif"
    import pillow_heif

    pillow_heif.register_heif_opener()
    _EXTRA = ("HEIF",)
except ImportError:
    _EXTRA = ()

CROPS = ("center", "top", "pad", "stretch")
COLOR_MODES = ("rgb", "grayscale")
NOT_AN_IMAGE = "not an image"
EMPTY = "empty"
MISNAMED = "not an image, in spite of its name"

# Pillow would open many more, PostScript by starting an interpreter.
Image.init()  # registers all formats: without it, only the most common ones are known
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", *_EXTRA)

# A small file can hold a huge picture, whose size is known before it is decoded. Larger ones than
# this are refused (large JPEGs are decoded at a fraction of their size, which is what counts),
# and large ones are decoded one at a time, by however many threads.
_MOST_PIXELS = 1 << 26
_MOST_BYTES = 1 << 28  # of a file
_LARGE = 1 << 24
_one_large = threading.Lock()

# Pillow refuses pictures of more than 179 megapixels, which no camera takes, and warns at half of
# that, which some do. (The filter is global since images are loaded by threads, which share it.)
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

# What white can be in pixels that Pillow would clip at 255.
_WHITES = {"F": (1, 255, 65535), "I": (255, 65535)}

_HEIC = "a damaged HEIC" if _EXTRA else "HEIC, which needs a package: pip install pillow-heif"
_ADVICE = "which is not read: convert it to PNG or JPEG"
_KINDS = (  # (the first bytes, where, the reason) of files that Pillow does not open
    (b"%!PS", 0, f"PostScript, {_ADVICE}"),
    (b"%PDF", 0, f"PDF, {_ADVICE}"),
    (b"8BPS", 0, f"a Photoshop file, {_ADVICE}"),
    (b"<svg", 0, f"SVG, {_ADVICE}"),
    (b"\0\0\0\x0cjP  ", 0, f"JPEG 2000, {_ADVICE}"),
    (b"\xff\x4f\xff\x51", 0, f"JPEG 2000, {_ADVICE}"),
    (b"\xff\x0a", 0, f"JPEG XL, {_ADVICE}"),
    (b"\0\0\0\x0cJXL ", 0, f"JPEG XL, {_ADVICE}"),
    (b"\0\0\1\0", 0, f"an icon, {_ADVICE}"),
    (b"ftypavi", 4, f"AVIF, {_ADVICE}"),
    (b"ftypcrx", 4, f"a raw photo, {_ADVICE}"),
    *((b"ftyp" + brand, 4, _HEIC) for brand in (b"hei", b"hev", b"mif1", b"msf1")),
    (b"II*\0", 0, f"a kind of TIFF or raw photo that {_ADVICE.removeprefix('which ')}"),
    (b"MM\0*", 0, f"a kind of TIFF or raw photo that {_ADVICE.removeprefix('which ')}"),
    (b"\xff\xd8\xff", 0, "a damaged JPEG"),
    (b"\x89PNG", 0, "a damaged PNG"),
    (b"GIF8", 0, "a damaged GIF"),
    (b"WEBP", 8, "a damaged WebP"),
)


def load_image(path, size, crop="center", mode="RGB", white=None):
    """Loads one image file as a square picture, in sRGB.

    The EXIF orientation and an embedded color profile are applied (a damaged profile is ignored);
    transparency becomes white.

    Args:
        path: the file, or one opened for reading bytes.
        size: height and width of the result, in pixels.
        crop: one of `CROPS`.
        mode: "RGB" or "L".
        white: the value of white in an image of floats or 32-bit integers; default: the smallest of
            1 (floats only), 255 and 65535 that no pixel exceeds. In 16-bit images it is 65535.

    Returns:
        A `PIL.Image` of (size, size) in that mode, antialiased.

    Raises:
        ValueError: when it is not in one of `FORMATS`, is truncated, or is too large; the message is
            the reason in plain words: `NOT_AN_IMAGE` for files of another kind, `EMPTY` for empty ones.
    """
    with _opened(path) as (image, decoding):
        image.draft(mode, (2 * size, 2 * size))
        with decoding(image):
            ImageOps.exif_transpose(image, in_place=True)
            return square(_convert(_in_srgb(_shallow(image, white))), size, crop, mode)


def deep_mode(path):
    """Returns "F" for an image of floats, "I" for 32-bit integers, None for others.

    Args:
        path: the file, or one opened for reading bytes.

    Raises:
        ValueError: as for `load_image`.
    """
    with _opened(path) as (image, _):
        return image.mode if image.mode in _WHITES else None


def needed_white(path):
    """Returns the smallest possible value of white in an image with a `deep_mode`: see `load_image`.

    Args, raises:
        As for `deep_mode`.
    """
    with _opened(path) as (image, decoding), decoding(image):
        return _smallest_white(image.mode, _values(image).max())


def named_as_image(file):
    """Returns whether a file's name ends as those of images do."""
    ending = "." + file.lower().rpartition(".")[2]
    return ending in Image.registered_extensions() or ending in (".heic", ".heif")


@contextlib.contextmanager
def _opened(path):
    """Yields an image whose pixels are not decoded yet, and a context to decode them in."""

    def decoding(image):
        pixels = image.width * image.height * (2 if image.mode[0] in "IF" else 1)
        if pixels > _MOST_PIXELS:
            raise ValueError(f"it has {image.width}x{image.height} pixels, which is too many")
        return _one_large if pixels > _LARGE else contextlib.nullcontext()

    try:
        with contextlib.ExitStack() as stack:
            file = path if hasattr(path, "read") else stack.enter_context(_open(path))
            file.seek(0)
            head = file.read(64)
            file.seek(0)
            try:
                image = stack.enter_context(Image.open(file, formats=FORMATS))
            except UnidentifiedImageError as error:
                raise ValueError(_kind(head)) from error
            yield image, decoding
    except Exception as error:  # Pillow raises many kinds for a broken file.
        raise ValueError(str(error) or type(error).__name__) from error


def _open(path):
    return open_plain(path, _MOST_BYTES, links=True)


def _kind(head):
    """What a file is that Pillow does not open, from its first bytes."""
    if not head:
        return EMPTY
    known = (why for start, at, why in _KINDS if head[at : at + len(start)] == start)
    return next(known, NOT_AN_IMAGE)


def _values(image):
    values = np.asarray(image, dtype=np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError("its pixel values are negative or not finite")
    return values


def _smallest_white(kind, maximum):
    white = next((each for each in _WHITES[kind] if maximum <= each), None)
    if white is None:
        raise ValueError(f"its pixel values go up to {maximum:g}, and may go up to 65535")
    return white


def _shallow(image, white):
    """An image of 16 bits or more as 8-bit grayscale, others unchanged."""
    if not image.mode.startswith("I") and image.mode != "F":
        return image
    values = _values(image)
    if image.mode.startswith("I;16"):
        white = 65535
    else:
        needed = _smallest_white(image.mode, values.max())
        white = needed if white is None else white
    made = Image.fromarray(np.uint8(np.clip(values / white, 0, 1) * 255 + 0.5))
    made.info = {key: image.info[key] for key in ("icc_profile",) if key in image.info}
    return made


def _in_srgb(image):
    """An image with its color profile applied, if it has one that fits and is not damaged."""
    profile = image.info.get("icc_profile")
    mode, transform = _transform(profile) if profile else (None, None)
    if not transform or (mode == "CMYK") != (image.mode == "CMYK"):
        return image
    if mode == "L" and image.mode not in ("1", "L", "LA"):
        return image
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    converted = transform.apply(image.convert(mode))
    if alpha:
        converted.putalpha(alpha)
    return converted


@functools.lru_cache(maxsize=32)
def _transform(profile):
    """The mode that an ICC profile is for, and its transform to sRGB; (None, None) if unusable.

    Relative colorimetric, with black point compensation, as photo editors convert by default.
    """
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[source.profile.xcolor_space.strip()]
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, KeyError, TypeError):
        return None, None
    return mode, transform


def _convert(image):
    """Any 8-bit mode as RGB or grayscale, over white."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image


def square(image, size, crop, mode):
    """Returns an image cropped and resized to (size, size); arguments as for `load_image`."""
    image = image.convert(mode)
    if crop == "stretch":
        return image.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3)
    if crop == "pad":
        return ImageOps.pad(image, (size, size), Image.Resampling.LANCZOS)
    centering = (0.5, 0.0 if crop == "top" else 0.5)
    return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS, centering=centering)
