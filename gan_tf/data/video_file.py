"""Decoding of one video file: animated GIF, WebP and PNG, and with imageio MP4 and others.

Films are decoded by ffmpeg, which imageio-ffmpeg brings, the extra "video". It is told what kind of file
it gets, so that none can make it open others.
"""

import contextlib
import itertools
import re
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from gan_tf.data.image_file import over_white, square

DECODING = 1  # changes when what is read of any file does, so that old caches are not used
NOT_A_VIDEO = "not a video of a kind that is read: convert it to GIF or MP4"
EMPTY = "empty"
STILL = "a still image: it has one frame"
_DAMAGED = "a damaged film, or one without pictures"
_SLOW = "a film that takes minutes to decode: make it smaller or shorter"
_TOO_LARGE = "its frames are too large: more than 8 megapixels"
_KINDS = ("GIF", "WEBP", "PNG")
_FILMS = (  # (the first bytes, where, ffmpeg's name of the format)
    (b"ftyp", 4, "mov"),
    (b"\x1a\x45\xdf\xa3", 0, "matroska"),
    (b"AVI ", 8, "avi"),
    (b"\0\0\1\xba", 0, "mpeg"),
)
_MOST_PIXELS = 1 << 23  # of a frame: 3840x2160 is less
_MOST_ALLOCATED = 1 << 29  # bytes at once, by ffmpeg
_LONGEST = 180  # seconds of processor time that ffmpeg takes, after which it ends itself
_USUAL = 100.0  # ms that a frame is shown, if it says nothing or nearly nothing, as in browsers
_SHORTEST = 20.0  # ms
_FIRST = 32  # frames of which the rate is taken
_TOLERANCE = (10.0, 0.1)  # ms, and of the interval, by which constant ones vary
_VARIED = 4  # times as many frames are read as are needed, and some
_RATE = re.compile(r" (\d+(?:\.\d+)?) (fps|tbr)")  # in what ffmpeg says of a stream
_RATES = (0.01, 240.0)  # frames per second of films
_PIECE = 1 << 20  # bytes


class Loaded(NamedTuple):
    """The beginning of a video.

    Attributes:
        pixels: uint8 (frames, size, size, 1 or 3).
        fps: frames per second of the file.
        varies: whether its frame rate varies.
        longer: whether the file has more.
    """

    pixels: np.ndarray
    fps: float
    varies: bool
    longer: bool


def load_video(file, frames, step, size, crop="center", mode="RGB"):
    """Reads the beginning of a video file.

    Where frames are shown for different times, they are repeated or left out, so that they become
    evenly spaced: the interval is the median of those of the first 32 frames, of films the mean.

    Args:
        file: opened for reading bytes.
        frames: how many are read.
        step: every k-th frame is read.
        size: height and width of the result, in pixels.
        crop: one of `gan_tf.data.image_file.CROPS`.
        mode: "RGB" or "L".

    Returns:
        `Loaded`.

    Raises:
        ValueError: with the reason in plain words, when it cannot be read, has too few frames or none,
            or is too large.
    """

    def fitted(image):
        return np.asarray(square(over_white(image), size, crop, mode)).reshape(size, size, -1)

    with contextlib.closing(_opened(file, fitted)) as stream:
        buffered = list(itertools.islice(stream, _FIRST))
        durations = [duration for _, duration, _ in buffered]
        # How long the last frame of a file is shown says nothing of its rate.
        whole = durations[:-1] if 1 < len(durations) < _FIRST else durations
        interval = statistics.median(whole) if whole else _USUAL
        return _sampled(itertools.chain(buffered, stream), interval, frames, step)


def _sampled(stream, interval, frames, step):
    """`Loaded` from a stream as of `_opened`; each frame is taken at the middle of its interval."""
    found, end, varies, needed = [], 0.0, False, (frames - 1) * step + 1
    tolerance = max(_TOLERANCE[0], _TOLERANCE[1] * interval) + 1e-3
    current = next(stream, None)
    for count in itertools.count():
        if current is None:
            break
        if len(found) == frames:
            return Loaded(np.stack(found), 1000 / interval, varies, True)
        if count > _VARIED * needed + _FIRST:
            raise ValueError("its frame rate varies too much")
        (pixels, duration, uneven), current = current, next(stream, None)
        duration = interval if current is None else duration
        varies |= uneven or abs(duration - interval) > tolerance
        end += duration
        while len(found) < frames and (len(found) * step + 0.5) * interval < end:
            found.append(pixels)
    if not found:
        raise ValueError("it has no frames")
    if len(found) < frames:
        raise ValueError(
            f"too short: it has {round(end / interval):,} frames, and {needed:,} are needed"
        )
    return Loaded(np.stack(found), 1000 / interval, varies, False)


def _opened(file, fitted):
    """Returns a generator of the frames of a file: (pixels, ms, whether all were made even)."""
    head = file.read(64)
    file.seek(0)
    if not head:
        raise ValueError(EMPTY)
    for start, at, kind in _FILMS:
        if head[at : at + len(start)] == start:
            return _film(file, kind, fitted)
    return _animation(file, fitted)


def _animation(file, fitted):
    try:
        with Image.open(file, formats=_KINDS) as image:
            _check_size(*image.size)
            if not getattr(image, "is_animated", False):
                raise ValueError(STILL)
            first = bool(image.info.get("default_image"))  # of a PNG: not a part of the animation
            image.seek(first)
            for number in itertools.count(first + 1):
                _check_size(*image.size)  # a frame of a GIF can be larger than the file says
                image.load()
                if image.mode[0] in "IF":
                    raise ValueError("it has more than 8 bits per color")
                duration = float(image.info.get("duration") or 0)
                yield fitted(image), duration if duration >= _SHORTEST else _USUAL, False
                try:
                    image.seek(number)
                except EOFError:
                    return
    except UnidentifiedImageError as error:
        raise ValueError(NOT_A_VIDEO) from error
    except Image.DecompressionBombError as error:
        raise ValueError(_TOO_LARGE) from error
    except Exception as error:  # Pillow raises many kinds for a broken file
        raise ValueError(" ".join(str(error).split()) or type(error).__name__) from error


def _film(file, kind, fitted):
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise ValueError(
            "a format that needs a library: pip install 'imageio[ffmpeg]', or convert it to GIF"
        ) from error
    with tempfile.NamedTemporaryFile(prefix="gan_tf-") as copy:
        while piece := file.read(_PIECE):
            copy.write(piece)
        copy.flush()
        given = ["-max_alloc", str(_MOST_ALLOCATED), "-timelimit", str(_LONGEST)]
        given += ["-threads", "1", "-f", kind]
        began = time.monotonic()
        rate, uneven = _rate(imageio_ffmpeg.get_ffmpeg_exe(), [*given, "-i", copy.name])
        stream = _guarded(
            imageio_ffmpeg.read_frames(
                copy.name, input_params=given, output_params=["-an", "-r", str(rate)]
            )
        )
        with contextlib.closing(stream):
            width, height = next(stream, {}).get("size", (0, 0))
            if not width:
                raise ValueError(_DAMAGED)
            _check_size(width, height)
            for content in stream:
                pixels = np.frombuffer(content, np.uint8).reshape(height, width, 3)
                yield fitted(Image.fromarray(pixels)), 1000 / rate, uneven
            if time.monotonic() - began >= _LONGEST:  # perhaps not the end of the film
                raise ValueError(_SLOW)


def _guarded(stream):
    """What imageio-ffmpeg yields; it raises many kinds for a broken film."""
    try:
        yield from stream
    except Exception as error:
        raise ValueError(_DAMAGED) from error


def _rate(ffmpeg, given):
    """A film's mean frames per second, and whether its rate varies: whether the usual one is another."""
    told = subprocess.run(
        [ffmpeg, "-hide_banner", *given],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    ).stderr.decode(errors="replace")
    line = next((each for each in told.splitlines() if "Stream #" in each and "Video:" in each), "")
    rates = {unit: float(number) for number, unit in _RATE.findall(line) if float(number)}
    usual = rates.get("tbr", _RATES[1])
    mean = min(_RATES[1], max(_RATES[0], rates.get("fps", usual)))
    return mean, abs(mean - usual) > _TOLERANCE[1] * usual


def _check_size(width, height):
    if width * height > _MOST_PIXELS:
        raise ValueError(_TOO_LARGE)
