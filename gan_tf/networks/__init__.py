"""Network architectures: one file each, generator and discriminator together.

An architecture is a class with two methods that build functional Keras models:

    generator(image_shape, latent_dim) -> model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]
    discriminator(image_shape) -> model: (batch, H, W, C) in [-1, 1] -> (batch, 1) logits

It says in `image_sizes` which square image sizes it can make (None: any).
"""
