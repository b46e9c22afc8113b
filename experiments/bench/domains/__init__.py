"""The contenders that train a CycleGAN between two domains of images."""
