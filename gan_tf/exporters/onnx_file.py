"""The ONNX format."""

import keras

from gan_tf.exporters.exporter import Exporter
from gan_tf.exporters.substitutes import substituted
from gan_tf.options import flags
from gan_tf.registry import EXPORTERS


@EXPORTERS.register("onnx")
class OnnxFile(Exporter):
    """An ONNX file, for ONNX Runtime on servers, desktops and in browsers; needs the extra `onnx`."""

    file = "generator.onnx"
    needs = ("tf2onnx", "onnxruntime")
    extra = "onnx"
    any_size = True

    def write(self, generator, path, class_frequencies=None):
        generator = substituted(generator)
        inputs = generator.inputs
        with flags.quiet_import():  # tf2onnx warns about NumPy
            signature = [keras.InputSpec(each.dtype, each.shape, name=each.name) for each in inputs]
            signature = [signature] if len(signature) > 1 else signature
            generator.export(path, format="onnx", verbose=False, input_signature=signature)
        return []

    def usage(self, inputs):
        given = ", ".join(f'"{each.name}": {each.name}' for each in inputs)
        return (
            "import onnxruntime\n"
            f'generator = onnxruntime.InferenceSession("{self.file}")\n'
            f"{self.output} = generator.run(None, {{{given}}})[0]\n"
        )
