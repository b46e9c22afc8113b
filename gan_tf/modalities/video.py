"""Video: uint8 arrays (n, frames, height, width, 1 or 3), and all code specific to it."""

import math

import numpy as np

from gan_tf.errors import UserError
from gan_tf.modalities.image import Image, animation, grid, png
from gan_tf.modalities.modality import Film
from gan_tf.modalities.windows import window
from gan_tf.registry import MODALITIES

LONGEST = 512  # frames
_LARGEST = 1 << 26  # values of a video
_RATES = (0.01, 1000)  # frames per second
_STRIPS = 8  # clips on the picture of a snapshot
_MOST_VALUES = 1 << 28  # of an animation, all of whose frames are in memory
_GAP = 2  # pixels between videos


@MODALITIES.register("video")
class Video(Image):
    """Video: uint8 (frames, height, width, 1 or 3), for networks scaled to -1 (black) to 1.

    All videos of a data set have the same number of frames.

    Args:
        fps: frames per second, from 0.01 to 1000; default 10.

    Raises:
        ValueError: for another frame rate.
    """

    name = "video"
    plural = "videos"
    disclaimer = "not a recording"
    snapshot_suffix = ".gif"
    default_arch = "mocogan"
    default_features = "video_conv"
    default_format = "animated_webp"
    path_format = "strip"
    loop_format = "strip"

    def __init__(self, fps=10.0):
        if not _RATES[0] <= fps <= _RATES[1]:
            raise ValueError(f"a frame rate of {fps} per second is out of range")
        self.fps = float(fps)

    @property
    def duration(self):
        """How long an animation shows a frame, in ms."""
        return round(1000 / self.fps)

    def check_shape(self, shape):
        if len(shape) != 4 or not 1 <= shape[0] <= LONGEST:
            raise ValueError(
                f"a video has the shape (frames, height, width, 1 or 3), with at most {LONGEST} frames, "
                f"and this is {tuple(shape)}"
            )
        super().check_shape(shape[1:])

    def describe(self, shape):
        size = super().describe(shape[1:])
        return f"{shape[0]} frames of {size} at {self.fps:g} per second"

    def specify(self, shape, dtype):
        frames = super().specify(shape[1:], dtype)
        return f"{shape[0]} frames, {self.fps:g} per second, of {frames}"

    def sheet(self, samples, columns=None):
        """Returns the videos in a grid, the frames of each side by side; default: one per row."""
        return grid(np.stack([strip(each) for each in samples]), columns or 1)

    def tile(self, shape):
        frames, height, width, _ = shape
        return height, frames * width

    def film_size(self, count, shape, columns=None):
        columns = columns or math.ceil(math.sqrt(count))
        frames, height, width, _ = shape
        size = (-(-count // columns) * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP)
        return Film(frames, *size, count * math.prod(shape))

    def film(self, batches, count, columns=None):
        """Yields frames in which all videos play together, in a grid."""
        made, at = None, 0
        for batch in batches:
            made = np.empty((count, *batch.shape[1:]), np.uint8) if made is None else made
            made[at : at + len(batch)] = batch
            at += len(batch)
        yield from moving_grid(made, columns)

    def abreast(self, count):
        return 1

    def snapshot(self, samples, columns=None):
        """Returns videos in a grid, playing together, as an animated GIF."""
        shown = samples[: max(1, _MOST_VALUES // math.prod(samples.shape[1:]))]
        return animation(moving_grid(shown, columns), "GIF", self.duration)

    def picture(self, samples, columns=None):
        """Returns the frames of the first eight videos, a row each, as PNG."""
        return png(self.sheet(samples[:_STRIPS]))

    def history(self, snapshots):
        return super().history([each.with_suffix(".png") for each in snapshots])

    def summarize(self, name, samples, columns=None):
        import tensorflow as tf  # here, so that flags can be checked without it
        from tensorboard.plugins.image import metadata

        moving = self.snapshot(samples, columns)
        height, width = grid(samples[:, 0], columns).shape[:2]
        tf.summary.write(
            name,
            tf.constant([str(width).encode(), str(height).encode(), moving]),
            metadata=metadata.create_summary_metadata(display_name=None, description=""),
        )
        tf.summary.image(f"{name}/frames", self.sheet(samples[:_STRIPS])[None])

    def flip(self, samples):
        return samples[:, :, :, ::-1]

    def window(self, samples, corners, side):
        """Returns the same window of all frames of a video, enlarged."""
        import tensorflow as tf

        frames = samples.shape[1]
        flat = tf.reshape(samples, (-1, *samples.shape[2:]))
        cut = window(flat, tf.repeat(corners, frames, axis=0), side)
        return tf.reshape(cut, (-1, *samples.shape[1:]))


def check_values(shape):
    """Checks that videos of a shape are not too large to be trained on.

    Args:
        shape: (frames, height, width, channels).

    Raises:
        UserError: when they have more than 67 million values.
    """
    if math.prod(shape) > _LARGEST:
        frames, height, width, _ = shape
        raise UserError(
            f"Videos of {frames} frames of {height}x{width} would be too large: give fewer --frames, or a "
            "smaller --image_size."
        )


def strip(video):
    """Returns the frames of a video, (frames, height, width, C), side by side: one image."""
    frames, height, width, channels = video.shape
    return video.transpose(1, 0, 2, 3).reshape(height, frames * width, channels)


def moving_grid(videos, columns=None):
    """Arranges videos in a grid, in which they play together.

    Args:
        videos: uint8 (n, frames, height, width, 1 or 3).
        columns: as for `gan_tf.modalities.image.grid`.

    Yields:
        the frames: uint8 (height, width, channels).
    """
    return (grid(videos[:, frame], columns, _GAP) for frame in range(videos.shape[1]))
