"""Digits that move in straight lines and bounce at the borders."""

import abc
import math

import numpy as np

from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.modalities.image import shrunk
from gan_tf.modalities.video import check_values

SPEEDS = (1.0, 3.0)  # in pixels from one frame to the next, where frames are 32 pixels wide
_LARGEST = 28  # pixels: that of digits as they are stored
_SHARE = 5 / 8  # of a frame that a smaller digit is as wide as
_SMALLEST = 16  # pixels of a frame
_FPS = 10.0
_BATCH = 500
_MOST_VALUES = 1 << 24  # of a batch


class MovingDigits(Source):
    """Base of the data sets of moving digits.

    A digit has one shape in all frames. Its ink moves in a straight line at a constant speed, from a
    random place in a random direction, and is reflected where it touches a border. Places are fractions
    of pixels, between which ink is interpolated linearly: so the centroid of a digit's values moves
    exactly as described, up to rounding. Where digits overlap, the brighter one is seen.

    Subclasses define `drawn`, and set `name`.

    Args:
        image_size: height and width of frames, at least 16; default 32. Digits are 5/8 as wide, at
            most 28 pixels.
        frames: of a video; default 16.
        frame_step: only every k-th frame of the motion is used; default 1.
        digits: how many there are in a video; default 1. Without more, the label is the digit; videos of
            more have no labels.

    Attributes:
        speeds: the lowest and the highest speed, between which speeds are uniform, in pixels per frame.

    Raises:
        UserError: for smaller frames, or when videos would be too large.

    Source: Srivastava et al., "Unsupervised Learning of Video Representations using LSTMs", 2015
    (https://arxiv.org/abs/1502.04681), section 3.2, where the speed is constant.
    """

    modality = "video"
    pairing = "single"
    checked_early = True
    default_image_size = 32
    channels = 1
    knows = ("motion",)
    num_examples = 8000
    num_held_out = 1000

    def __init__(
        self, image_size: int = 32, frames: int = 16, frame_step: int = 1, digits: int = 1
    ):
        if image_size < _SMALLEST:
            raise UserError(
                f"--image_size={image_size} is too small for moving digits: give {_SMALLEST} or more."
            )
        self.sample_shape = (frames, image_size, image_size, 1)
        check_values(self.sample_shape)
        self.traits = {"fps": _FPS / frame_step}
        self.digits, self._step = digits, frame_step
        self.speeds = tuple(each * frame_step * image_size / 32 for each in SPEEDS)
        self.label_names = tuple(map(str, range(10))) if digits == 1 else ()
        self.knows = self.knows if digits == 1 else ()

    @property
    def cache_key(self):
        return f"{self.name}-1-{self.num_examples}-{self.sample_shape}-{self._step}-{self.digits}"

    @abc.abstractmethod
    def drawn(self, count, held_out):
        """Yields digits without end.

        Args:
            count: how many to yield at once, at least.
            held_out: whether those that are held out.

        Yields:
            uint8 images (n, 28, 28, 1), white on black, and int64 labels (n,).
        """

    def batches(self):
        yield from self._videos(self.num_examples, held_out=False)

    def held_out(self):
        yield from self._videos(self.num_held_out, held_out=True)

    def _videos(self, count, held_out):
        random = np.random.default_rng([1, held_out])
        size = max(1, min(_BATCH, _MOST_VALUES // math.prod(self.sample_shape)))
        found = self.drawn(size * self.digits, held_out)
        frames, side = self.sample_shape[:2]
        for start in range(0, count, size):
            number = min(size, count - start)
            images, labels = next(found)
            videos = np.zeros((number, *self.sample_shape), np.uint8)
            for first in range(0, number * self.digits, number):
                digits = _small(images[first : first + number], side)
                made = moving(digits, frames, side, self.speeds, random)
                np.maximum(videos, made, out=videos)
            yield {"video": videos} | ({LABEL: labels[:number]} if self.label_names else {})


def moving(digits, frames, side, speeds, random):
    """Returns videos of digits that move.

    Args:
        digits: uint8 (n, h, h, 1).
        frames: of a video.
        side: height and width of a frame.
        speeds: the lowest and the highest speed, in pixels per frame.
        random: a `numpy.random.Generator`.

    Returns:
        uint8 (n, frames, side, side, 1).
    """
    count = len(digits)
    ink = digits[..., 0] > 0
    speed, angle = random.uniform(*speeds, count), random.uniform(0, 2 * np.pi, count)
    weights = []
    for axis, velocity in ((2, speed * np.sin(angle)), (1, speed * np.cos(angle))):
        line = ink.any(axis=axis)
        first, last = line.argmax(axis=1), line.shape[1] - 1 - line[:, ::-1].argmax(axis=1)
        room = (side - 1 - (last - first))[:, None]
        start = random.uniform(0, 1, (count, 1)) * room
        at = reflected(start + velocity[:, None] * np.arange(frames), room) - first[:, None]
        # How much of each row of the digit each row of the frame shows: (n, frames, side, h).
        rows = at[..., None, None] + np.arange(line.shape[1])
        distance = np.abs(np.arange(side)[:, None] - rows).astype(np.float32)
        weights.append(np.maximum(0, 1 - distance))
    values = digits[:, None, :, :, 0].astype(np.float32)
    moved = weights[0] @ values @ weights[1].transpose(0, 1, 3, 2)
    return np.uint8(np.rint(moved))[..., None]


def reflected(places, room):
    """Returns places on a line with mirrors at its ends.

    Args:
        places: where something would be without mirrors, an array.
        room: the length of the line, above 0, of a shape that broadcasts.
    """
    phase = np.mod(places, 2 * room)
    return np.where(phase > room, 2 * room - phase, phase)


def _small(images, side):
    size = min(_LARGEST, round(_SHARE * side))
    return np.stack([shrunk(each, size) for each in images])
