"""Paired data derived from a set of images: a degraded image, and the original."""

import numpy as np

from gan_tf import modalities
from gan_tf.data.source import Derived
from gan_tf.errors import UserError
from gan_tf.options import pairs
from gan_tf.registry import DEGRADATIONS

_TRAINING, _HELD_OUT = 0, 1  # parts of seeds


class DerivedPairs(Derived):
    """A set of images, each paired with a degraded copy.

    The batches hold "image", the degraded image; "target", the original; and labels, if there are
    any. A pair is a function of the seed and the image's index alone. Some pairs are held out: the
    source's own held-out images, or a part of its files (see `Source.hold_out`).

    Args:
        source: a data set of images (see `gan_tf.data.source`).
        degradation: the spec of an entry of `DEGRADATIONS`, such as "downscale(4)".
        seed: any int from 0, default 0.

    Raises:
        UserError: when the degradation does not fit the images, or they are paired already.
    """

    pairing = "paired"
    sample = "target"

    def __init__(self, source, degradation, seed=0):
        super().__init__(source)
        if source.pairing != "single":
            raise UserError(
                f"'{source.name}' is {source.pairing} already: leave '{degradation}' out."
            )
        self._degrade, self._seen_shape = pairs.degradation(
            degradation, source.name, source.modality, source.sample_shape
        )
        source.hold_out()
        self._meaning = DEGRADATIONS.canonical(degradation)
        self._seed = seed
        self._modality = modalities.of(source)

    @property
    def shapes(self):
        return {"image": self._seen_shape, "target": tuple(self.sample_shape)}

    @property
    def cache_key(self):
        return f"{self._source.cache_key}-pairs {self._meaning}{self._degrade.cache_key}, seed {self._seed}"

    @property
    def notes(self):
        notes = list(self._source.notes)
        if self._degrade.of_colors and self.sample_shape[-1] == 1:
            notes.append(
                f"The images of '{self.name}' are grayscale, so the sources of --pair_by={self._meaning} "
                "are the targets: choose another degradation."
            )
        return notes

    def batches(self):
        """Yields {"image": degraded, "target": original}, with "label" if the source has labels."""
        return self._pairs(self._source.batches(), _TRAINING)

    def held_out(self):
        """Yields the same for held-out examples."""
        return self._pairs(self._source.held_out(), _HELD_OUT)

    def _pairs(self, batches, part):
        first = 0
        for batch in batches:
            rest = dict(batch)
            target = rest.pop(self._source.sample)
            indices = np.arange(first, first + len(target))
            first += len(target)
            images = self._modality.to_network(target)
            seen = self._degrade(images, indices, (self._seed, part))
            yield {"image": self._modality.to_stored(seen), "target": target} | rest


def degraded(pixels, degrade, modality, index=0):
    """Makes a pair of one image of any size.

    Args:
        pixels: a stored image, (h, w, C).
        degrade: a degradation, built.
        modality: of the image.
        index: what the random part of the degradation depends on.

    Returns:
        The degraded image, stored; and the image, without the rows and columns at its end that keep
        it from being degraded.

    Raises:
        ValueError: when it cannot be degraded.
    """
    factor = getattr(degrade, "factor", 1)
    height, width = (size // factor * factor for size in pixels.shape[:2])
    degrade.shape((height, width, pixels.shape[2]))
    target = pixels[:height, :width]
    return modality.to_stored(degrade(modality.to_network(target[None]), [index]))[0], target
