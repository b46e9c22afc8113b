"""Sampling from trained runs, and writing samples, for `gan_tf.generate` and `gan_tf.augment`."""
