"""Data with a representation: its spec and moments are traits."""

import numpy as np

from gan_tf import modalities
from gan_tf.data import cache
from gan_tf.data.represented import RepresentedData, measured
from gan_tf.data.tones import Tones


def test_moments_are_measured_once_and_then_known():
    source = RepresentedData(Tones(length=512), "spectrogram(window=64, hop=32)")
    assert source.cache_key == Tones(length=512).cache_key
    assert source.traits == {
        "sample_rate": 8000,
        "representation": "spectrogram(window=64, hop=32)",
    }
    data = measured(cache.examples(source, next(source.batches())))
    modality = modalities.of(data)
    seen = modality.to_network(data.samples[:50])
    assert seen.shape == (50, *modality.network_shape((512, 1))) == (50, 16, 32, 1)
    assert abs(seen.mean()) < 0.1 and len(data.traits["moments"]) == 64
    known = {"moments": [float(each) for each in range(64)]}
    assert measured(data, known).traits["moments"] == known["moments"]
    np.testing.assert_array_equal(measured(data, known).samples, data.samples)


def test_data_without_a_representation_have_no_moments():
    source = Tones(length=64)
    data = cache.examples(source, next(source.batches()))
    assert measured(data).traits == {"sample_rate": 8000}
