"""InceptionV3, trained on ImageNet: the features of the FID literature."""

import pathlib

import keras

from gan_tf.errors import UserError
from gan_tf.features import published_weights
from gan_tf.features.extractor import Extractor, digest, float32, resize, rgb, scale
from gan_tf.files.keras_archive import check_weights
from gan_tf.files.plain_file import read_bytes
from gan_tf.registry import FEATURES

_SIZE = (299, 299)
_TOP_KERNEL = (2048, 1000)  # of the classifier
_MOST_BYTES = 1 << 30
_URL = "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/"
_FILES = (
    "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
    "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
)


@FEATURES.register("inception")
class Inception(Extractor):
    """Keras's InceptionV3, images resized bilinearly as in Heusel et al., 2017; 2048 features.

    Features are the penultimate layer ("pool3"). Images are resized to 299x299 without
    antialiasing and scaled to [-1, 1]; grayscale images are converted to RGB. If the weights
    include the classifier ("top"), probabilities of its 1000 classes are available. Processes five
    to ten images per second on a CPU with two cores.

    Scores are not comparable with published ones, only with each other: the weights are Keras's,
    not those of the 2015 network used by Heusel et al., and resizing uses half-pixel centers,
    unlike TensorFlow at that time.

    Source: https://arxiv.org/abs/1706.08500.

    Args:
        inception_weights: path of Keras's file, with or without top; it is not downloaded.

    Raises:
        UserError: when the file does not exist or does not contain these weights.
    """

    name = "inception"
    classifies = None  # depends on the file
    batch_size = 50
    method, antialias = "bilinear", False

    def __init__(self, inception_weights: str):
        super().__init__()
        path = pathlib.Path(inception_weights).expanduser()
        try:
            check_weights(path, _MOST_BYTES)
            self.classifies = published_weights.holds(path, _TOP_KERNEL)
            with float32():
                network = keras.applications.InceptionV3(
                    include_top=self.classifies,
                    weights=str(path),
                    input_shape=(*_SIZE, 3),
                    pooling="avg",
                )
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            problem = "has no InceptionV3 weights" if path.is_file() else "does not exist"
            raise UserError(
                f"The file of --inception_weights '{path}' {problem}: download {_URL}{_FILES[0]}, "
                f"or {_FILES[1]} from there for features without classes, and give its path."
            ) from error
        if self.classifies:
            outputs = [network.get_layer("avg_pool").output, network.output]
            network = keras.Model(network.inputs, outputs)
        self.model = network
        self.digest = digest(
            read_bytes(path, _MOST_BYTES, links=True), f"{self.method} {self.antialias}"
        )

    def compute(self, images):
        seen = scale(resize(rgb(images), _SIZE, self.method, self.antialias))
        found = self.model(seen, training=False)
        return found if self.classifies else (found, None)


@FEATURES.register("inception_clean")
class InceptionClean(Inception):
    """Keras's InceptionV3, images resized bicubically with antialiasing (Parmar et al., 2022).

    Like `inception` except for the resizing, which avoids aliasing artifacts: "On Aliased Resizing
    and Surprising Subtleties in GAN Evaluation" found that these can change the FID more than the
    differences between models do.

    Source: https://arxiv.org/abs/2104.11222.

    Args:
        inception_weights: as for `inception`.
    """

    name = "inception_clean"
    method, antialias = "bicubic", True
