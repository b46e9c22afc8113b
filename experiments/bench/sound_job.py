"""The job of the benchmark of sound: the same networks, batches and updates for each contender."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class SoundJob:
    """Training of a WaveGAN, in bare steps on one batch.

    Attributes:
        length: samples of a clip; a power of two from 64.
        width: as for `gan_tf.networks.wavegan.WaveGAN`.
        batch_size: clips per batch.
        precision: "float32" or "mixed_bfloat16".
        latent_dim: the length of a latent.
        fit: never.
    """

    length: int = 4096
    width: int = 16
    batch_size: int = 64
    precision: str = "float32"
    latent_dim: int = 100
    fit: bool = False

    def images(self):
        """Returns one batch of random clips in [-1, 1]: float32 (batch_size, length, 1)."""
        shape = (self.batch_size, self.length, 1)
        return np.random.default_rng(0).random(shape, np.float32) * 2 - 1
