"""Glyphs: the embedded data set, ten digits drawn in Pillow's built-in font."""

import contextlib
import io
import os
import pathlib

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image, ImageDraw, ImageFont

from gan_tf.data.tfds_images import TfdsImages
from gan_tf.registry import DATASETS

SIZE = 28
_SCALE = 3  # digits are drawn and warped at this multiple of SIZE, then averaged down
_CHUNK = 500
_STROKES = (0, 1, 2, 3, 4)  # pixels of extra stroke, at the drawn scale


@DATASETS.register("glyphs")
class Glyphs(TfdsImages):
    """Glyphs: 20,000 drawn digits, 28x28 grayscale, 10 classes; embedded, nothing to download.

    Drawn at first use, in well under a minute, identically everywhere, and then stored like any other
    tensorflow-datasets data set; if `data_dir` is not writable, in `~/tensorflow_datasets`.
    """

    name = "glyphs"
    default_image_size = 28
    channels = 1
    classifier = "glyph_classifier"  # of `gan_tf.augment`; scores compare other features
    published_images = 20_000
    terms = "free of terms: drawn by gan_tf with Pillow's own font"
    making = "drawing them"

    def make_builder(self):
        home = pathlib.Path(self.data_dir or os.environ.get("TFDS_DATA_DIR") or _default_dir())
        builder = GlyphsBuilder(data_dir=home)
        if builder.info.splits or os.access(_existing(home), os.W_OK):
            return builder
        return GlyphsBuilder(data_dir=_default_dir())

    def make_examples(self):
        with contextlib.redirect_stdout(io.StringIO()):  # tfds says that it downloads them
            super().make_examples()


class GlyphsBuilder(tfds.core.GeneratorBasedBuilder):
    """Draws the digits: 20,000 for training, 5,000 for testing."""

    VERSION = tfds.core.Version("1.0.0")
    pkg_dir_path = pathlib.Path(__file__).parent
    name = "glyphs"

    def _info(self):
        return self.dataset_info_from_configs(
            description="Ten digits in Pillow's own font under random affine and elastic warps, "
            "stroke weight, blur and noise.",
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(SIZE, SIZE, 1)),
                    "label": tfds.features.ClassLabel(num_classes=10),
                }
            ),
            supervised_keys=("image", "label"),
        )

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(Glyphs.published_images, seed=0),
            "test": self._generate_examples(5_000, seed=1),
        }

    def _generate_examples(self, count, seed):
        for start in range(0, count, _CHUNK):
            images, labels = draw(_CHUNK, (seed, start))
            for offset, (image, label) in enumerate(zip(images, labels)):
                yield start + offset, {"image": image, "label": label}


def draw(count, seed):
    """Draws random digits.

    Args:
        count: how many.
        seed: anything that `numpy.random.default_rng` accepts; equal seeds give equal digits.

    Returns:
        uint8 images (count, 28, 28, 1), white on black, and int64 labels (count,).
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count)
    strokes = rng.integers(0, len(_STROKES), count)
    rows, columns = _warp(rng, count)
    drawn = _sample(_stencils()[labels, strokes], rows, columns)
    fine = drawn.reshape(count, SIZE, _SCALE, SIZE, _SCALE).mean((2, 4))
    blurred = _blur(fine, rng.uniform(0.0, 0.25, count))
    contrast = rng.uniform(0.8, 1.0, (count, 1, 1))
    noisy = blurred * contrast + rng.normal(0, 4 / 255, fine.shape) * (blurred > 0.02)
    return np.asarray(np.clip(noisy, 0, 1) * 255 + 0.5, np.uint8)[..., None], labels


def _stencils():
    """Float32 (10, strokes, side, side) in [0, 1]: each digit in each stroke, centered."""
    side = SIZE * _SCALE
    font = ImageFont.load_default(size=0.72 * side)
    stencils = np.zeros((10, len(_STROKES), side, side), np.float32)
    for digit in range(10):
        for index, stroke in enumerate(_STROKES):
            canvas = Image.new("L", (side, side))
            draw_on = ImageDraw.Draw(canvas)
            box = draw_on.textbbox((0, 0), str(digit), font=font, stroke_width=stroke)
            corner = ((side - box[0] - box[2]) / 2, (side - box[1] - box[3]) / 2)
            draw_on.text(corner, str(digit), fill=255, font=font, stroke_width=stroke)
            stencils[digit, index] = np.asarray(canvas, np.float32) / 255
    return stencils


def _warp(rng, count):
    """The source of each drawn pixel: rows and columns, each (count, side, side)."""
    side = SIZE * _SCALE
    angle = np.deg2rad(rng.uniform(-15, 15, count))
    shear = rng.uniform(-0.25, 0.25, count)
    scale = 1 / rng.uniform(0.85, 1.15, (2, count))
    shift = rng.uniform(-2, 2, (2, count)) * _SCALE
    bumps = rng.normal(0, 0.8 * _SCALE, (2, count, 5, 5))
    grid = np.arange(side) - (side - 1) / 2
    y, x = (axis[None] for axis in np.meshgrid(grid, grid, indexing="ij"))
    cos, sin, shear = (each[:, None, None] for each in (np.cos(angle), np.sin(angle), shear))
    rows = (cos * y - sin * x) * scale[0][:, None, None] + shift[0][:, None, None]
    columns = (sin * y + cos * x + shear * y) * scale[1][:, None, None] + shift[1][:, None, None]
    # Elastic: a coarse field of displacements, smoothly interpolated to every pixel.
    smooth = _interpolation(side, 5)
    elastic = np.einsum("ya,dnab,xb->dnyx", smooth, bumps, smooth, optimize=True)
    center = (side - 1) / 2
    return rows + elastic[0] + center, columns + elastic[1] + center


def _interpolation(size, knots):
    """(size, knots) matrix of smooth weights: a Gaussian around each knot, normalized."""
    positions = np.linspace(0, knots - 1, size)[:, None] - np.arange(knots)
    weights = np.exp(-(positions**2) / (2 * 0.6**2))
    return weights / weights.sum(1, keepdims=True)


def _sample(images, rows, columns):
    """Bilinear samples of (n, side, side) images at fractional positions, 0 outside."""
    side = images.shape[-1]
    rows = np.clip(rows, 0, side - 1.001).astype(np.float32)
    columns = np.clip(columns, 0, side - 1.001).astype(np.float32)
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    down, right = rows - top, columns - left
    flat = images.reshape(-1)
    corner = np.arange(len(images), dtype=np.int32)[:, None, None] * side**2 + top * side + left
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + side] * (1 - right) + flat[corner + side + 1] * right
    return upper * (1 - down) + lower * down


def _blur(images, strength):
    """Blurs each image with the kernel (s, 1 - 2s, s) along both axes."""
    strength = strength[:, None, None]
    for axis in (1, 2):
        neighbors = np.roll(images, 1, axis) + np.roll(images, -1, axis)
        images = images * (1 - 2 * strength) + neighbors * strength
    return images


def _default_dir():
    return pathlib.Path("~/tensorflow_datasets").expanduser()


def _existing(path):
    """The nearest folder at or above `path` that exists."""
    while not path.exists():
        path = path.parent
    return path
