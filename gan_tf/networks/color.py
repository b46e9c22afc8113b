"""Color as a layer: a network that makes a and b of CIE Lab, and takes the lightness from its source."""

import keras

from gan_tf.data.cie_lab import colored

AB_RANGE = 110.0  # a and b of every color of sRGB are within this


@keras.saving.register_keras_serializable("gan_tf")
class LightnessColor(keras.layers.Layer):
    """Colors a gray image: [gray (batch, H, W, 1), a and b (batch, H, W, 2)] -> RGB (batch, H, W, 3).

    All are in [-1, 1]; a and b are those of CIE Lab, divided by 110. The lightness of an output is
    exactly that of the gray. Colors that sRGB lacks lose saturation until they fit, see
    `gan_tf.data.cie_lab.colored`, whose gradients lead back from there.

    Source: pix2pix's code for colorization (https://github.com/phillipi/pix2pix), which scales L and
    ab in this way.
    """

    def call(self, inputs):
        gray, ab = inputs
        return colored(gray, AB_RANGE * ab)

    def keras_layer(self):
        """Returns the same as a functional model, and its weights: it has none."""
        inputs = [keras.Input(each.shape[1:], dtype="float32") for each in self.input]
        return keras.Model(inputs, self.call(inputs), name=self.name), []

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], 3)
