"""The job of the benchmark of sequences: the same networks, batches and updates for each contender."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class SequenceJob:
    """Training of a SeqGAN in its adversarial phase, or sampling from it.

    Attributes:
        vocabulary: the number of tokens.
        length: of a sequence.
        width: units of the generator; 32 stands for the published networks.
        batch_size: sequences per batch.
        rollouts: completions of each prefix.
        precision: "float32".
        fit: never: training is bare steps on one batch.
    """

    vocabulary: int = 5000
    length: int = 20
    width: int = 32
    batch_size: int = 64
    rollouts: int = 16
    precision: str = "float32"
    fit: bool = False

    def images(self):
        """Returns one batch of random sequences: int32 (batch_size, length)."""
        shape = (self.batch_size, self.length)
        return np.random.default_rng(0).integers(0, self.vocabulary, shape, np.int32)
