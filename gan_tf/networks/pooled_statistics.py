"""Statistics of instance and group normalization over several inputs, such as the tiles of an image."""

import contextlib

import tensorflow as tf

from gan_tf.networks.moments import GroupNormalization


class PooledStatistics:
    """Lets a network normalize all parts of something by the same statistics.

    Instance normalization would use those of each part. Parts are single inputs, of one size. Usage:

        pooled = PooledStatistics(network)
        for _ in range(rounds):  # each makes the statistics of deeper layers more exact
            with pooled.collecting():
                for part in parts:
                    network(part)
        with pooled.applied():
            outputs = [network(part) for part in parts]

    A function that TensorFlow traces inside of a context remains as it was traced.

    Args:
        network: a `keras.Model`.
    """

    def __init__(self, network):
        layers = network._flatten_layers()
        self._pools = {each: _Pool(each) for each in layers if isinstance(each, GroupNormalization)}

    def __bool__(self):
        """Whether the network has such normalizations."""
        return bool(self._pools)

    def reset(self):
        """Forgets all statistics: in the first round, each part is normalized by its own."""
        for pool in self._pools.values():
            pool.known.assign(False)

    @contextlib.contextmanager
    def collecting(self):
        """Inside this context, statistics of the layers' inputs are collected, and used from its end on."""
        for pool in self._pools.values():
            pool.sums.assign(tf.zeros_like(pool.sums))
            pool.count.assign(0)
        with self._set("collect"):
            yield
        for pool in self._pools.values():
            pool.used.assign(pool.sums / pool.count)
            pool.known.assign(True)

    @contextlib.contextmanager
    def applied(self):
        """Inside this context, the layers normalize by the statistics that were collected."""
        with self._set("apply"):
            yield

    @contextlib.contextmanager
    def _set(self, method):
        for layer, pool in self._pools.items():
            layer.pool = getattr(pool, method)
        try:
            yield
        finally:
            for layer in self._pools:
                layer.pool = None


class _Pool:
    """The means, and the means of squares, of the groups of a layer's inputs."""

    def __init__(self, layer):
        self.sums, self.used = (
            tf.Variable(tf.zeros([2, layer.groups]), trainable=False) for _ in range(2)
        )
        self.count = tf.Variable(0.0, trainable=False)
        self.known = tf.Variable(False, trainable=False)

    def collect(self, mean, variance):
        self.sums.assign_add([tf.reshape(each, [-1]) for each in (mean, variance + mean**2)])
        self.count.assign_add(1)
        return tf.cond(self.known, lambda: self.apply(mean, variance), lambda: (mean, variance))

    def apply(self, mean, variance):
        means, squares = tf.unstack(self.used)
        return tf.reshape(means, tf.shape(mean)), tf.reshape(squares - means**2, tf.shape(variance))
