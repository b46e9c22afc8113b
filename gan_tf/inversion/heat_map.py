"""Heat maps over images."""

import matplotlib
import numpy as np

_COLOURS = "inferno"


def overlay(pixels, heat):
    """Lays heat over the grey of images.

    Args:
        pixels: uint8 (n, H, W, C).
        heat: float (n, H, W), 0 for nothing, 1 and more for the brightest colour.

    Returns:
        uint8 (n, H, W, 3): where there is no heat the image, darkened; else the colour of the heat.
    """
    grey = np.mean(pixels, axis=-1, keepdims=True) / 255 * 0.6
    heat = np.clip(heat, 0, 1)
    colours = matplotlib.colormaps[_COLOURS](heat)[..., :3]
    share = np.minimum(1, 2 * heat)[..., None]
    return np.asarray(np.rint(255 * ((1 - share) * grey + share * colours)), np.uint8)


def in_colour(pixels):
    """Returns grey images as RGB: uint8 (n, H, W, 1 or 3) -> (n, H, W, 3)."""
    return np.broadcast_to(pixels, (*pixels.shape[:-1], 3))
