"""Images at the program's edge: float to uint8, grids, PNG, GIF."""

import io

import numpy as np
from PIL import Image


def to_uint8(images):
    """Converts float images in [-1, 1] to uint8 in [0, 255]; same shape; values beyond are clipped."""
    scaled = (np.asarray(images, np.float32) + 1) * 127.5
    return np.uint8(np.clip(np.rint(scaled), 0, 255))


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


def png(pixels):
    """Encodes one uint8 image (height, width, 1 or 3) as PNG; returns bytes."""
    buffer = io.BytesIO()
    _picture(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def gif(frames, seconds=10.0):
    """Encodes uint8 frames (height, width, 1 or 3) as an endless animated GIF; returns bytes.

    Args:
        frames: the frames, in order; the last is held for two seconds.
        seconds: how long all take together at one pace, which is 40 to 500 ms a frame.
    """
    # Colour needs dithering to 256; grey is exact.
    pictures = [_picture(frame) for frame in frames]
    pictures = [
        p if p.mode == "L" else p.quantize(dither=Image.Dither.FLOYDSTEINBERG) for p in pictures
    ]
    each = min(500, max(40, round(1000 * seconds / len(pictures))))
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=[each] * (len(pictures) - 1) + [2000],
        loop=0,
    )
    return buffer.getvalue()


def _picture(pixels):
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
