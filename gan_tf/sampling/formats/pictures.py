"""Formats of still images: one file of all images, or one per image."""

import math

import numpy as np

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.modalities.image import encode, png
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format, OneFileEach

_MAX_PIXELS = 50_000_000  # of a grid


class _Picture(Format):
    """Base of the formats with all samples in one picture."""

    modalities = ("image", "audio", "video")
    suffix = ".png"

    def columns(self, job):
        return min(job.count, job.columns or math.ceil(math.sqrt(job.count)))

    def check(self, job):
        height, width = job.modality.tile(job.shape)
        columns = self.columns(job)
        size = (columns * (width + 2), -(-job.count // columns) * (height + 2))
        if math.prod(size) > _MAX_PIXELS:
            raise UserError(
                f"A grid of {job.count:,} {job.modality.plural} would have {size[0]:,} x {size[1]:,} "
                f"pixels: give fewer {job.modality.plural}, or a --format of several files, or npz."
            )

    def write(self, out, batches, job):
        self.check(job)
        made = np.empty((job.count, *job.shape), job.modality.stored_dtype)
        at = 0
        for batch in batches:
            made[at : at + len(batch)] = batch.samples
            at += len(batch)
        write(out, png(job.modality.sheet(made, self.columns(job)), job.note()))


@FORMATS.register("grid")
class Grid(_Picture):
    """One PNG of all, of sound spectrograms; about square, or with the rows of --sweep and --arithmetic."""


@FORMATS.register("strip")
class Strip(_Picture):
    """One PNG of all, side by side; of videos a row each, of its frames."""

    def columns(self, job):
        return job.modality.abreast(job.count)


class _Files(OneFileEach):
    """Base of the formats with one file per image."""

    modalities = ("image",)
    kind = None

    def __init__(self, **options):
        self._options = options

    def encode(self, sample, note, modality):
        return encode(sample, self.kind, note, **self._options)


@FORMATS.register("png")
class Png(_Files):
    """One PNG file each, in a folder."""

    suffix = ".png"
    kind = "PNG"

    def __init__(self):
        super().__init__(compress_level=1)


@FORMATS.register("jpeg")
class Jpeg(_Files):
    """One JPEG file each, in a folder: jpeg(quality=95).

    Args:
        quality: in percent, from 1 to 100, default 95.
    """

    suffix = ".jpg"
    kind = "JPEG"

    def __init__(self, quality: int = 95):
        super().__init__(quality=percent("jpeg", quality), subsampling=0)


@FORMATS.register("webp")
class WebP(_Files):
    """One WebP file each, in a folder; lossless, or webp(quality=90).

    Args:
        quality: in percent, from 1 to 100, which is lossless and the default.
    """

    suffix = ".webp"
    kind = "WEBP"

    def __init__(self, quality: int = 100):
        lossless = percent("webp", quality) == 100
        super().__init__(quality=quality, lossless=lossless)


def percent(name, quality):
    """Returns the quality, an argument of the named format, if it is valid.

    Raises:
        UserError: when it is not from 1 to 100.
    """
    if not 1 <= quality <= 100:
        raise UserError(f"{name}(quality={quality}): the quality must be from 1 to 100.")
    return quality
