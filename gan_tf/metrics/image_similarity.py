"""How like two images are."""

import numpy as np
import tensorflow as tf

_WINDOW = 11  # of Wang et al., 2004


def mse(first, second):
    """Mean squared differences of uint8 images (n, H, W, C), of values from 0 to 1: (n,)."""
    difference = first.astype(np.float64) - second
    return np.mean(np.square(difference / 255), axis=(1, 2, 3))


def psnr(first, second):
    """Peak signal-to-noise ratios of uint8 images (n, H, W, C) in dB: float (n,)."""
    return tf.image.psnr(first, second, 255).numpy()


def ssim(first, second):
    """Structural similarities (Wang et al., 2004) of uint8 images (n, H, W, C): float (n,), to 1.

    The window is of 11 pixels, or of the whole image where that is smaller.
    """
    window = min(_WINDOW, *first.shape[1:3])
    return tf.image.ssim(first, second, 255, filter_size=window).numpy()
