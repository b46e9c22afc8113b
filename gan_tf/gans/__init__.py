"""GANs: `keras.Model` subclasses whose `train_step` is one step of adversarial training."""

from gan_tf.options import keras_settings

keras_settings.check()
