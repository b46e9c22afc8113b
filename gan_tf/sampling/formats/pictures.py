"""Formats of still images: one file of all images, or one per image."""

import math

import numpy as np

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import atomic_file, write
from gan_tf.modalities.image import encode, grid, png
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format

_MAX_PIXELS = 50_000_000  # of a grid


class _Picture(Format):
    """Base of the formats with all images in one file."""

    modalities = ("image",)
    suffix = ".png"

    def columns(self, job):
        return min(job.count, job.columns or math.ceil(math.sqrt(job.count)))

    def check(self, job):
        height, width, _ = job.shape
        columns = self.columns(job)
        size = (columns * (width + 2), -(-job.count // columns) * (height + 2))
        if math.prod(size) > _MAX_PIXELS:
            raise UserError(
                f"A grid of {job.count:,} images would have {size[0]:,} x {size[1]:,} pixels: "
                "give fewer images, or --format=png, npz or tfrecord."
            )

    def write(self, out, batches, job):
        self.check(job)
        made = np.empty((job.count, *job.shape), np.uint8)
        at = 0
        for batch in batches:
            made[at : at + len(batch)] = batch.samples
            at += len(batch)
        write(out, png(grid(made, self.columns(job)), job.note()))


@FORMATS.register("grid")
class Grid(_Picture):
    """One PNG of all, about square, or with the rows of --sweep and --arithmetic."""


@FORMATS.register("strip")
class Strip(_Picture):
    """One PNG of all images, side by side."""

    def columns(self, job):
        return job.count


class _Files(Format):
    """Base of the formats with one file per image."""

    modalities = ("image",)
    folder = True
    kind = None

    def __init__(self, **options):
        self._options = options

    def write(self, out, batches, job):
        number = 0
        for batch in batches:
            for row, pixels in enumerate(batch.samples):
                note = job.note(batch.row_columns(row))
                content = encode(pixels, self.kind, note, **self._options)
                # Syncing each file takes longer than everything else.
                with atomic_file(out / f"{job.name}-{number:06d}{self.suffix}", sync=False) as file:
                    file.write(content)
                number += 1


@FORMATS.register("png")
class Png(_Files):
    """One PNG file each, in a folder."""

    suffix = ".png"
    kind = "PNG"

    def __init__(self):
        super().__init__(compress_level=1)


@FORMATS.register("jpeg")
class Jpeg(_Files):
    """One JPEG file each, in a folder: jpeg(quality=95)."""

    suffix = ".jpg"
    kind = "JPEG"

    def __init__(self, quality: int = 95):
        super().__init__(quality=percent("jpeg", quality), subsampling=0)


@FORMATS.register("webp")
class WebP(_Files):
    """One WebP file each, in a folder; lossless, or webp(quality=90)."""

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
