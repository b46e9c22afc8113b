"""Images: uint8 arrays (n, height, width, 1 or 3), and all image-specific code."""

import io
import json
import math

import numpy as np
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Picture

from gan_tf.files.plain_file import open_plain
from gan_tf.modalities.modality import Film, Modality
from gan_tf.modalities.windows import window
from gan_tf.registry import MODALITIES

_MAX_SIDE = 1024  # pixels
_MOST_BYTES = 1 << 30  # of a snapshot
_MOST_VALUES = 1 << 29  # of all frames of an animation
_SHORTEST = {"GIF": 20, "WEBP": 11}  # ms that frames are shown


@MODALITIES.register("image")
class Image(Modality):
    """Images: uint8 (height, width, 1 or 3), for networks scaled to -1 (black) to 1."""

    name = "image"
    plural = "images"
    disclaimer = "not a photograph"
    stored_dtype = "uint8"
    stored_range = (0, 255)
    can_flip = True
    can_jitter = True
    snapshot_suffix = ".png"
    history_name = "animation.gif"
    default_features = "random_conv"
    default_format = "grid"
    path_format = "strip"
    loop_format = "animated_webp"

    def to_network(self, stored):
        if isinstance(stored, np.ndarray):
            return stored.astype(np.float32) / 127.5 - 1
        import tensorflow as tf  # here, so that flags can be checked without it

        return tf.cast(stored, tf.float32) / 127.5 - 1

    def to_stored(self, outputs):
        scaled = (np.asarray(outputs, np.float32) + 1) * 127.5
        return np.asarray(np.clip(np.rint(scaled), 0, 255), np.uint8)

    def to_stored_tensor(self, outputs):
        import keras

        scaled = keras.ops.round(self.unrounded(outputs))
        return keras.ops.cast(keras.ops.clip(scaled, 0, 255), "uint8")

    def unrounded(self, outputs):
        """Returns images in [-1, 1], arrays or tensors, in the range of stored ones, as floats."""
        return (outputs + 1) * 127.5

    def check_shape(self, shape):
        if len(shape) != 3 or not (
            1 <= shape[0] <= _MAX_SIDE and 1 <= shape[1] <= _MAX_SIDE and shape[2] in (1, 3)
        ):
            raise ValueError(
                f"an image has the shape (height, width, 1 or 3), with at most {_MAX_SIDE} pixels per "
                f"side, and this is {tuple(shape)}"
            )

    def specify(self, shape, dtype):
        height, width, channels = shape
        colors = {1: "grayscale", 3: "RGB"}[channels]
        values = "from -1 (black) to 1" if dtype == "float32" else "from 0 to 255"
        return f"{height}x{width}, {colors}, {dtype} {values}"

    def sheet(self, samples, columns=None):
        return grid(samples, columns)

    def tile(self, shape):
        return tuple(shape[:2])

    def snapshot(self, samples, columns=None):
        return png(grid(samples, columns))

    def film_size(self, count, shape, columns=None):
        return Film(count, *shape[:2], math.prod(shape))

    def film(self, batches, count, columns=None):
        """Yields the images."""
        for batch in batches:
            yield from batch

    def history(self, snapshots):
        frames = _readable(snapshots)
        return gif(frames) if frames else None

    def flip(self, samples):
        return samples[:, :, ::-1]

    def window(self, samples, corners, side):
        return window(samples, corners, side)


def grid(images, columns=None, gap=2):
    """Arranges images in a grid, row by row.

    Args:
        images: uint8 (n, height, width, 1 or 3).
        columns: default: about the number of rows.
        gap: black pixels between images.

    Returns:
        uint8 (rows * (height + gap) - gap, columns * (width + gap) - gap, channels).
    """
    count, height, width, channels = images.shape
    columns = columns or int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, height + gap, width + gap, channels), np.uint8)
    padded[:count, :height, :width] = images
    sheet = padded.reshape(rows, columns, height + gap, width + gap, channels)
    sheet = sheet.transpose(0, 2, 1, 3, 4).reshape(rows * (height + gap), -1, channels)
    return sheet[: sheet.shape[0] - gap, : sheet.shape[1] - gap]


def png(pixels, note=None, exif=b""):
    """Encodes one uint8 image (height, width, 1, 3 or 4) as PNG; returns bytes.

    Args:
        pixels: the image.
        note: None, or a dict of metadata: its "Software" and "Description" become text chunks of
            these names, and the complete dict the chunk "Comment", as JSON.
        exif: see `gan_tf.data.exif.of_origin`.
    """
    return encode(pixels, "PNG", note, compress_level=1, exif=exif)


def encode(pixels, kind, note=None, **options):
    """Encodes one uint8 image (height, width, 1 or 3); returns bytes.

    Args:
        pixels: the image.
        kind: "PNG", "JPEG" or "WEBP".
        note: as for `png`; in JPEG and WebP the EXIF tags Software and ImageDescription, the
            latter with the complete dict.
        **options: for Pillow's `Image.save`.
    """
    if note and kind == "PNG":
        options["pnginfo"] = text = PngImagePlugin.PngInfo()
        for name in ("Software", "Description"):
            text.add_text(name, note[name])
        text.add_text("Comment", json.dumps(note))
    elif note:
        options["exif"] = _exif(note)
    buffer = io.BytesIO()
    picture(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def gif(frames, seconds=10.0):
    """Encodes uint8 frames (height, width, 1 or 3) as a looping animated GIF; returns bytes.

    Args:
        frames: the frames, in order; the last is shown for two seconds.
        seconds: the total duration, subject to 40 to 500 ms per frame.
    """
    each = min(500, max(40, round(1000 * seconds / len(frames))))
    return animation(frames, "GIF", [each] * (len(frames) - 1) + [2000])


def animation(frames, kind, duration, note=None, **options):
    """Encodes uint8 frames (height, width, 1 or 3) as a looping animation; returns bytes.

    Args:
        frames: the frames, in order.
        kind: "GIF" or "WEBP".
        duration: per frame in ms, or a list with that of each frame; at least 20 in a GIF and 11 in a
            WebP, since browsers show shorter ones for 100.
        note: as for `encode`; in a GIF the comment.
        **options: for Pillow's `Image.save`.
    """
    pictures = [picture(frame) for frame in frames]
    duration = np.maximum(duration, _SHORTEST[kind]).tolist()
    if kind == "GIF":
        # Color is dithered to 256 colors; grayscale is exact.
        dither = Picture.Dither.FLOYDSTEINBERG
        pictures = [p if p.mode == "L" else p.quantize(dither=dither) for p in pictures]
    if note:
        options |= (
            {"comment": json.dumps(note).encode()} if kind == "GIF" else {"exif": _exif(note)}
        )
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        kind,
        save_all=True,
        append_images=pictures[1:],
        duration=duration,
        loop=0,
        **options,
    )
    return buffer.getvalue()


def _exif(note):
    exif = Picture.Exif()
    exif[ExifTags.Base.Software] = note["Software"]
    exif[ExifTags.Base.ImageDescription] = json.dumps(note)  # ASCII, as EXIF requires
    return exif


def picture(pixels):
    """Returns a `PIL.Image` of pixels, uint8 (height, width, 1 or 3)."""
    return Picture.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def shrunk(pixels, side):
    """Returns an image whose shorter side is not longer than that, antialiased.

    Args:
        pixels: uint8 (height, width, 1 or 3).
        side: in pixels.
    """
    height, width, channels = pixels.shape
    scale = side / min(height, width)
    if scale >= 1:
        return pixels
    size = (max(side, round(width * scale)), max(side, round(height * scale)))
    resized = picture(pixels).resize(size, Picture.Resampling.LANCZOS)
    return np.asarray(resized).reshape(size[1], size[0], channels)


def _readable(paths):
    """The pixels of the readable PNG files of the same size and mode as the last, the newest.

    Of those that would take too much memory together, only every k-th.
    """
    frames, size, due = [], None, 0
    for number, path in enumerate(reversed(paths)):
        if number < due:
            continue
        try:
            # The size is compared before anything is decoded: a small file can hold a huge picture.
            with (
                open_plain(path, _MOST_BYTES) as file,
                Picture.open(file, formats=("PNG",)) as picture,
            ):
                if picture.mode not in ("L", "RGB") or (size or picture.size) != picture.size:
                    continue
                pixels = np.asarray(picture)
        except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError):
            continue
        pixels = pixels[..., None] if pixels.ndim == 2 else pixels
        if not frames or pixels.shape == frames[0].shape:
            frames.append(pixels)
            size = picture.size
            due = number + max(1, -(-len(paths) * pixels.size // _MOST_VALUES))
    return frames[::-1]
