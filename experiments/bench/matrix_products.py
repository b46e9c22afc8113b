"""The fastest matrix product of TensorFlow, which figures are compared with."""

import time

import tensorflow as tf


class MatrixProducts:
    """A contender that multiplies matrices, and a base of others."""

    def matrix_peak(self, seconds=1.5, sizes=(1024, 2048, 4096)):
        """Returns the peak FLOP/s of a matrix product, the best of several sizes and both precisions."""
        best = 0.0
        for dtype in (tf.float32, tf.bfloat16):
            for size in sizes:
                a = tf.cast(tf.random.normal((size, size)), dtype)
                multiply = tf.function(lambda a=a: tf.reduce_sum(tf.matmul(a, a)[:1]))
                multiply()
                ends = time.perf_counter() + seconds / (2 * len(sizes))
                while time.perf_counter() < ends or not best:
                    began = time.perf_counter()
                    float(multiply())
                    best = max(best, 2 * size**3 / (time.perf_counter() - began))
        return best
