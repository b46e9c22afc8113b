"""Similarities of pairs of images."""

import numpy as np
import tensorflow as tf

_WINDOW = 11  # pixels, as in Wang et al., 2004


def mse(first, second):
    """Mean squared differences of uint8 images (n, H, W, C), scaled to [0, 1]: (n,)."""
    difference = first.astype(np.float64) - second
    return np.mean(np.square(difference / 255), axis=(1, 2, 3))


def psnr(first, second):
    """Peak signal-to-noise ratios of uint8 images (n, H, W, C) in dB: float (n,)."""
    return tf.image.psnr(first, second, 255).numpy()


def ssim(first, second):
    """Structural similarities (Wang et al., 2004) of uint8 images (n, H, W, C): float (n,), at most 1.

    The window has 11 pixels, or the size of a smaller image.
    """
    window = min(_WINDOW, *first.shape[1:3])
    return tf.image.ssim(first, second, 255, filter_size=window).numpy()
