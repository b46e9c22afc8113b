"""What a SavedModel does besides holding the generator."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.registry import EXPORTERS


@pytest.mark.parametrize("generator", ["mlp", "own"], indirect=True)
def test_a_saved_model_draws_by_itself(generator, tmp_path):
    conditional = len(generator.inputs) > 1
    EXPORTERS.build("saved_model", {"output": "images"}).write(generator, tmp_path / "x", [0, 1, 0])
    draw = tf.saved_model.load(str(tmp_path / "x")).signatures["generate"]

    def images_of(seed, number, label=-1):
        label = {"label": tf.constant(label)} if conditional else {}
        seed, number = tf.constant(seed, tf.int64), tf.constant(number)
        return np.asarray(draw(seed=seed, num_images=number, **label)["images"])

    first = images_of(7, 6)
    assert first.shape == (6, 8, 8, 1)
    np.testing.assert_array_equal(first, images_of(7, 6))
    assert np.any(first != images_of(8, 6))
    if conditional:  # all of the data are of class 1
        np.testing.assert_array_equal(first, images_of(7, 6, label=1))
        assert np.any(first != images_of(7, 6, label=0))
