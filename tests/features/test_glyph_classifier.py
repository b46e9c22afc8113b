"""The classifier of the drawn digits, on drawn digits."""

import numpy as np

from gan_tf.data.glyphs import draw
from gan_tf.features.glyph_classifier import GlyphClassifier
from gan_tf.features.mnist_classifier import MnistClassifier


def test_reads_drawn_digits_and_the_one_of_handwriting_does_not():
    images, labels = draw(1000, seed=77)
    features, probabilities = GlyphClassifier()(images)
    assert features.shape == (1000, 64) and probabilities.shape == (1000, 10)
    assert np.mean(probabilities.argmax(1) == labels) > 0.99
    assert np.mean(MnistClassifier()(images)[1].argmax(1) == labels) < 0.9


def test_noise_is_as_far_as_the_factor_says():
    images, _ = draw(1000, seed=77)
    noise = np.random.default_rng(0).integers(0, 256, images.shape, np.uint8)
    extract = GlyphClassifier()
    # The squared distance of the means is most of the Frechet distance, 400.
    means = [extract(each)[0].mean(0) for each in (images, noise)]
    assert 150 < np.square(means[0] - means[1]).sum() < 450
