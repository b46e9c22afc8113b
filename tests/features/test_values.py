"""The values of samples as features."""

import numpy as np

from gan_tf.features.values import Values


def test_short_samples_are_features_as_they_are():
    samples = np.array([[[-32767], [0], [32767]]], np.int16)
    features, probabilities = Values()(samples)
    assert probabilities is None
    assert features.tolist() == [[-1, 0, 1]]
    floats = np.float32([[0.5, -3]])
    np.testing.assert_array_equal(Values()(floats)[0], floats)


def test_long_samples_keep_their_distances():
    samples = np.random.default_rng(0).standard_normal((8, 40, 50, 1)).astype(np.float32)
    features, _ = Values()(samples)
    assert features.shape == (8, 256)
    before = np.linalg.norm((samples[1:] - samples[0]).reshape(7, -1), axis=1)
    after = np.linalg.norm(features[1:] - features[0], axis=1)
    np.testing.assert_allclose(after, before, rtol=0.2)
