"""The Keras format."""

from gan_tf.exporters.exporter import Exporter
from gan_tf.registry import EXPORTERS


@EXPORTERS.register("keras")
class KerasFile(Exporter):
    """A .keras file, which plain Keras 3 loads, trains further and converts."""

    file = "generator.keras"
    keras_layers_only = True

    def write(self, generator, path, class_frequencies=None):
        generator.save(path)
        return []

    def usage(self, inputs):
        names = [each.name for each in inputs]
        given = f"[{', '.join(names)}]" if len(names) > 1 else names[0]
        return (
            "import keras\n"
            f'generator = keras.saving.load_model("{self.file}", compile=False)\n'
            f"{self.output} = generator.predict({given}, verbose=0)\n"
        )
