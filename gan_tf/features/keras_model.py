"""Any Keras model, from a file."""

import pathlib

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.features.extractor import Extractor, digest, float32, resize, scale
from gan_tf.registry import FEATURES
from gan_tf.runtime import keras_file


@FEATURES.register("keras_model")
class KerasModel(Extractor):
    """A Keras model of your own: keras_model('path/to/model.keras'); its output is the features.

    The model has one input, images (n, height, width, channels) as float32 in [-1, 1], and one
    output, of any shape, which is flattened. If its height and width are fixed, images are
    resized to them, antialiased; the number of channels must match the images.

    Code in the file is not run: models with a Lambda layer or with layers unknown to Keras are
    refused.

    Args:
        path: a `.keras` file.
        image_shape: of the images, default None: checked in the first call.
        max_mb: its maximum size, packed and unpacked, default 4096 MB.

    Raises:
        UserError: when the file cannot be loaded or is not such a model.
    """

    name = "keras_model"

    def __init__(self, path: str, image_shape=None, max_mb: int = 4096):
        file = pathlib.Path(path).expanduser()
        if file.suffix != ".keras" or not file.is_file():
            raise UserError(
                f"'{path}' is not a .keras file: give the path of one, as written by model.save(...), "
                "in --features=\"keras_model('model.keras')\"."
            )
        try:
            with float32():
                self.model, content = keras_file.load(
                    file, self.batch_size, max_mb << 20, links=True
                )
        except Exception as error:  # corrupt or malicious files can raise anything
            reason = str(error).strip().partition("\n")[0][:150]
            raise UserError(
                f"The model '{path}' cannot be loaded ({reason}): save one that has only Keras's own "
                "layers, and no Lambda, whose code is not run."
            ) from error
        self.input_shape = self._input_shape(path)
        self.channels = (self.input_shape[-1],)
        self.digest = digest(content, "bilinear antialiased")
        super().__init__(image_shape)

    def compute(self, images):
        size = [fixed or own for fixed, own in zip(self.input_shape, images.shape[1:3])]
        output = self.model(scale(resize(images, size)), training=False)
        flat = tf.reshape(output, (tf.shape(output)[0], -1))
        return tf.cast(flat, tf.float32), None

    def _input_shape(self, path):
        """(height or None, width or None, channels) of the only input, for a model of one output."""
        try:
            (images,), (_,) = self.model.inputs, self.model.outputs
            height, width, channels = images.shape[1:]
            return height, width, int(channels)
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(
                f"The model '{path}' does not map one batch of images to one output: give one whose "
                "only input is keras.Input((height, width, channels))."
            ) from error
