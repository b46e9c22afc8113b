"""Adversarial losses, and penalties on the discriminator."""

from gan_tf.options import keras_settings

keras_settings.check()
