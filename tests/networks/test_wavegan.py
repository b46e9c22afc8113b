"""WaveGAN, layer by layer."""

import numpy as np
import pytest
from keras import layers

from gan_tf.networks.phase_shuffle import PhaseShuffle
from gan_tf.networks.wavegan import WaveGAN


def maps(network, kinds):
    """(length, channels) of what the layers of some types make."""
    return [each.output.shape[1:] for each in network.layers if isinstance(each, kinds)]


def test_the_published_size():
    architecture = WaveGAN(width=64)
    generator = architecture.generator((16_384, 1), 100)
    assert maps(generator, layers.Reshape) == [(16, 1024)]
    assert maps(generator, layers.Conv1DTranspose) == [
        (64, 512),
        (256, 256),
        (1024, 128),
        (4096, 64),
        (16_384, 1),
    ]
    # A dense layer, and five convolutions of 25, with biases.
    dense = 101 * 16 * 1024
    pairs = [(1024, 512), (512, 256), (256, 128), (128, 64), (64, 1)]
    assert generator.count_params() == dense + sum(25 * a * b + b for a, b in pairs) == 19_065_345
    discriminator = architecture.discriminator((16_384, 1))
    assert maps(discriminator, layers.Conv1D) == [
        (4096, 64),
        (1024, 128),
        (256, 256),
        (64, 512),
        (16, 1024),
    ]
    pairs = [(1, 64), (64, 128), (128, 256), (256, 512), (512, 1024)]
    of_logits = 16 * 1024 + 1
    assert discriminator.count_params() == of_logits + sum(25 * a * b + b for a, b in pairs)
    shuffles = [each for each in discriminator.layers if isinstance(each, PhaseShuffle)]
    assert [each.radius for each in shuffles] == [2] * 4  # not after the last layer


@pytest.mark.parametrize(
    "length, first", [(8192, 32), (5120, 20), (4096, 16), (1000, 63), (40, 10), (5, 2)]
)
def test_any_length(length, first):
    architecture = WaveGAN(width=1)
    generator = architecture.generator((length, 1), 4)
    assert maps(generator, layers.Reshape)[0][0] == first
    made = generator(np.ones((2, 4), np.float32))
    assert made.shape == (2, length, 1) and np.abs(made).max() <= 1
    assert architecture.discriminator((length, 1))(made).shape == (2, 1)


def test_the_filter_follows_the_sound():
    generator = WaveGAN(width=1, post_filter=512).generator((64, 1), 4)
    *_, tanh, filtering, _ = generator.layers
    assert tanh.activation.__name__ == "tanh"
    assert (filtering.kernel.shape, filtering.use_bias) == ((512, 1, 1), False)


def test_without_phase_shuffle():
    network = WaveGAN(width=1, phase_shuffle=0).discriminator((256, 1))
    assert not any(isinstance(each, PhaseShuffle) for each in network.layers)


def test_normalization_is_between_layers_only():
    architecture = WaveGAN(width=2, generator_norm="batch", discriminator_norm="layer")
    kinds = [type(each).__name__ for each in architecture.generator((256, 1), 4).layers]
    assert (
        sum("Normalization" in each for each in kinds) == 2
    )  # of the two maps before the last layer
    kinds = [type(each).__name__ for each in architecture.discriminator((256, 1)).layers]
    assert sum("Normalization" in each for each in kinds) == 1  # not of the first layer
