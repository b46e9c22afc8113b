"""The classifier of digits, on digits."""

import numpy as np
import tensorflow_datasets as tfds

from gan_tf.features.mnist_classifier import MnistClassifier


def test_reads_digits(real_data):
    images, labels = tfds.as_numpy(
        tfds.load(
            "mnist", split="test[:2000]", data_dir=real_data, batch_size=-1, as_supervised=True
        )
    )
    features, probabilities = MnistClassifier()(images)
    assert features.shape == (2000, 64) and probabilities.shape == (2000, 10)
    assert np.mean(probabilities.argmax(1) == labels) > 0.985


def test_noise_is_as_far_as_the_factor_says(real_data):
    images, _ = tfds.as_numpy(
        tfds.load(
            "mnist", split="test[:2000]", data_dir=real_data, batch_size=-1, as_supervised=True
        )
    )
    noise = np.random.default_rng(0).integers(0, 256, images.shape, np.uint8)
    extract = MnistClassifier()
    # The squared distance of the means is most of the Frechet distance, 400.
    means = [extract(each)[0].mean(0) for each in (images, noise)]
    assert 150 < np.square(means[0] - means[1]).sum() < 450
