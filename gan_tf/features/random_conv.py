"""A convolutional network that has learnt nothing."""

import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest, rgb, scale
from gan_tf.registry import FEATURES

_WIDTHS = (16, 48, 64)
_FACTOR = 10.0  # brings the FIDs of good GANs to the order of 1 and of noise to some thousands


@FEATURES.register("random_conv")
class RandomConv(Extractor):
    """A fixed random convolutional network, for any images; 256 features.

    Three 3x3 convolutions with ReLU, each followed by the mean of 2x2 pixels; features are
    the means and the standard deviations over the image of every map, times 10. Networks of random
    weights favour no kind of images, where trained ones see best what they were trained on:
    Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020
    (https://arxiv.org/abs/2002.09797), who find them to rank better than ImageNet's
    where the images are far from photographs.
    """

    name = "random_conv"

    def __init__(self):
        super().__init__()
        # RandomState's stream is frozen, and uniform numbers need no function of the C
        # library: the weights are the same to the last bit everywhere.
        random = np.random.RandomState(0)
        self.kernels = []
        for inputs, outputs in zip((3, *_WIDTHS), _WIDTHS):
            bound = np.sqrt(6 / (9 * inputs))  # He et al., 2015
            kernel = random.random_sample((3, 3, inputs, outputs)) * 2 - 1
            self.kernels.append(np.asarray(kernel * bound, np.float32))
        self.digest = digest(f"random_conv {_FACTOR}", *(each.tobytes() for each in self.kernels))

    def compute(self, images):
        x, features = scale(rgb(images)), []
        for kernel in self.kernels:
            x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME"))
            mean, variance = tf.nn.moments(x, (1, 2))
            features += [mean, tf.sqrt(variance)]
            x = tf.nn.avg_pool2d(x, 2, 2, "SAME")
        return _FACTOR * tf.concat(features, axis=1), None
