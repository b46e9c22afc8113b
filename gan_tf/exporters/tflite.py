"""The format for telephones and small computers."""

import pathlib
import tempfile

import tensorflow as tf

from gan_tf import flags
from gan_tf.exporters.exporter import Exporter
from gan_tf.exporters.saved_model import endpoints
from gan_tf.registries import EXPORTERS


@EXPORTERS.register("tflite")
class TFLite(Exporter):
    """A TensorFlow Lite (LiteRT) file, for phones and small computers; batches of any size."""

    file = "generator.tflite"

    def write(self, generator, path, shares=None):
        with tempfile.TemporaryDirectory() as folder, flags.quiet_import():
            endpoints(generator).write_out(folder, verbose=False)
            content, told = self._convert(folder)
        pathlib.Path(path).write_bytes(content)
        return told

    def _convert(self, folder):
        """The file's content, and what is to be said of it."""
        try:
            return _converter(folder).convert(), []
        except Exception as error:  # of no public class
            if "flex" not in str(error).lower() and "custom" not in str(error).lower():
                raise
        converter = _converter(folder)
        ops = tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS
        converter.target_spec.supported_ops = ops
        return converter.convert(), [
            "The file needs TensorFlow's Flex delegate where it is used: TensorFlow Lite alone lacks "
            "an operation of this generator (see --prior)."
        ]

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


def _converter(folder):
    return tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=["serving_default"])
