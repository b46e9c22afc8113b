"""Images: uint8 arrays (n, height, width, 1 or 3), and everything that is specific to them."""

import io
import json

import numpy as np
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Picture

from gan_tf.modalities.modality import Modality
from gan_tf.registry import MODALITIES

_LARGEST = 1024  # pixels each way


@MODALITIES.register("image")
class Image(Modality):
    """Pictures: uint8 (height, width, 1 or 3), which networks see from -1 (black) to 1."""

    name = "image"
    plural = "images"
    disclaimer = "not a photograph"
    stored_dtype = "uint8"
    stored_range = (0, 255)
    can_flip = True
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

        scaled = keras.ops.round((outputs + 1) * 127.5)
        return keras.ops.cast(keras.ops.clip(scaled, 0, 255), "uint8")

    def check_shape(self, shape):
        if len(shape) != 3 or not (
            1 <= shape[0] <= _LARGEST and 1 <= shape[1] <= _LARGEST and shape[2] in (1, 3)
        ):
            raise ValueError(
                f"an image is (height, width, 1 or 3), of {_LARGEST} pixels each way at most, and "
                f"this is {tuple(shape)}"
            )

    def specify(self, shape, dtype):
        height, width, channels = shape
        colours = {1: "grey", 3: "RGB"}[channels]
        values = "from -1 (black) to 1" if dtype == "float32" else "from 0 to 255"
        return f"{height}x{width}, {colours}, {dtype} {values}"

    def sheet(self, samples, columns=None):
        return grid(samples, columns)

    def snapshot(self, samples, columns=None):
        return png(grid(samples, columns))

    def history(self, snapshots):
        return gif(_readable(snapshots))

    def flip(self, samples):
        return samples[:, :, ::-1]


def grid(images, columns=None, gap=2):
    """Lays images out in a grid, row by row.

    Args:
        images: uint8 (n, height, width, 1 or 3).
        columns: default: about as many as rows.
        gap: black pixels between neighbours.

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


def png(pixels, note=None):
    """Encodes one uint8 image (height, width, 1 or 3) as PNG; returns bytes.

    Args:
        pixels: the image.
        note: None, or a dict of what is to be said of it: its "Software" and "Description"
            become text chunks of these names, all of it is the chunk "Comment", as JSON.
    """
    return encode(pixels, "PNG", note, compress_level=1)


def encode(pixels, kind, note=None, **options):
    """Encodes one uint8 image (height, width, 1 or 3); returns bytes.

    Args:
        pixels: the image.
        kind: "PNG", "JPEG" or "WEBP".
        note: as for `png`; in JPEG and WebP the EXIF tags Software and ImageDescription, the
            latter with all of it.
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
    _picture(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def gif(frames, seconds=10.0):
    """Encodes uint8 frames (height, width, 1 or 3) as an endless animated GIF; returns bytes.

    Args:
        frames: the frames, in order; the last is held for two seconds.
        seconds: how long all take together at one pace, which is 40 to 500 ms a frame.
    """
    each = min(500, max(40, round(1000 * seconds / len(frames))))
    return animation(frames, "GIF", [each] * (len(frames) - 1) + [2000])


def animation(frames, kind, duration, note=None, **options):
    """Encodes uint8 frames (height, width, 1 or 3) as an endless animation; returns bytes.

    Args:
        frames: the frames, in order.
        kind: "GIF" or "WEBP".
        duration: of a frame in ms, or a list of that of each.
        note: as for `encode`; in a GIF its comment.
        **options: for Pillow's `Image.save`.
    """
    pictures = [_picture(frame) for frame in frames]
    if kind == "GIF":
        # Colour needs dithering to 256; grey is exact.
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
    exif[ExifTags.Base.ImageDescription] = json.dumps(note)  # which is ASCII, as EXIF is
    return exif


def _picture(pixels):
    return Picture.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def _readable(paths):
    """The pixels of those PNG files that can be read and have the size of the first."""
    frames = []
    for path in paths:
        try:
            with Picture.open(path, formats=("PNG",)) as picture:
                pixels = np.asarray(picture)
        except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError):
            continue
        pixels = pixels[..., None] if pixels.ndim == 2 else pixels
        if not frames or pixels.shape == frames[0].shape:
            frames.append(pixels)
    return frames
