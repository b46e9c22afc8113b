"""Latents drawn inside compiled functions, where `draw` cannot be called."""

import keras
import tensorflow as tf


def draw_batch(count, latent_dim, seed):
    """Draws a training batch of latents from N(0, I).

    Args:
        count: the number of latents, an int or a scalar tensor.
        latent_dim: the length of a latent.
        seed: a `keras.random.SeedGenerator`, whose state advances.

    Returns:
        float32 (count, latent_dim).
    """
    return keras.random.normal((count, latent_dim), seed=seed)


def draw_stateless(count, latent_dim, seed):
    """Draws latents from N(0, I) for exported samplers: the same on every device.

    Args:
        count: the number of latents, a scalar int32 tensor.
        latent_dim: the length of a latent.
        seed: int64 (2,).

    Returns:
        float32 (count, latent_dim).
    """
    # Philox gives the same numbers on every device.
    return tf.random.stateless_normal(tf.stack([count, latent_dim]), seed, alg="philox")
