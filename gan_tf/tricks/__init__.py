"""Training tricks ("GAN hacks"): optional additions to the training of any kind of GAN.

A trick is a `gan_tf.tricks.trick.Trick`: an object whose methods are called at fixed points
while networks are built and in a training step. Unused tricks cost nothing; the others are
applied in the given order.
"""

from gan_tf.options import keras_settings

keras_settings.check()
