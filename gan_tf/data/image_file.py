"""Decoding of one image file: formats, colors, depths, orientation and crop."""

import contextlib
import functools
import io
import math
import threading
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin, UnidentifiedImageError

from gan_tf.data import image_kinds
from gan_tf.data.exif import orientation
from gan_tf.files.plain_file import open_plain

try:  # optional: the extra "heif"
    import pillow_heif

    pillow_heif.register_heif_opener()
    _EXTRA = ("HEIF",)
except ImportError:
    _EXTRA = ()

DECODING = 4  # changes when the decoded pixels of any file do, so that old caches are not used
CROPS = ("center", "top", "pad", "stretch")
COLOR_MODES = ("rgb", "grayscale")
NOT_AN_IMAGE, EMPTY = image_kinds.NOT_AN_IMAGE, image_kinds.EMPTY
MISNAMED = "not an image, in spite of its name"
OTHER = "not an image of a kind that is read: convert it to PNG or JPEG"
ARCHIVE = "an archive inside the data, which is not read: unpack it"

# Pillow would open many more, PostScript by starting an interpreter.
Image.init()  # registers all formats: without it, only the most common ones are known
_ANIMATED = ("GIF", "PNG", "WEBP")
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", *_EXTRA)

# A small file can hold a huge picture, whose size is known before it is decoded. Larger ones than
# this are refused (large JPEGs are decoded at a fraction of their size, which is what counts),
# and large ones are decoded one at a time, by however many threads.
_MOST_PIXELS = 1 << 26
_MOST_BYTES = 1 << 28  # of a file
_MOST_READS = 20_000  # of the parts of a file before its pixels, such as segments of a JPEG
_LARGE = 1 << 24
_one_large = threading.Lock()

# Pillow refuses pictures of more than 179 megapixels, which no camera takes, and warns at half of
# that, which some do. (The filter is global since images are loaded by threads, which share it.)
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", "Corrupt EXIF data")

# What an image is said to mean by its colors; a gamma this close to the usual one (as for libpng)
# is only an approximation of sRGB.
_COLORS = ("icc_profile", "gamma", "srgb")
_SRGB_GAMMA, _GAMMA_TOLERANCE = 1 / 2.2, 0.05

# What white can be in pixels that Pillow would clip at 255, and up to which value it is: resampled
# floats overshoot, and highlights exceed 1.
_WHITES = {
    "F": ((1, 2), (255, 280), (65535, 65535)),
    "I": ((255, 255), (65535, 65535)),
}

_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_OTHER_MEDIA = ("PDF", "MPEG", "HDF5", "BUFR", "GRIB", "WMF")

_DARK = 32  # brightest levels up to this are hardly seen

_ADVICE = image_kinds.ADVICE


def load_image(path, size, crop="center", mode="RGB", white=None):
    """Loads one image file as a square picture, in sRGB.

    The EXIF orientation and an embedded color profile, or the gamma of a PNG, are applied (damaged
    EXIF and a damaged profile are ignored); transparency becomes white.

    Args:
        path: the file, or one opened for reading bytes.
        size: height and width of the result, in pixels.
        crop: one of `CROPS`.
        mode: "RGB" or "L".
        white: the value of white in an image of floats or 32-bit integers; default: the smallest of
            1 (floats only), 255 and 65535 that no pixel exceeds; in floats, 1 for pixels up to 2 and
            255 for those up to 280, which are clipped. In 16-bit images it is 65535, in 12-bit ones 4095.

    Returns:
        A `PIL.Image` of (size, size) in that mode, antialiased.

    Raises:
        ValueError: when it is not in one of `FORMATS`, is truncated, or is too large; the message is
            the reason in plain words: `NOT_AN_IMAGE` for files of another kind, `EMPTY` for empty ones.
    """
    with decoded(path, white, draft=(mode, (2 * size, 2 * size))) as image:
        return square(over_white(image), size, crop, mode)


def measure(path):
    """Returns the size and the mode of an image file.

    Args:
        path: the file, or one opened for reading bytes.

    Returns:
        (width, height) of the upright picture, and its mode: "L" if it is stored in grayscale,
        otherwise "RGB".

    Raises:
        ValueError: as for `load_image`.
    """
    with _opened(path) as (image, _):
        turned = orientation(image) in (5, 6, 7, 8)
        gray = image.mode in ("1", "L", "LA", "La", "F") or image.mode.startswith("I")
        return image.size[::-1] if turned else image.size, "L" if gray else "RGB"


def stored_size(path):
    """Returns (width, height) of an image file as it is stored, by its header alone.

    `measure` decodes a PNG file to find its orientation, which can follow the pixels.

    Args, raises:
        As for `measure`.
    """
    with _opened(path) as (image, _):
        return image.size


def deep_mode(path):
    """Returns "F" for an image of floats, "I" for 32-bit integers, None for others.

    Args:
        path: the file, or one opened for reading bytes.

    Raises:
        ValueError: as for `load_image`.
    """
    with _opened(path) as (image, _):
        return image.mode if image.mode in _WHITES else None


def has_pages(path):
    """Returns whether a TIFF file has several pages, of which the first is read.

    Args, raises:
        As for `deep_mode`.
    """
    with _opened(path) as (image, _):
        return image.format == "TIFF" and image.is_animated


def is_animated(path):
    """Returns whether a GIF, PNG or WebP file has several frames, of which the first is read.

    Args, raises:
        As for `deep_mode`.
    """
    with _opened(path) as (image, _):
        return image.format in _ANIMATED and image.is_animated


def needed_white(path):
    """Returns the smallest possible value of white in an image with a `deep_mode`: see `load_image`.

    Args, raises:
        As for `deep_mode`.
    """
    with _opened(path) as (image, decoding), decoding(image):
        return _smallest_white(image.mode, _values(image).max())


def remarks(brightest):
    """Returns sentences about images whose brightest pixel has a level of 0 to 255: none, or one."""
    if brightest > _DARK:
        return []
    return [
        f"The brightest pixel of all images is {brightest} of 255, so they are almost black: if they "
        "should not be, such as masks or images of 12 bits, scale their values."
    ]


def reason_by_name(file):
    """Returns why a file whose content is unknown is left out: a matter of what its name promises."""
    ending = "." + file.lower().rpartition(".")[2]
    if ending in _ARCHIVES:
        return ARCHIVE
    kind = Image.registered_extensions().get(ending)
    if kind in FORMATS or ending in (".heic", ".heif"):
        return MISNAMED
    return OTHER if kind in Image.OPEN and kind not in _OTHER_MEDIA else NOT_AN_IMAGE


def reason_of_file(file, reason):
    """The reason why a file is left out; whether it is an image is also a matter of its name."""
    if reason not in (NOT_AN_IMAGE, EMPTY):
        return reason
    by_name = reason_by_name(file)
    return by_name if NOT_AN_IMAGE in (reason, by_name) else reason


@contextlib.contextmanager
def decoded(path, white=None, draft=None):
    """Yields an image file's picture: a `PIL.Image`, upright, of 8 bits, in sRGB.

    Args:
        path, white: as for `load_image`.
        draft: arguments of `PIL.Image.Image.draft`; None: the picture is decoded in its own size.

    Raises:
        ValueError: as for `load_image`.
    """
    with _opened(path) as (image, decoding):
        if draft:
            image.draft(*draft)
        with decoding(image):
            _check_samples(image)
            image.load()
            exif = image.info.get("exif", b"")
            with contextlib.suppress(Exception):  # Pillow raises many kinds for damaged EXIF
                ImageOps.exif_transpose(image, in_place=True)
            made = _in_srgb(_shallow(image, white))
            made.info["exif"] = exif
            yield made


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
            counted = _Counted(file)
            try:
                image = stack.enter_context(Image.open(counted, formats=FORMATS))
            except UnidentifiedImageError as error:
                raise ValueError(image_kinds.named(head, bool(_EXTRA))) from error
            counted.left = math.inf
            yield image, decoding
    except Exception as error:  # Pillow raises many kinds for a broken file.
        raise ValueError(str(error) or type(error).__name__) from error


class _Counted:
    """A file that may be read `left` times more: Pillow joins the parts of a JPEG one by one."""

    def __init__(self, file):
        self._file, self.left = file, _MOST_READS

    def read(self, *size):
        self.left -= 1
        if self.left < 0:
            raise ValueError("it has too many parts")
        return self._file.read(*size)

    def __getattr__(self, name):
        return getattr(self._file, name)


def _open(path):
    return open_plain(path, _MOST_BYTES, links=True)


def _values(image):
    values = np.asarray(image, dtype=np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError("its pixel values are negative or not finite")
    return values


def _smallest_white(kind, maximum):
    white = next((each for each, most in _WHITES[kind] if maximum <= most), None)
    if white is None:
        raise ValueError(f"its pixel values go up to {maximum:g}, and may go up to 65535")
    return white


def _tiff(image, tag, default):
    """A tag of a TIFF file; the default of other files."""
    return image.tag_v2.get(tag, default) if image.format == "TIFF" else default


def _check_samples(image):
    """Raises a ValueError for those that Pillow would take for others."""
    bits = max(_tiff(image, TiffImagePlugin.BITSPERSAMPLE, (8,)))
    if _tiff(image, TiffImagePlugin.PLANAR_CONFIGURATION, 1) == 2 and bits > 8:
        raise ValueError(f"a TIFF of {bits}-bit planes, {_ADVICE}")
    if _tiff(image, TiffImagePlugin.SAMPLEFORMAT, (1,))[0] == 2 and bits == 8:
        raise ValueError(f"a TIFF of signed 8-bit values, {_ADVICE}")


def _shallow(image, white):
    """An image of 16 bits or more as 8-bit grayscale, others unchanged."""
    if not image.mode.startswith("I") and image.mode != "F":
        return image
    values = _values(image)
    if image.mode.startswith("I;16"):
        white = 4095 if _tiff(image, TiffImagePlugin.BITSPERSAMPLE, (16,)) == (12,) else 65535
    else:
        needed = _smallest_white(image.mode, values.max())
        white = needed if white is None else white
    levels = np.clip(values / white, 0, 1)
    if _tiff(image, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, 1) == 0:  # white is 0
        levels = 1 - levels
    levels[values == image.info.get("transparency", -1)] = 1
    made = Image.fromarray(np.uint8(levels * 255 + 0.5))
    made.info = {key: image.info[key] for key in _COLORS if key in image.info}
    return made


def _in_srgb(image):
    """An image with its color profile applied, if it has one that fits and is not damaged.

    Without a profile, the gamma that a PNG declares is; one close to that of sRGB means sRGB.
    """
    profile, gamma = image.info.get("icc_profile"), image.info.get("gamma")
    mode, apply = _transform(profile) if profile else (None, None)
    declared = gamma and "srgb" not in image.info
    if apply is None and declared and abs(gamma / _SRGB_GAMMA - 1) > _GAMMA_TOLERANCE:
        mode, apply = "RGB", lambda encoded: encoded.point(3 * _levels(gamma))
    if apply is None or (mode == "CMYK") != (image.mode == "CMYK"):
        return image
    if mode == "L" and image.mode not in ("1", "L", "LA"):
        return image
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    converted = apply(image.convert(mode))
    if alpha:
        converted.putalpha(alpha)
    return converted


def _levels(gamma):
    """The sRGB level of each level that was encoded with a gamma, such as 1 for linear ones."""
    linear = (np.arange(256) / 255) ** (1 / gamma)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.uint8(np.clip(encoded, 0, 1) * 255 + 0.5).tolist()


@functools.lru_cache(maxsize=32)
def _transform(profile):
    """The mode that an ICC profile is for, and a function to sRGB; (None, None) if unusable.

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
    return mode, transform.apply


def over_white(image):
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
