"""Initial weights of DCGAN, which pix2pix and CycleGAN have as well, and of residual networks."""

import keras


def linear(use_bias):
    """Returns the options of a convolution or dense layer: a kernel from N(0, 0.02)."""
    return {
        "use_bias": use_bias,
        "kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02),
    }


def scaled(use_bias):
    """Returns the options of such a layer where nothing is normalized: Glorot uniform, gain sqrt(2).

    Outputs are about as large as inputs at any width, where those of `linear` are much smaller in a
    narrow network. Source: the code of Gulrajani et al., 2017.
    """
    return {
        "use_bias": use_bias,
        "kernel_initializer": keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform"),
    }


def batch_norm():
    """Returns the options of a batch normalization: as in DCGAN's code, gamma from N(1, 0.02)."""
    gamma = keras.initializers.RandomNormal(1.0, 0.02)
    return {"momentum": 0.9, "epsilon": 1e-5, "gamma_initializer": gamma}
