"""The fastest matrix product of TensorFlow, which figures are compared with."""

import tensorflow as tf

from experiments.bench import machine


class MatrixProducts:
    """A contender that multiplies matrices, and a base of others."""

    def matrix_peak(self, seconds=1.5, sizes=(1024, 2048, 4096)):
        """Returns the peak FLOP/s of a matrix product, the best of several sizes and both precisions."""
        return machine.fastest_product(_product, (tf.float32, tf.bfloat16), seconds, sizes)


def _product(dtype, size):
    a = tf.cast(tf.random.normal((size, size)), dtype)
    multiply = tf.function(lambda: tf.reduce_sum(tf.matmul(a, a)[:1]))
    return lambda: float(multiply())
