"""The base classes of the metrics."""

import abc
import dataclasses
from typing import NamedTuple

import numpy as np

from gan_tf.errors import UserError


@dataclasses.dataclass(frozen=True)
class Sample:
    """Samples and their extracted features; arrays can be `numpy.memmap`s.

    Attributes:
        samples: stored samples (n, *shape); None if no metric reads them.
        features: float32 (n, d).
        probabilities: float32 (n, classes); None if the extractor is not a classifier.
        labels: int64 (n,): the true classes of real images, or the classes given to a conditional
            generator, or those of what a translation started from; None without labels.
        cycles: float32 (n, 2): the mean absolute difference, for values from 0 to 1, of what a
            translation started from and what the inverse translation makes of its output; and the
            same where the output is rounded to 8 bits and slightly blurred before. None: it has no inverse.
        ranks: uint64 (n,): see `gan_tf.evaluation.ranks`; no metric reads them.
        held_out_nll: float (m,): nats per token of held-out samples under the generator of these; None
            if no metric reads it.
        path_distances: float (m,) of the generator, see `gan_tf.evaluation.generator_measures`; None if no
            metric reads it.
    """

    samples: np.ndarray | None
    features: np.ndarray
    probabilities: np.ndarray | None = None
    labels: np.ndarray | None = None
    cycles: np.ndarray | None = None
    ranks: np.ndarray | None = None
    held_out_nll: np.ndarray | None = None
    path_distances: np.ndarray | None = None

    @property
    def of_generator(self):
        """The fields that are not of these samples, but of their generator: {name: value}."""
        return {"held_out_nll": self.held_out_nll, "path_distances": self.path_distances}

    def __len__(self):
        return len(self.features)

    def __getitem__(self, rows):
        """Returns the `Sample` of the given rows: a slice or an array of indices."""
        own = self.of_generator
        parts = {name: value for name, value in vars(self).items() if name not in own}
        chosen = {name: None if part is None else part[rows] for name, part in parts.items()}
        return Sample(**chosen, **own)

    def classes(self):
        """Returns int (n,): the labels, or else the most probable classes; or None."""
        if self.labels is not None:
            return self.labels
        return None if self.probabilities is None else self.probabilities.argmax(axis=1)


class Score(NamedTuple):
    """The result of a metric.

    Attributes:
        value: a finite float.
        standard_error: of the value; None if the metric does not estimate it.
    """

    value: float
    standard_error: float | None = None


class Metric(abc.ABC):
    """The base class of the metrics: subclasses define `score(real, fake)`.

    Args:
        num_images: the number of images of each kind, default 10,000. Scores with different
            numbers are not comparable: they bias most metrics.
    """

    modalities = ()  # names of the supported modalities; (): any
    channels = None  # of the images that it compares, such as (3,); None: any
    needs = ("features",)  # the fields of `Sample` that it reads
    # What the data set must know of samples, see `gan_tf.data.source`; or what the generator must have:
    # "density", "styles".
    knows = ()
    without = ""  # a clause that says why it cannot be computed where a field is lacking
    higher_is_better = False
    paired = False  # whether sample k is compared with real sample k
    best_is_data = False  # whether the best value is that of real images, not the highest or lowest
    by_default = True  # whether it is computed where no metrics are chosen
    bounded = True  # whether other real samples and noise have a score, too
    minimum = 2  # images of each kind

    def __init__(self, num_images: int = 10_000):
        if num_images < self.minimum:
            raise UserError(
                f"{num_images} images are too few: it needs {self.minimum} or more of each kind."
            )
        self.num_images = num_images

    def __call__(self, real, fake):
        """Compares two `Sample`s.

        Returns:
            `Score`.

        Raises:
            UserError: when there are too few images.
        """
        if min(len(real), len(fake)) < self.minimum:
            raise UserError(
                f"{min(len(real), len(fake))} images are too few: it needs {self.minimum} or more of "
                "each kind."
            )
        return self.score(real, fake)

    @abc.abstractmethod
    def score(self, real, fake):
        """Returns the `Score` of two sufficiently large `Sample`s."""


def class_counts(sample):
    """Returns the number of samples classified as each class: int (classes,)."""
    probabilities = sample.probabilities
    return np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])


class NeighborMetric(Metric):
    """The base class of k-nearest-neighbor metrics, quadratic in `num_images`.

    Subclasses set `compute`, a function of real features, fake features and k.

    Args:
        num_images: images of each kind, at most 50,000.
        k: rank of the nearest neighbor, from 1.
    """

    needs = ("features",)
    higher_is_better = True

    def __init__(self, num_images: int = 10_000, k: int = 5):
        if k < 1:
            raise UserError(f"k={k} is not a neighbor's rank: it must be 1 or more.")
        self.k = k
        self.minimum = k + 1
        super().__init__(num_images)
        if num_images > 50_000:
            raise UserError(
                f"{num_images:,} images are too many for a nearest-neighbor metric, whose time is "
                "quadratic: give 50,000 or fewer."
            )

    def score(self, real, fake):
        return Score(self.compute(real.features, fake.features, self.k))
