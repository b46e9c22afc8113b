"""Substitutes for Keras operations that other formats lack."""

import keras
import tensorflow as tf
from keras import ops

from gan_tf.networks import resampling


def substituted(generator):
    """Returns a functional model with substitutes for the operations that formats lack.

    It shares the layers of the given model.
    """

    def call(operation, *args, **kwargs):
        substitute = _SUBSTITUTES.get(type(operation).__name__)
        return (substitute(operation) if substitute else operation)(*args, **kwargs)

    return keras.models.clone_model(
        generator, clone_function=lambda layer: layer, call_function=call
    )


def erf(x):
    """The error function, to within 6e-7 in float32, from operations that every format has.

    Source: Abramowitz and Stegun, 1964, formula 7.1.26.
    """
    t = 1 / (1 + 0.3275911 * ops.abs(x))
    factors = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    return ops.sign(x) * (1 - _polynomial(factors, t) * t * ops.exp(-ops.square(x)))


def erfinv(x):
    """The inverse error function, to float32 precision, from operations that every format has.

    Source: Giles, "Approximating the erfinv function", 2012, single precision version.
    """
    w = -ops.log((1 - x) * (1 + x))
    center = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087)
    center += (-0.00125372503, -0.00417768164, 0.246640727, 1.50140941)
    tail = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773)
    tail += (-0.0076224613, 0.00943887047, 1.00167406, 2.83297682)
    in_tail = _polynomial(tail, ops.sqrt(ops.maximum(w, 5.0)) - 3)
    return x * ops.where(w < 5, _polynomial(center, w - 2.5), in_tail)


def _argmax(operation):
    # Keras's argmax handles negative zeros with bitwise operations.
    return keras.layers.Lambda(lambda x: tf.argmax(x, operation.axis, tf.int32))


def _upsampling(layer):
    # TensorFlow Lite does not know how large the maps are that Keras's repeats.
    return resampling.UpSampling2D.from_config(layer.get_config())


# {name of a `keras.ops` operation, or a layer: a function of it that returns its substitute}.
_SUBSTITUTES = {
    "Erf": lambda _: erf,
    "Erfinv": lambda _: erfinv,
    "Argmax": _argmax,
    "UpSampling2D": _upsampling,
}


def _polynomial(factors, x):
    value = factors[0]
    for each in factors[1:]:
        value = value * x + each
    return value
