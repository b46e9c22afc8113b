"""Optimizers by name, with the defaults that GANs are usually trained with."""

import keras

from gan_tf.errors import UserError
from gan_tf.registries import OPTIMIZERS


@OPTIMIZERS.register("adam")
def adam(learning_rate: float = 2e-4, beta_1: float = 0.5, beta_2: float = 0.999):
    """Adam (Kingma and Ba, 2015), with the settings of DCGAN: 2e-4, beta_1 0.5."""
    return keras.optimizers.Adam(_checked(learning_rate), beta_1=beta_1, beta_2=beta_2)


@OPTIMIZERS.register("rmsprop")
def rmsprop(learning_rate: float = 5e-5, rho: float = 0.9, momentum: float = 0.0):
    """RMSprop (Hinton, 2012), with the learning rate of WGAN: 5e-5."""
    return keras.optimizers.RMSprop(_checked(learning_rate), rho=rho, momentum=momentum)


@OPTIMIZERS.register("sgd")
def sgd(learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False):
    """Stochastic gradient descent, with or without momentum."""
    return keras.optimizers.SGD(_checked(learning_rate), momentum=momentum, nesterov=nesterov)


def _checked(learning_rate):
    if learning_rate < 0:
        raise UserError(f"A learning rate of {learning_rate} is negative: it must be 0 or more.")
    return learning_rate
