"""Heat maps over images."""

import matplotlib
import numpy as np

_COLORMAP = "inferno"


def overlay(pixels, heat):
    """Overlays heat on images in gray.

    Args:
        pixels: uint8 (n, H, W, C).
        heat: float (n, H, W), 0 for none, 1 or more for the brightest color.

    Returns:
        uint8 (n, H, W, 3): the darkened image where there is no heat, else the color of the heat.
    """
    gray = np.mean(pixels, axis=-1, keepdims=True) / 255 * 0.6
    heat = np.clip(heat, 0, 1)
    colors = matplotlib.colormaps[_COLORMAP](heat)[..., :3]
    opacity = np.minimum(1, 2 * heat)[..., None]
    return np.asarray(np.rint(255 * ((1 - opacity) * gray + opacity * colors)), np.uint8)


def to_rgb(pixels):
    """Returns grayscale or RGB images as RGB: uint8 (n, H, W, 1 or 3) -> (n, H, W, 3)."""
    return np.broadcast_to(pixels, (*pixels.shape[:-1], 3))
