"""Formulations of a convolution's products against the sums that define them."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.formulations import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, halves

SIZES = [(8, 6), (7, 5)]
B, C, D = 2, 3, 4


def terms(size):
    """Yields indices of an output, an input and a kernel position that meet, the first two in a batch."""
    for p in np.ndindex(*halves(size)):
        for k in np.ndindex(4, 4):
            q = tuple(2 * each + tap - 1 for each, tap in zip(p, k))  # 1 of padding before
            if all(0 <= each < side for each, side in zip(q, size)):
                yield (slice(None), *p), (slice(None), *q), k


@pytest.fixture(params=SIZES, ids=str)
def tensors(request):
    size, random = request.param, np.random.default_rng(0)
    x = random.normal(size=(B, *size, C))
    w = random.normal(size=(4, 4, C, D))
    dy = random.normal(size=(B, *halves(size), D))
    return size, x, w, dy


@pytest.mark.parametrize("name", FORWARD)
def test_forward(name, tensors):
    size, x, w, dy = tensors
    expected = np.zeros_like(dy)
    for p, q, k in terms(size):
        expected[p] += x[q] @ w[k]
    np.testing.assert_allclose(FORWARD[name](tf.constant(x), tf.constant(w)), expected, atol=1e-12)


@pytest.mark.parametrize("name", INPUT_GRADIENT)
def test_input_gradient(name, tensors):
    size, x, w, dy = tensors
    expected = np.zeros_like(x)
    for p, q, k in terms(size):
        expected[q] += dy[p] @ w[k].T
    found = INPUT_GRADIENT[name](tf.constant(dy), tf.constant(w), size)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("name", FILTER_GRADIENT)
def test_filter_gradient(name, tensors):
    size, x, w, dy = tensors
    expected = np.zeros_like(w)
    for p, q, k in terms(size):
        expected[k] += x[q].T @ dy[p]
    found = FILTER_GRADIENT[name](tf.constant(x), tf.constant(dy))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_batch_may_be_unknown():
    """As in a graph for batches of any size."""

    @tf.function(input_signature=[tf.TensorSpec((None, 8, 8, C))] * 1)
    def compute(x):
        w = tf.ones((4, 4, C, D))
        return [
            each(FORWARD[name](x, w), w, (8, 8))
            for each in INPUT_GRADIENT.values()
            for name in FORWARD
        ]

    for each in compute(tf.ones((3, 8, 8, C))):
        assert each.shape == (3, 8, 8, C)
