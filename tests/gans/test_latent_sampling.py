"""The latents and labels of samples during a training."""

import types

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.gans.latent_sampling import MAX_ROWS, PREVIEWED, LatentSampling


class Sampled(LatentSampling):
    latent_dim = 3

    def __init__(self, conditional=False):
        self.conditional, self.calls = conditional, []
        self.networks = {"generator": "the generator"}

    def sampler(self, inputs, training):
        self.calls.append((inputs, training))
        return "samples"


def test_samples_are_those_of_the_seed():
    inputs, labels = Sampled().sample_inputs(7, range(5))
    np.testing.assert_array_equal(inputs, latents.draw(7, range(5), 3))
    assert labels is None
    (inputs, given), labels = Sampled(conditional=True).sample_inputs(7, range(5), [0, 1])
    np.testing.assert_array_equal(inputs, latents.draw(7, range(5), 3))
    assert given is labels and labels.tolist() == [1] * 5  # all of the data are of class 1


def test_a_snapshot_without_classes_has_the_first_latents_of_the_seed():
    inputs, columns = Sampled().preview_inputs(None, None, 7)
    np.testing.assert_array_equal(inputs, latents.draw(7, range(PREVIEWED), 3))
    assert columns is None


@pytest.mark.parametrize("classes, rows", [(2, 2), (30, MAX_ROWS)])
def test_a_snapshot_has_a_row_for_each_class_with_the_same_latents(classes, rows):
    examples = types.SimpleNamespace(label_names=[str(each) for each in range(classes)])
    (inputs, labels), columns = Sampled(True).preview_inputs(examples, None, 7)
    assert columns == 8 and inputs.shape == (rows * 8, 3)
    np.testing.assert_array_equal(labels.reshape(rows, 8), np.arange(rows)[:, None].repeat(8, 1))
    for row in inputs.reshape(rows, 8, 3):
        np.testing.assert_array_equal(row, latents.draw(7, range(8), 3))


def test_references_are_those_of_the_generator_and_of_the_sampler():
    for conditional, given in ((False, "latents"), (True, ["latents", "labels"])):
        gan = Sampled(conditional)
        found = gan.reference_inputs("real", "labels", "latents")
        assert found == [("the generator", given), (gan.sampler, given)]


def test_samples_come_from_the_sampler_in_inference_mode():
    gan = Sampled()
    assert gan.call("latents") == gan.preview("others") == "samples"
    assert gan.calls == [("latents", False), ("others", False)]
