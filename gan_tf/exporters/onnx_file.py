"""The ONNX format."""

import numpy as np

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

    def write(self, generator, path, class_frequencies=None):
        generator = substituted(generator)
        # Keras infers the inputs' shapes from the first call.
        inputs = [np.zeros((1, *each.shape[1:]), each.dtype) for each in generator.inputs]
        generator(inputs if len(inputs) > 1 else inputs[0])
        with flags.quiet_import():  # tf2onnx warns about NumPy
            generator.export(path, format="onnx", verbose=False)
        return []

    def usage(self, conditional):
        label = ', "label": label' if conditional else ""
        return (
            "import onnxruntime\n"
            f'generator = onnxruntime.InferenceSession("{self.file}")\n'
            f'{self.output} = generator.run(None, {{"latent": latent{label}}})[0]\n'
        )
