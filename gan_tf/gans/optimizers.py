"""Optimizers by name, with the usual defaults for GANs."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import OPTIMIZERS


class OptimizerGroup:
    """A GAN's optimizers as its attribute `optimizer`, for callbacks of Keras.

    Callbacks such as `keras.callbacks.LearningRateScheduler` change and log the learning rate of each
    of `optimizers`, as "learning_rate_generator" and so on.

    Args:
        gan: a compiled GAN.
    """

    built = True

    def __init__(self, gan):
        self._gan = gan

    @property
    def optimizers(self):
        return [_Member(self._gan, name) for name in self._gan.optimizers]

    @property
    def iterations(self):
        return self._gan.step

    @property
    def variables(self):
        return [each for group in self._gan.optimizers.values() for each in group[0].variables]


class _Member:
    """One of a GAN's optimizers, by its name."""

    def __init__(self, gan, name):
        self._gan = gan
        self.name = name

    @property
    def learning_rate(self):
        return self._gan.optimizers[self.name].optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        if any(each.sets_learning_rates for each in self._gan.tricks):
            raise UserError(
                "A callback sets learning rates, and so does the trick lr_decay, after every step: leave "
                "one of them out."
            )
        self._gan.optimizers[self.name].optimizer.learning_rate = rate


@keras.saving.register_keras_serializable("gan_tf")
class Adam(keras.optimizers.Adam):
    """`keras.optimizers.Adam`, updating each variable with one operation instead of a dozen.

    Arguments, updates and saved state are those of the Keras optimizer, whose code runs where
    the fused operation does not apply: sparse gradients and AMSGrad.
    """

    _varied_beta_2 = None

    def vary_beta_2(self, function):
        """Sets a function without arguments that returns beta_2, a scalar tensor, for each update."""
        self._varied_beta_2 = function

    def apply(self, grads, trainable_variables=None):
        steps = tf.cast(tf.convert_to_tensor(self.iterations) + 1, tf.float32)
        self._beta_2 = tf.convert_to_tensor(self._current_beta_2(), tf.float32)
        self._beta_powers = (self.beta_1**steps, self._beta_2**steps)
        super().apply(grads, trainable_variables)

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        slots = (self._momentums[index], self._velocities[index])
        resources = [
            each.value if isinstance(each, keras.Variable) else each for each in (variable, *slots)
        ]
        fused = isinstance(gradient, tf.Tensor) and not self.amsgrad and variable.dtype == "float32"
        if not fused:
            given, self.beta_2 = self.beta_2, self._current_beta_2()
            super().update_step(gradient, variable, learning_rate)
            self.beta_2 = given
            return
        tf.raw_ops.ResourceApplyAdam(
            var=resources[0].handle,
            m=resources[1].handle,
            v=resources[2].handle,
            beta1_power=self._beta_powers[0],
            beta2_power=self._beta_powers[1],
            lr=tf.cast(learning_rate, tf.float32),
            beta1=self.beta_1,
            beta2=self._beta_2,
            epsilon=self.epsilon,
            grad=tf.cast(gradient, tf.float32),
        )

    def _current_beta_2(self):
        return self._varied_beta_2() if self._varied_beta_2 else self.beta_2


@OPTIMIZERS.register("adam")
def adam(
    learning_rate: float = 2e-4,
    beta_1: float = 0.5,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
):
    """Adam (Kingma and Ba, 2015), with the settings of DCGAN: 2e-4, beta_1 0.5.

    Epsilon is Keras's; the paper, PyTorch and most authors' code have 1e-8.

    Source: https://arxiv.org/abs/1412.6980, algorithm 1; settings of https://arxiv.org/abs/1511.06434.

    Args:
        learning_rate: 0 or more, default 2e-4.
        beta_1: decay of the mean of the gradients, from 0 to below 1, default 0.5.
        beta_2: decay of the mean of their squares, from 0 to below 1, default 0.999.
        epsilon: added to the root of that mean, above 0, default 1e-7.
    """
    if epsilon <= 0:
        raise UserError(f"An epsilon of {epsilon} for adam is not positive: it must be above 0.")
    _checked(learning_rate, beta_1, beta_2)
    return Adam(learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


@OPTIMIZERS.register("rmsprop")
def rmsprop(learning_rate: float = 5e-5, rho: float = 0.99, momentum: float = 0.0):
    """RMSprop (Hinton, 2012), with the learning rate of WGAN and the rho of its code: 5e-5, 0.99.

    A gradient g changes a weight by learning_rate g / sqrt(average of g^2), however small g is:
    gradients from a clipped critic are about 1e-5, for which Keras's default epsilon, added
    before the root, would reduce steps to a thirtieth.

    Args:
        learning_rate: 0 or more, default 5e-5.
        rho: decay of the mean of the squared gradients, from 0 to below 1, default 0.99.
        momentum: the part of a step that the next one repeats, from 0 (default) to 1.
    """
    return keras.optimizers.RMSprop(
        _checked(learning_rate, rho), rho=rho, momentum=momentum, epsilon=1e-16
    )


@OPTIMIZERS.register("sgd")
def sgd(learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False):
    """Stochastic gradient descent (Robbins and Monro, 1951), with or without momentum.

    Args:
        learning_rate: 0 or more, default 0.01.
        momentum: the part of a step that the next one repeats, from 0 (default) to 1.
        nesterov: whether gradients are those after the momentum's part (Nesterov, 1983); default false.
    """
    return keras.optimizers.SGD(_checked(learning_rate), momentum=momentum, nesterov=nesterov)


def _checked(learning_rate, *decays):
    if learning_rate < 0:
        raise UserError(f"A learning rate of {learning_rate} is negative: it must be 0 or more.")
    for each in decays:
        if not 0 <= each < 1:
            raise UserError(
                f"A decay rate of {each} is out of range: it must be 0 or more, and below 1."
            )
    return learning_rate
