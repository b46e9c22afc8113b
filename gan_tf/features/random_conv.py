"""An untrained convolutional network."""

import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest, rgb, scale
from gan_tf.registry import FEATURES

_WIDTHS = (16, 48, 64)
_FACTOR = 10.0  # scales the FIDs of good GANs to about 1 and of noise to some thousands


@FEATURES.register("random_conv")
class RandomConv(Extractor):
    """A fixed random convolutional network, for any images; 256 features.

    Three 3x3 convolutions with ReLU, each followed by 2x2 average pooling; features are the means
    and standard deviations over the image of every map, times 10. Random weights favor no kind
    of images, while trained networks favor those they were trained on: Naeem et al., "Reliable
    Fidelity and Diversity Metrics for Generative Models", 2020
    (https://arxiv.org/abs/2002.09797), found that they rank better than ImageNet networks for
    images unlike photographs.
    """

    name = "random_conv"
    inner_maps = True

    def __init__(self):
        super().__init__()
        # RandomState's stream is frozen, and uniform numbers need no C library function: the
        # weights are bit for bit the same everywhere.
        random = np.random.RandomState(0)
        self.kernels = []
        for inputs, outputs in zip((3, *_WIDTHS), _WIDTHS):
            bound = np.sqrt(6 / (9 * inputs))  # He et al., 2015
            kernel = random.random_sample((3, 3, inputs, outputs)) * 2 - 1
            self.kernels.append(np.asarray(kernel * bound, np.float32))
        self.digest = digest(f"random_conv {_FACTOR}", *(each.tobytes() for each in self.kernels))

    def maps(self, images):
        """Returns the maps of each convolution, after ReLU."""
        x, found = rgb(images), []
        for kernel in self.kernels:
            found.append(tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME")))
            x = tf.nn.avg_pool2d(found[-1], 2, 2, "SAME")
        return found

    def compute(self, images):
        features = []
        for each in self.maps(scale(images)):
            mean, variance = tf.nn.moments(each, (1, 2))
            features += [mean, _root(variance)]
        return _FACTOR * tf.concat(features, axis=1), None


def _root(variance):
    """The square root, whose derivative is 0 where it is infinite: of a map without variance."""
    none = variance == 0
    return tf.where(none, 0.0, tf.sqrt(tf.where(none, 1.0, variance)))
