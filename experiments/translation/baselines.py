"""What a translation is compared with: simple estimates of the target from the source."""

import numpy as np
from PIL import Image

from gan_tf.data.cie_lab import colored, lab_of_rgb
from gan_tf.registry import MODALITIES

_IMAGES = MODALITIES.build("image")
_PART = 500


def untranslated(sources, targets, training):
    """The sources as they are, in the size and with the channels of the targets."""
    del training
    factor = targets.shape[1] // sources.shape[1]
    shown = sources.repeat(factor, axis=1).repeat(factor, axis=2)
    return np.broadcast_to(shown, targets.shape)


def bicubic(sources, targets, training):
    """Sources enlarged by bicubic interpolation."""
    del training
    size = targets.shape[2], targets.shape[1]
    return np.stack([np.asarray(Image.fromarray(each).resize(size, 3)) for each in sources])


def mean_chroma_map(sources, targets, training):
    """The mean a and b of the training images at each pixel, with the lightness of the source."""
    del targets
    parts = [training[1][at : at + _PART] for at in range(0, len(training[1]), _PART)]
    ab = sum(
        np.asarray(lab_of_rgb(_IMAGES.to_network(each)))[..., 1:].sum(axis=0) for each in parts
    )
    ab = np.broadcast_to(ab / len(training[1]), (*sources.shape[:3], 2)).astype(np.float32)
    return _IMAGES.to_stored(np.asarray(colored(_IMAGES.to_network(sources), ab)))


def quadratic_fit(sources, targets, training):
    """The best quadratic function of a source's pixel for the target's pixel."""
    terms, values = (each.reshape(-1, 3) for each in training)
    fitted, *_ = np.linalg.lstsq(_quadratic(terms), _IMAGES.to_network(values), rcond=None)
    return _IMAGES.to_stored((_quadratic(sources.reshape(-1, 3)) @ fitted).reshape(targets.shape))


def _quadratic(pixels):
    values = _IMAGES.to_network(pixels)
    products = [values[:, i] * values[:, j] for i in range(3) for j in range(i, 3)]
    return np.column_stack([np.ones(len(values), np.float32), values, *products])
