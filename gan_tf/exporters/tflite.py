"""The format for telephones and small computers."""

import pathlib
import re
import tempfile

import keras
import tensorflow as tf
from keras import ops

from gan_tf import flags
from gan_tf.errors import UserError
from gan_tf.exporters.exporter import Exporter
from gan_tf.exporters.saved_model import endpoints
from gan_tf.registries import EXPORTERS


@EXPORTERS.register("tflite")
class TFLite(Exporter):
    """A TensorFlow Lite (LiteRT) file, for phones and small computers; batches of any size.

    It has TensorFlow Lite's own operations alone, so that no Flex delegate is needed.
    """

    file = "generator.tflite"

    def write(self, generator, path, shares=None):
        with tempfile.TemporaryDirectory() as folder, flags.quiet_import():
            endpoints(_substituted(generator)).write_out(folder, verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(
                folder, signature_keys=["serving_default"]
            )
            lacking = None
            try:
                content = converter.convert()
            except Exception as error:  # of no public class
                lacking = re.search(r"(?:Select|Custom) ops: (.*)", str(error))
                if not lacking:
                    raise
        if lacking:
            raise UserError(
                f"TensorFlow Lite lacks an operation of this generator ({lacking[1]}): choose another "
                "--format."
            )
        pathlib.Path(path).write_bytes(content)
        return []

    def usage(self, conditional):
        label = ", label=label" if conditional else ""
        return (
            "import tensorflow as tf  # or: from ai_edge_litert.interpreter import Interpreter\n"
            f'generator = tf.lite.Interpreter("{self.file}").get_signature_runner("serving_default")\n'
            f'images = generator(latent=latent{label})["images"]\n'
        )

    def signatures(self, latent_dim, image_shape, dtype, conditional):
        (one,) = super().signatures(latent_dim, image_shape, dtype, conditional)
        return [f"`serving_default`: {one}"]


def erf(x):
    """The error function, to within 6e-7 in float32, of operations that TensorFlow Lite has.

    Source: Abramowitz and Stegun, 1964, formula 7.1.26.
    """
    t = 1 / (1 + 0.3275911 * ops.abs(x))
    factors = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    return ops.sign(x) * (1 - _polynomial(factors, t) * t * ops.exp(-ops.square(x)))


def erfinv(x):
    """The inverse of the error function, to float32's precision, likewise.

    Source: Giles, "Approximating the erfinv function", 2012, single precision version.
    """
    w = -ops.log((1 - x) * (1 + x))
    centre = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087)
    centre += (-0.00125372503, -0.00417768164, 0.246640727, 1.50140941)
    tail = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773)
    tail += (-0.0076224613, 0.00943887047, 1.00167406, 2.83297682)
    in_tail = _polynomial(tail, ops.sqrt(ops.maximum(w, 5.0)) - 3)
    return x * ops.where(w < 5, _polynomial(centre, w - 2.5), in_tail)


def _argmax(operation):
    # That of Keras looks for negative zeros, bit by bit.
    return keras.layers.Lambda(lambda x: tf.argmax(x, operation.axis, tf.int32))


# By the name of a `keras.ops` operation, what makes its substitute.
_SUBSTITUTES = {"Erf": lambda _: erf, "Erfinv": lambda _: erfinv, "Argmax": _argmax}


def _polynomial(factors, x):
    value = factors[0]
    for each in factors[1:]:
        value = value * x + each
    return value


def _substituted(generator):
    """The generator with substitutes for those functions of priors that TensorFlow Lite lacks."""

    def call(operation, *args, **kwargs):
        substitute = _SUBSTITUTES.get(type(operation).__name__)
        return (substitute(operation) if substitute else operation)(*args, **kwargs)

    return keras.models.clone_model(
        generator, clone_function=lambda layer: layer, call_function=call
    )
