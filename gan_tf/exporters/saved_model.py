"""The TensorFlow SavedModel format."""

import keras
import numpy as np
import tensorflow as tf

from gan_tf.exporters.exporter import Exporter
from gan_tf.latents.graph import draw_stateless
from gan_tf.registry import EXPORTERS


@EXPORTERS.register("saved_model")
class SavedModel(Exporter):
    """A TensorFlow SavedModel, for TensorFlow Serving, C++, Go and Java.

    That of a generator of latents has a function that draws them.
    """

    file = "saved_model"
    any_size = True

    def write(self, generator, path, class_frequencies=None):
        archive = endpoints(generator, self.output)
        if generator.inputs[0].name == "latent":
            self._add_drawing(archive, generator, class_frequencies)
        archive.write_out(str(path), verbose=False)
        return []

    def _add_drawing(self, archive, generator, class_frequencies):
        """Adds an endpoint that draws latents by a seed."""
        latent_dim = generator.inputs[0].shape[-1]

        def draw(seed, num_images, label=None):
            latent_seed, label_seed = tf.stack([seed, 0]), tf.stack([seed, 1])
            inputs = draw_stateless(num_images, latent_dim, latent_seed)
            if label is not None:
                logits = tf.math.log(tf.constant(probabilities, tf.float32))[None]
                drawn = tf.random.stateless_categorical(logits, num_images, label_seed)[0]
                inputs = [inputs, tf.where(label < 0, tf.cast(drawn, label.dtype), label)]
            return {self.output: generator(inputs, training=False)}

        arguments = [tf.TensorSpec((), tf.int64, "seed"), tf.TensorSpec((), tf.int32, "num_images")]
        if len(generator.inputs) > 1:
            probabilities = np.asarray(class_frequencies) / np.sum(class_frequencies)
            arguments.append(tf.TensorSpec((), tf.int32, "label"))
        archive.add_endpoint("generate", draw, arguments)

    def usage(self, inputs):
        given = ", ".join(f"{each.name}=tf.constant({each.name})" for each in inputs)
        return (
            "import tensorflow as tf\n"
            f'functions = tf.saved_model.load("{self.file}").signatures\n'
            f'{self.output} = functions["serving_default"]({given})'
            f'["{self.output}"]\n'
        )

    def signatures(self, inputs, shape, dtype):
        (one,) = super().signatures(inputs, shape, dtype)
        found = [f"`serving_default`: {one}"]
        if inputs[0].name != "latent":
            return found
        label = ", label int32; -1: with the class frequencies of the data" if inputs[1:] else ""
        return [
            *found,
            f"`generate`: `(seed int64, num_images int32{label}) -> {self.output}` as above; the same "
            f"seed and number give the same {self.output}",
        ]


def endpoints(generator, output):
    """Returns a `keras.export.ExportArchive` of a generator, whose endpoint gives {output: samples}."""
    archive = keras.export.ExportArchive()
    archive.track(generator)
    specs = [tf.TensorSpec(each.shape, each.dtype, each.name) for each in generator.inputs]

    def serve(*inputs):
        inputs = list(inputs) if len(inputs) > 1 else inputs[0]
        return {output: generator(inputs, training=False)}

    archive.add_endpoint("serve", serve, specs)
    return archive
