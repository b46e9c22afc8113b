"""The TensorFlow Lite format."""

import pathlib
import re
import tempfile

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.exporters.exporter import Exporter
from gan_tf.exporters.saved_model import endpoints
from gan_tf.exporters.substitutes import substituted
from gan_tf.options import flags
from gan_tf.registry import EXPORTERS


@EXPORTERS.register("tflite")
class TFLite(Exporter):
    """A TensorFlow Lite (LiteRT) file, for phones and small computers; batches of any size.

    It uses only TensorFlow Lite's builtin operations, so no Flex delegate is needed.
    """

    file = "generator.tflite"

    def write(self, generator, path, class_frequencies=None):
        with tempfile.TemporaryDirectory() as folder, flags.quiet_import():
            endpoints(substituted(generator), self.output).write_out(folder, verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(
                folder, signature_keys=["serving_default"]
            )
            lacking = ""
            try:
                content = converter.convert()
            except Exception as error:  # not of a public class
                lacking = ", ".join(re.findall(r"(?:Select|Custom) ops: (.*)", str(error)))
                if not lacking:
                    raise
        if lacking:
            raise UserError(
                f"TensorFlow Lite lacks an operation of this generator ({lacking}): choose another "
                "--format."
            )
        pathlib.Path(path).write_bytes(content)
        return []

    def usage(self, inputs):
        given = ", ".join(f"{each.name}={each.name}" for each in inputs)
        return (
            "import tensorflow as tf  # or: from ai_edge_litert.interpreter import Interpreter\n"
            f'generator = tf.lite.Interpreter("{self.file}").get_signature_runner("serving_default")\n'
            f'{self.output} = generator({given})["{self.output}"]\n'
        )

    def signatures(self, inputs, shape, dtype):
        (one,) = super().signatures(inputs, shape, dtype)
        return [f"`serving_default`: {one}"]
