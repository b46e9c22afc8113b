"""What snapshots and health of a translation are made of."""

import types

import numpy as np
import pytest

from gan_tf.data.examples import SOURCE, Examples
from gan_tf.gans.example_sampling import ExampleSampling, beside, resized
from gan_tf.modalities.image import Image

RANDOM = np.random.default_rng(0)
SOURCES = RANDOM.integers(0, 256, (20, 4, 4, 1), np.uint8)
TARGETS = RANDOM.integers(0, 256, (20, 8, 8, 3), np.uint8)


@pytest.fixture
def examples():
    return Examples({SOURCE: SOURCES, "target": TARGETS}, sample="target")


class Translating(ExampleSampling):
    """Its outputs are black."""

    conditional = False

    def sampler(self, inputs, training):
        assert not training
        return np.full((len(inputs), 8, 8, 3), -1, np.float32)


def test_a_snapshot_has_source_output_and_target_side_by_side(examples):
    gan = Translating()
    inputs, columns = gan.preview_inputs(examples, Image(), seed=3)
    shown = Image().to_stored(gan.preview(inputs))
    assert shown.shape == (48, 8, 8, 3) and columns == 6
    enlarged = SOURCES[:16].repeat(2, 1).repeat(2, 2).repeat(3, 3)
    np.testing.assert_array_equal(shown[0::3], enlarged)
    np.testing.assert_array_equal(shown[1::3], 0)
    np.testing.assert_array_equal(shown[2::3], TARGETS[:16])


def test_health_is_measured_on_the_first_sources(examples):
    inputs, labels = Translating().monitored_inputs(examples, Image(), 0, 5, None)
    np.testing.assert_array_equal(Image().to_stored(inputs), SOURCES[:5])
    assert labels is None
    np.testing.assert_array_equal(Translating().call(inputs), -1)
    assert Translating().reference_inputs(None, None, None) == []


def test_sources_of_the_same_form_are_shown_as_they_are():
    images = np.float32(RANDOM.uniform(-1, 1, (2, 4, 4, 3)))
    assert beside(images, images) is images and resized(images, (4, 4)) is images
    gray = types.SimpleNamespace(shape=(2, 4, 4, 1))
    np.testing.assert_allclose(beside(images, gray), images.mean(3, keepdims=True), atol=1e-6)


class Labelling(ExampleSampling):
    """Its outputs are as bright as their label."""

    conditional = True

    def sampler(self, inputs, training):
        sources, labels = inputs
        return np.ones((len(sources), 8, 8, 3)) * np.reshape(labels, (-1, 1, 1, 1)) / 10 - 1


def test_a_conditional_kind_is_given_the_labels_of_the_examples():
    labels = np.arange(20)
    examples = Examples({SOURCE: SOURCES, "target": TARGETS, "label": labels}, sample="target")
    gan = Labelling()
    inputs, _ = gan.preview_inputs(examples, Image(), seed=3)
    made = gan.preview(inputs)[1::3]
    np.testing.assert_allclose(made[:, 0, 0, 0], labels[:16] / 10 - 1, atol=1e-6)
    (sources, given), sample_labels = gan.monitored_inputs(examples, Image(), 3, 5)
    assert len(sources) == 5 and given.tolist() == sample_labels.tolist() == [0, 1, 2, 3, 4]
