"""Networks from a configuration: packing."""

import keras
import numpy as np
import pytest

from gan_tf.gans.build import network_spec
from gan_tf.networks import build
from gan_tf.options.config import Config


@pytest.mark.parametrize("arch", ["dcgan", "mlp"])
def test_a_packed_discriminator_judges_several_images_at_once(arch, tmp_path):
    keras.utils.set_random_seed(0)
    config = Config(arch=arch, width=4, packing=2)
    network = build.discriminator(network_spec(config, (28, 28, 3)))
    assert network.input_shape == (None, 28, 28, 3)
    images = np.asarray(keras.random.normal((6, 28, 28, 3), seed=0))
    logits = np.asarray(network(images))
    assert logits.shape == (3, 1)
    changed = images.copy()
    changed[3] = 0
    assert list(np.any(network(changed) != logits, axis=1)) == [False, True, False]
    network.save(tmp_path / "d.keras")
    loaded = keras.models.load_model(tmp_path / "d.keras")
    np.testing.assert_array_equal(loaded(images), logits)
