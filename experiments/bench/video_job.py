"""The job of the benchmark of videos: the same networks, batches and updates for each contender."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class VideoJob:
    """Training of a MoCoGAN, in bare steps on one batch.

    Attributes:
        frames: of a video.
        size: height and width of a frame, in pixels; a power of two from 8.
        width: as for `gan_tf.networks.mocogan.MoCoGAN`.
        backbone: "resnet", without normalization in the discriminators, or "dcgan", with that of batches.
        batch_size: videos per batch.
        precision: "float32" or "mixed_bfloat16".
        content, motion: the lengths of these parts of a latent.
        fit: never.
    """

    frames: int = 16
    size: int = 32
    width: int = 16
    backbone: str = "resnet"
    batch_size: int = 32
    precision: str = "float32"
    content: int = 50
    motion: int = 10
    fit: bool = False

    @property
    def shape(self):
        """(frames, height, width, channels) of a video."""
        return self.frames, self.size, self.size, 1

    def images(self):
        """Returns one batch of random videos in [-1, 1]: float32 (batch_size, *shape)."""
        values = np.random.default_rng(0).random((self.batch_size, *self.shape), np.float32)
        return values * 2 - 1
