"""The format of ONNX Runtime."""

from gan_tf import flags
from gan_tf.exporters.exporter import Exporter
from gan_tf.registries import EXPORTERS


@EXPORTERS.register("onnx")
class OnnxFile(Exporter):
    """An ONNX file, for ONNX Runtime on servers, desktops and in browsers; needs the extra `onnx`."""

    file = "generator.onnx"
    needs = ("tf2onnx", "onnxruntime")
    extra = "onnx"

    def write(self, generator, path, shares=None):
        with flags.quiet_import():  # of tf2onnx, which warns of NumPy
            generator.export(path, format="onnx", verbose=False)
        return []

    def usage(self, conditional):
        label = ', "label": label' if conditional else ""
        return (
            "import onnxruntime\n"
            f'generator = onnxruntime.InferenceSession("{self.file}")\n'
            f'images = generator.run(None, {{"latent": latent{label}}})[0]\n'
        )
