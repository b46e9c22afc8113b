"""Moving MNIST: handwritten digits that move."""

import functools

import numpy as np

from gan_tf.data.moving_digits import MovingDigits
from gan_tf.registry import DATASETS


@DATASETS.register("moving_mnist")
class MovingMnist(MovingDigits):
    """Moving MNIST: 8,000 videos of a handwritten digit that moves and bounces, made of MNIST.

    As published with --image_size=64 --frames=20 --digits=2. The published files hold only 10,000 videos
    for testing, and do not say which digits they show: so videos are made, of the digits of MNIST for
    training, and held-out ones of those for testing. See `MovingDigits`.

    Source: Srivastava et al., 2015 (https://arxiv.org/abs/1502.04681).

    Args:
        data_dir: see `gan_tf.data.mnist.Mnist`.
    """

    name = "moving_mnist"
    download_host = "storage.googleapis.com"
    features = "moving_mnist_classifier"
    terms = (
        "Creative Commons Attribution-ShareAlike 3.0; copyright Yann LeCun and Corinna Cortes, a "
        "derivative of NIST's data sets (http://yann.lecun.com/exdb/mnist/)"
    )

    def __init__(
        self,
        data_dir: str | None = None,
        image_size: int = 32,
        frames: int = 16,
        frame_step: int = 1,
        digits: int = 1,
    ):
        super().__init__(image_size, frames, frame_step, digits)
        self._data_dir = data_dir

    @functools.cached_property
    def _mnist(self):
        from gan_tf.data.mnist import Mnist  # here, so that flags can be checked without TensorFlow

        return Mnist(self._data_dir)

    def prepare(self):
        """Downloads and prepares MNIST unless that has been done; raises a `UserError` on failure."""
        self._mnist.prepare()

    def drawn(self, count, held_out):
        source = self._mnist.held_out() if held_out else self._mnist.batches()
        parts = list(source)
        images, labels = (
            np.concatenate([each[name] for each in parts]) for name in ("image", "label")
        )
        random = np.random.default_rng([3, held_out])
        while True:
            rows = random.integers(0, len(images), count)
            yield images[rows], labels[rows]
