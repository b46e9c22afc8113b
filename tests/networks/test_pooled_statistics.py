"""Parts of something are normalized by the same statistics."""

import keras
import numpy as np

from gan_tf.networks.moments import GroupNormalization
from gan_tf.networks.pooled_statistics import PooledStatistics


def test_parts_are_normalized_as_the_whole():
    """Two layers: the second round makes the statistics of the second exact."""
    source = keras.Input((None, None, 3))
    x = GroupNormalization(groups=-1)(source)
    network = keras.Model(source, GroupNormalization(groups=3)(keras.ops.relu(x)))
    image = np.random.default_rng(0).normal(2, 3, (1, 8, 16, 3)).astype(np.float32)
    image[:, :, 8:] *= 4
    parts = [image[:, :, :8], image[:, :, 8:]]
    pooled = PooledStatistics(network)
    assert pooled
    alone = network(parts[0])
    for _ in range(2):
        pooled.reset()
        for _ in range(2):
            with pooled.collecting():
                for part in parts:
                    network(part)
        with pooled.applied():
            made = np.concatenate([network(part) for part in parts], axis=2)
        np.testing.assert_allclose(made, network(image), atol=1e-4)
    np.testing.assert_array_equal(network(parts[0]), alone)
    assert np.abs(made[:, :, :8] - alone).max() > 0.1


def test_a_network_without_such_layers_has_none():
    source = keras.Input((None, None, 3))
    assert not PooledStatistics(keras.Model(source, keras.layers.BatchNormalization()(source)))
