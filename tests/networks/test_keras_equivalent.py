"""Each layer that computes what one of Keras does can be exchanged for it."""

import keras
import numpy as np
import pytest

from gan_tf.networks.convolution import Conv2D, Conv2DTranspose, PooledConv2D, UpSampledConv2D
from gan_tf.networks.keras_equivalent import KerasEquivalent
from gan_tf.networks.layers import LeakyReLU
from gan_tf.networks.moments import BatchNormalization, GroupNormalization, LayerNormalization
from gan_tf.networks.resampling import DoneAveragePooling2D, UpSampling2D

LAYERS = {
    Conv2D: dict(filters=3, kernel_size=4, strides=2, padding="same"),
    Conv2DTranspose: dict(filters=3, kernel_size=4, strides=2, padding="same"),
    BatchNormalization: dict(momentum=0.8),
    GroupNormalization: dict(groups=2),
    LayerNormalization: dict(epsilon=1e-5),
    LeakyReLU: dict(negative_slope=0.2),
    UpSampling2D: dict(size=(2, 2), interpolation="bilinear"),
}


@pytest.mark.parametrize("kind", LAYERS, ids=lambda each: each.__name__)
def test_the_layer_of_keras_has_its_config_its_weights_and_its_values(kind):
    layer = kind(**LAYERS[kind], name="mine", dtype="mixed_bfloat16")
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 4)).astype(np.float32)
    layer.build(x.shape)
    for each in layer.weights:
        each.assign(keras.random.uniform(each.shape, 0.1, 1.0, seed=len(each.shape)))
    copy, weights = layer.keras_layer()
    assert type(copy) is kind.plain
    assert copy.name == "mine" and copy.compute_dtype == "float32"
    given = {name: copy.get_config()[name] for name in LAYERS[kind]}
    assert given == {name: layer.get_config()[name] for name in LAYERS[kind]}
    copy.build(x.shape)
    copy.set_weights(weights)
    expected = keras.ops.cast(layer(x), "float32")  # NumPy 1 does not mix bfloat16 and others
    np.testing.assert_allclose(copy(x), expected, atol=0.1, rtol=0.02)


def test_no_layer_is_left_out():
    # These have the values of Keras's only together with the layer before or after: see test_resampling.py.
    parts = {UpSampledConv2D, PooledConv2D, DoneAveragePooling2D}
    assert set(LAYERS) | parts == set(KerasEquivalent.__subclasses__())
