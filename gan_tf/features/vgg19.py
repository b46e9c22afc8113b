"""VGG19, trained on ImageNet: the features of perceptual losses."""

import pathlib

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.features import published_weights
from gan_tf.features.extractor import Extractor, digest, float32, rgb, scale
from gan_tf.files.keras_archive import check_weights
from gan_tf.files.plain_file import read_bytes
from gan_tf.registry import FEATURES

_LAST = "block5_conv4"
_LAST_KERNEL = (3, 3, 512, 512)
_LEAST = 16  # pixels: four poolings halve an image before the last convolution
_MOST_BYTES = 1 << 30
_FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
_URL = "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"


@FEATURES.register("vgg19")
class VGG19(Extractor):
    """Keras's VGG19 (Simonyan and Zisserman, 2015): vgg19('path/to/weights.h5'); 512 features.

    Features are the means over the image of the last convolution's maps, after ReLU. Its inner map,
    for `perceptual`, is that convolution before ReLU, as in ESRGAN (Wang et al., 2018). Images keep
    their size, and grayscale images are converted to RGB.

    Sources: https://arxiv.org/abs/1409.1556, https://arxiv.org/abs/1809.00219, section 3.2.

    Args:
        path: Keras's file without the classifier ("notop"); it is not downloaded.
        image_shape: of the images, default None: checked in the first call.

    Raises:
        UserError: when the file does not exist or does not contain these weights, and for images of
            less than 16 pixels.
    """

    name = "vgg19"
    inner_maps = True
    batch_size = 50

    def __init__(self, path: str, image_shape=None):
        super().__init__(image_shape)
        file = pathlib.Path(path).expanduser()
        try:
            check_weights(file, _MOST_BYTES)
            if not published_weights.holds(file, _LAST_KERNEL):
                raise ValueError("it has other layers")
            with float32():
                network = keras.applications.VGG19(
                    include_top=False, weights=str(file), input_shape=(None, None, 3)
                )
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            problem = "has no VGG19 weights" if file.is_file() else "does not exist"
            raise UserError(
                f"The file '{path}' of vgg19 {problem}: download {_URL}{_FILE}, and give its path."
            ) from error
        last = network.get_layer(_LAST)
        last.activation = keras.activations.linear
        self.model = keras.Model(network.input, last.output)
        self.digest = digest(read_bytes(file, _MOST_BYTES, links=True), _LAST)

    def check(self, image_shape):
        super().check(image_shape)
        if min(image_shape[:2]) < _LEAST:
            raise UserError(
                f"vgg19 needs images of {_LEAST} pixels or more, and these have "
                f"{min(image_shape[:2])}: choose other features."
            )

    def maps(self, images):
        # Keras's weights take values from 0 to 255, minus the means of ImageNet.
        values = (rgb(images) + 1) * (255 / 2)
        return [self.model(keras.applications.vgg19.preprocess_input(values), training=False)]

    def compute(self, images):
        (last,) = self.maps(scale(images))
        return tf.reduce_mean(tf.nn.relu(last), axis=(1, 2)), None
