"""The user's own images, in any common format: a folder or a zip archive."""

import contextlib
import hashlib
import os
import pathlib
import threading
import warnings

import numpy as np
from PIL import Image, ImageOps

from gan_tf.data.file_images import FileImages
from gan_tf.data.file_tree import FolderTree, ZipTree
from gan_tf.errors import UserError
from gan_tf.registry import DATASETS

CROPS = ("center", "top", "pad", "stretch")
COLOR_MODES = ("rgb", "grayscale")

# Pillow would open many more, PostScript by starting an interpreter.
Image.init()  # registers all formats: without it, only the most common ones are known
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")

# A small file can hold a huge picture, whose size is known before it is decoded. Larger ones than
# this are refused (large JPEGs are decoded at a fraction of their size, which is what counts),
# and large ones are decoded one at a time, by however many threads.
_MOST_PIXELS = 1 << 26
_LARGE = 1 << 24
_one_large = threading.Lock()

# Pillow refuses pictures of more than 179 megapixels, which no camera takes, and warns at half of
# that, which some do. (The filter is global since images are loaded by threads, which share it.)
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


@DATASETS.register("image_folder")
class ImageFolder(FileImages):
    """Your own images: every file below --image_dir, sub-folders are classes.

    JPEG, PNG, WebP, BMP, GIF (first frame) and TIFF, in grayscale, RGB, RGBA, palette, 16-bit,
    float or CMYK, are all converted; transparency becomes white; the EXIF orientation is
    applied. Files and folders whose names begin with a dot are skipped. The folders directly
    below `image_dir` are the classes; if there are images in `image_dir` itself, the data set
    has no labels.

    Args:
        image_dir: the folder, or a zip archive of one, which is read without unpacking.
        image_size: height and width in pixels, default 64.
        crop: how an image becomes square: "center" (default) and "top" cut the largest
            square there, "pad" adds black bars, "stretch" distorts.
        color_mode: "rgb" (default) or "grayscale".
    """

    name = "image_folder"
    default_image_size = 64
    channels = None
    terms = "not known to gan_tf: those of the images in the folder that was trained on"

    def __init__(
        self,
        image_dir: str,
        image_size: int | None = None,
        crop: str = "center",
        color_mode: str = "rgb",
    ):
        super().__init__()
        if os.path.isfile(image_dir) and image_dir.lower().endswith(".zip"):
            self._tree = ZipTree(image_dir)
        elif os.path.isdir(image_dir):
            self._tree = FolderTree(image_dir)
        else:
            raise UserError(
                f"There is no directory '{image_dir}', and no .zip file: correct --image_dir."
            )
        self.root = pathlib.Path(image_dir)
        self.crop = crop
        self.mode = "RGB" if color_mode == "rgb" else "L"
        size = image_size or self.default_image_size
        self.sample_shape = (size, size, 3 if color_mode == "rgb" else 1)
        self._files = self._tree.files()
        loose = [file for file in self._files if os.sep not in file and _named_as_image(file)]
        labelled = bool(self._files) and not loose
        if labelled:  # A README next to the classes is not an image.
            self._files = [file for file in self._files if os.sep in file]
        classes = [file.split(os.sep)[0] for file in self._files]
        self.label_names = tuple(sorted(set(classes))) if labelled else ()
        indices = {name: index for index, name in enumerate(self.label_names)}
        self._items = [(file, indices.get(name)) for file, name in zip(self._files, classes)]

    @property
    def cache_key(self):
        digest = hashlib.sha256(f"{self.sample_shape} {self.crop}".encode())
        for file in self._files:
            facts = f"{file}\0{self._tree.fingerprint(file)}\n"
            digest.update(facts.encode(errors="replace"))
        return digest.hexdigest()

    def items(self):
        return self._items

    def read(self, file):
        with self._tree.open(file) as content:
            picture = load_image(content, self.sample_shape[0], self.crop, self.mode)
        return np.asarray(picture).reshape(self.sample_shape)


def load_image(path, size, crop="center", mode="RGB"):
    """Loads one image file as a square picture.

    Args:
        path: the file, or an open one.
        size: height and width of the result, in pixels.
        crop: one of `CROPS`.
        mode: "RGB" or "L".

    Returns:
        A `PIL.Image` of (size, size) in that mode, antialiased.

    Raises:
        ValueError: when it is not in one of the formats above, is truncated, or is too large.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            image.draft(mode, (2 * size, 2 * size))
            pixels = image.width * image.height * (2 if image.mode[0] in "IF" else 1)
            if pixels > _MOST_PIXELS:
                raise ValueError(f"it has {image.width}x{image.height} pixels, which is too many")
            with _one_large if pixels > _LARGE else contextlib.nullcontext():
                ImageOps.exif_transpose(image, in_place=True)
                return _square(_convert(image, mode), size, crop)
    except Exception as error:  # Pillow raises many kinds for a broken file.
        raise ValueError(str(error) or type(error).__name__) from error


def _convert(image, mode):
    """Converts any Pillow mode to 8-bit RGB or grayscale."""
    if image.mode.startswith("I") or image.mode == "F":
        # Pillow would clip these at 255: 16-bit grayscale, 32-bit integers, floats.
        values = np.asarray(image, dtype=np.float64)
        if not np.isfinite(values).all() or values.min() < 0:
            raise ValueError("its pixel values are negative or not finite")
        narrow = 1 if image.mode == "F" else 255
        wide = 255 if image.mode == "F" else 65535
        fits = values.max() <= narrow and not image.mode.startswith("I;16")
        scale = narrow if fits else wide
        image = Image.fromarray(np.uint8(np.clip(values / scale, 0, 1) * 255 + 0.5))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert(mode)


def _square(image, size, crop):
    if crop == "stretch":
        return image.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3)
    if crop == "pad":
        return ImageOps.pad(image, (size, size), Image.Resampling.LANCZOS)
    centering = (0.5, 0.0 if crop == "top" else 0.5)
    return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS, centering=centering)


def _named_as_image(file):
    return Image.registered_extensions().get(os.path.splitext(file)[1].lower()) in _FORMATS
