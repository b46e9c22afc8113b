"""The classifier of handwritten digits that move."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from gan_tf.data.moving_digits import moving
from gan_tf.features.moving_mnist_classifier import MovingMnistClassifier
from gan_tf.modalities.image import shrunk


@pytest.mark.slow
def test_reads_digits_that_move(real_data):
    images, labels = tfds.as_numpy(
        tfds.load(
            "mnist", split="test[:200]", data_dir=real_data, as_supervised=True, batch_size=-1
        )
    )
    small = np.stack([shrunk(each, 20) for each in images])
    videos = moving(small, 5, 32, (1.0, 3.0), np.random.default_rng(0))
    _, probabilities = MovingMnistClassifier()(videos)
    assert np.mean(probabilities.argmax(axis=1) == labels) > 0.95
