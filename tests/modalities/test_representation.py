"""A modality with a representation: what networks see, what is stored, what is measured."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.modalities.audio import Audio
from gan_tf.modalities.representation import Representation


class Halved(Representation):
    """Half of the loudest value measured, and every value twice as often."""

    modalities = ("audio",)
    seen_as = "image"

    def shape(self, shape):
        return (2 * shape[0], 1, 1)

    def measure(self, batches):
        return [float(max(np.abs(each).max() for each in batches))]

    def forward(self, samples, moments):
        return tf.repeat(samples / moments[0], 2, axis=1)[..., None]

    def inverse(self, moments):
        return keras.layers.Lambda(lambda x: x[:, ::2, :, 0] * moments[0])


@pytest.fixture
def stored():
    return np.int16(np.random.default_rng(0).integers(-8000, 8000, (300, 6, 1)))


def test_networks_see_the_representation_and_files_hold_the_samples(stored):
    modality = Halved().of(Audio(8000), [0.25])
    assert modality.network_shape((6, 1)) == (12, 1, 1)
    seen = modality.to_network(stored)
    assert isinstance(seen, np.ndarray) and seen.shape == (300, 12, 1, 1)
    np.testing.assert_allclose(seen[5, ::2, 0, 0], stored[5, :, 0] / 32767 / 0.25, rtol=1e-5)
    np.testing.assert_array_equal(modality.to_network(tf.constant(stored)).numpy(), seen)
    np.testing.assert_array_equal(modality.to_stored(seen), stored)


@pytest.mark.slow
def test_exported_generators_make_samples(stored):
    modality = Halved().of(Audio(8000), [0.5])
    inputs = keras.Input((12, 1, 1), name="latent")
    network = keras.Model(inputs, keras.layers.Identity()(inputs))
    seen = modality.to_network(stored[:3])
    made = modality.decoded(network).predict(seen, verbose=0)
    np.testing.assert_allclose(made, stored[:3] / 32767, atol=1e-6)
    graph = keras.Model(inputs, modality.to_stored_tensor(inputs)).predict(seen, verbose=0)
    np.testing.assert_array_equal(graph, stored[:3])
    assert type(modality.plain) is Audio


def test_it_is_measured_on_all_of_the_data(stored):
    modality = Halved().of(Audio(8000))
    largest = np.abs(stored.astype(int)).max() / 32767
    assert modality.measure(stored) == {"moments": [pytest.approx(largest, rel=1e-6)]}


def test_all_else_is_the_modality_s():
    modality = Halved().of(Audio(22_050))
    assert (modality.name, modality.plural, modality.sample_rate) == ("audio", "clips", 22_050)
    assert modality.describe((22_050, 1)) == "22,050 samples at 22,050 Hz (1.00 s)"
