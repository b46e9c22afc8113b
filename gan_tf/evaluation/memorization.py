"""Whether a generator has memorized its training images, or makes new ones."""

import dataclasses

import numpy as np

from gan_tf.metrics.neighbors import nearest
from gan_tf.modalities import image as images
from gan_tf.registry import FEATURES

_CLOSEST = 0.01  # quantile of unseen real images; a fake closer than that counts as a copy


@dataclasses.dataclass(frozen=True)
class Memorization:
    """The result of `compare`.

    Attributes:
        closer: the fraction of pairs of a fake and an unseen real image in which the fake is
            closer to its nearest training image: 0.5 for a perfect generator, 1 for
            one that copies.
        copies: the fraction of fakes that are closer to a training image than 99% of unseen
            real images are to theirs: 0.01 for a perfect generator.
        unseen: the origin of the unseen images: "of the test split", ...
        indices: int (n,): the nearest training image of each fake.
        mirrored: bool (n,): whether that is its mirror image.
        distances: float (n,): the Euclidean distance to it, in the features `pixels`.
    """

    closer: float
    copies: float
    unseen: str
    indices: np.ndarray
    mirrored: np.ndarray
    distances: np.ndarray

    def sentence(self):
        """Returns the result in a sentence."""
        return (
            f"Of {len(self.distances):,} fakes, {self.copies:.1%} are closer to a training image than "
            f"99% of unseen real images ({self.unseen}) are (1% without copies), and a fake is closer "
            f"than an unseen real image in {self.closer:.0%} of pairs (50% without memorization)."
        )

    def picture(self, fakes, training, rows=8, pairs=5):
        """Returns a grid of pairs, each a fake to the left of its nearest training image.

        The upper half shows the first fakes, the lower half those closest to a training image.

        Args:
            fakes: uint8 (n, H, W, C), the fakes compared.
            training: uint8 (m, H, W, C).
            rows: of the grid.
            pairs: per row.

        Returns:
            uint8 (height, width, C).
        """
        half = rows * pairs // 2
        chosen = [*range(min(half, len(fakes))), *np.argsort(self.distances)[:half]]
        both = [(fakes[each], self._nearest(training, each)) for each in chosen]
        return images.grid(np.array(both).reshape(-1, *fakes.shape[1:]), 2 * pairs)

    def _nearest(self, training, fake):
        found = training[self.indices[fake]]
        return found[:, ::-1] if self.mirrored[fake] else found


def compare(fakes, training, held_out=None, flip=False):
    """Compares the distances of fakes and of unseen real images to the training images.

    Distances are between pixels, averaged down to at most 16x16, so that slightly shifted or noisy
    copies count as copies, too.

    Args:
        fakes: uint8 (n, H, W, C).
        training: uint8 (m, H, W, C).
        held_out: uint8 (k, H, W, C) real images that were not trained on; None: a tenth of
            the training images is used instead, and excluded from the neighbors.
        flip: whether training mirrored images at random (--flip); then all of them are compared with
            mirror images of the training images, too. Default false.

    Returns:
        `Memorization`.

    Source: the idea and the statistic (a scaled Mann-Whitney U) are from Meehan et al., "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", 2020.
    """
    unseen = "of the test split"
    candidates = np.arange(len(training))
    if held_out is None:
        candidates = np.random.default_rng(0).permutation(len(training))
        held_out, candidates = np.split(candidates, [max(1, len(training) // 10)])
        held_out = training[held_out]
        unseen = "a tenth of the data, without a test split"
    extract = FEATURES.build("pixels")
    parts = np.split(candidates, range(500, len(candidates), 500))
    references = np.concatenate([extract(training[part])[0] for part in parts])
    if flip:
        others = [extract(training[part][:, :, ::-1])[0] for part in parts]
        references = np.concatenate([references, *others])
    indices, squares = nearest(extract(fakes)[0], references)
    _, usual_squares = nearest(extract(held_out)[0], references)
    distances, usual = np.sqrt(squares), np.sort(np.sqrt(usual_squares))
    below = np.searchsorted(usual, distances, side="left")
    ties = np.searchsorted(usual, distances, side="right") - below
    closer = 1 - np.mean(below + ties / 2) / len(usual)
    copies = np.mean(distances < np.quantile(usual, _CLOSEST))
    mirrored, indices = np.divmod(indices, len(candidates))
    return Memorization(
        float(closer), float(copies), unseen, candidates[indices], mirrored > 0, distances
    )
