"""Functions in other words have the same values."""

import numpy as np
import scipy.special

from gan_tf.exporters import substitutes


def test_the_error_function():
    x = np.linspace(-6, 6, 4001, dtype=np.float32)
    np.testing.assert_allclose(substitutes.erf(x), scipy.special.erf(x), atol=6e-7)


def test_the_inverse_of_the_error_function():
    x = np.float32(np.concatenate([np.linspace(-0.999, 0.999, 3999), [0.99999, -0.999999]]))
    np.testing.assert_allclose(substitutes.erfinv(x), scipy.special.erfinv(x), rtol=3e-6, atol=1e-7)
