"""The job of the benchmark of WGAN-GP on sequences: the same networks and updates for each contender."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class CriticJob:
    """Training of the one-dimensional ResNet with a gradient penalty, in float32.

    Attributes:
        vocabulary: the number of tokens.
        length: of a sequence.
        width: channels.
        latent_dim: the length of a latent.
        batch_size: real sequences per step, shared among the critic's updates.
        critic_steps: updates of the critic in a step.
        precision: "float32".
        fit: never: training is bare steps on one batch.
    """

    vocabulary: int = 4
    length: int = 40
    width: int = 64
    latent_dim: int = 100
    batch_size: int = 320
    critic_steps: int = 5
    precision: str = "float32"
    fit: bool = False

    def images(self):
        """Returns one batch of random one-hot sequences: float32 (batch_size, length, vocabulary)."""
        shape = (self.batch_size, self.length)
        tokens = np.random.default_rng(0).integers(0, self.vocabulary, shape)
        return np.eye(self.vocabulary, dtype=np.float32)[tokens]
