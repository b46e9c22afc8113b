"""Network architectures: one file each, generator and discriminator together.

An architecture is an `Architecture`, which builds functional Keras models:

    generator(image_shape, latent_dim) -> model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]
    discriminator(image_shape) -> model: (batch, H, W, C) in [-1, 1] -> (batch, 1) logits

from two functions of Keras tensors, `generate` and `discriminate`. `image_sizes` lists the square image
sizes that it supports (None: any).
"""

from gan_tf.options import keras_settings

keras_settings.check()
