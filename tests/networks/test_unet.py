"""The U-Net of pix2pix."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.conditioning import Category
from gan_tf.networks.moments import BatchNormalization, GroupNormalization
from gan_tf.networks.translator import Size
from gan_tf.networks.unet import UNet


def built(size, **options):
    return UNet(**options).translator((size, size, 3), (size, size, 3))


def of_type(network, *types):
    return [layer for layer in network.layers if isinstance(layer, types)]


def trainable(network):
    return sum(int(np.prod(each.shape)) for each in network.trainable_variables)


@pytest.fixture(scope="module")
def published():
    return built(256, generator_norm="batch")


def test_the_published_parameters(published):
    down = [3, 64, 128, 256, *[512] * 5]
    up = [(512, 512), *[(1024, 512)] * 3, (1024, 256), (512, 128), (256, 64), (128, 3)]
    kernels = sum(16 * a * b for a, b in [*itertools.pairwise(down), *up])
    biases = 64 + 512 + 3  # of what is not normalized
    norms = 2 * (sum(down[2:-1]) + sum(outputs for _, outputs in up[:-1]))
    assert trainable(published) == kernels + biases + norms == 54_414_531


@pytest.mark.slow
def test_the_published_parameters_of_zi2zi():
    """Kernels of 5, and an embedding of 128 values, which is not trained, beside the code."""
    published = UNet(kernel=5, generator_norm="batch")
    shapes = (256, 256, 3), (256, 256, 3)
    network = Category().translator(published, shapes, Size(256, 256), 40)
    down = [3, 64, 128, 256, *[512] * 5]
    up = [(512 + 128, 512), *[(1024, 512)] * 3, (1024, 256), (512, 128), (256, 64), (128, 3)]
    kernels = sum(25 * a * b for a, b in [*itertools.pairwise(down), *up])
    biases = 64 + 512 + 3  # of what is not normalized
    norms = 2 * (sum(down[2:-1]) + sum(outputs for _, outputs in up[:-1]))
    assert trainable(network) == kernels + biases + norms == 86_655_235
    (embedding,) = of_type(network, layers.Embedding)
    assert embedding.embeddings.shape == (40, 128) and not embedding.trainable
    with pytest.raises(UserError, match="from 2 to 9"):
        UNet(kernel=1)


def test_the_published_layers(published):
    down, up = of_type(published, layers.Conv2D), of_type(published, layers.Conv2DTranspose)
    down = [each for each in down if each not in up]
    assert [each.filters for each in down] == [64, 128, 256, *[512] * 5]
    assert [each.filters for each in up] == [512, 512, 512, 512, 256, 128, 64, 3]
    assert {(each.kernel_size, each.strides) for each in down + up} == {((4, 4), (2, 2))}
    assert [each.output.shape[1] for each in down] == [128, 64, 32, 16, 8, 4, 2, 1]
    slopes = [each.negative_slope for each in of_type(published, layers.LeakyReLU)]
    assert slopes == [0.2] * 7 and len(of_type(published, layers.ReLU)) == 8
    assert [each.output.shape[1:] for each in of_type(published, layers.Concatenate)] == [
        (2, 2, 1024),
        (4, 4, 1024),
        (8, 8, 1024),
        (16, 16, 1024),
        (32, 32, 512),
        (64, 64, 256),
        (128, 128, 128),
    ]
    assert published.layers[-1].activation is keras.activations.tanh
    assert np.std(down[3].kernel) == pytest.approx(0.02, rel=0.01)


def test_the_first_layer_and_the_bottleneck_are_not_normalized(published):
    of_norms = [each.output.shape[1:] for each in of_type(published, BatchNormalization)]
    assert of_norms == [
        *[(64, 64, 128), (32, 32, 256), (16, 16, 512), (8, 8, 512), (4, 4, 512), (2, 2, 512)],
        *[(2, 2, 512), (4, 4, 512), (8, 8, 512), (16, 16, 512)],
        *[(32, 32, 256), (64, 64, 128), (128, 128, 64)],
    ]


def test_the_first_three_blocks_of_the_decoder_have_dropout(published):
    dropped = of_type(published, layers.Dropout)
    assert [each.output.shape[1] for each in dropped] == [2, 4, 8]
    assert {each.rate for each in dropped} == {0.5}
    assert not of_type(built(28, width=4, dropout=0.0), layers.Dropout)


@pytest.mark.parametrize(
    "size, maps",
    [
        ((28, 28), [(14, 14), (7, 7), (4, 4), (2, 2), (1, 1)]),
        ((64, 64), [(32, 32), (16, 16), (8, 8), (4, 4), (2, 2), (1, 1)]),
        ((30, 21), [(15, 11), (8, 6), (4, 3), (2, 2), (1, 1)]),
        ((8, 32), [(4, 16), (2, 8), (1, 4)]),
        ((2, 2), [(1, 1)]),
        ((1, 1), [(1, 1)]),
    ],
)
def test_maps_are_halved_until_one_has_a_side_of_a_pixel(size, maps):
    network = UNet(width=2).translator((*size, 1), (*size, 1))
    down = [
        each
        for each in of_type(network, layers.Conv2D)
        if not isinstance(each, layers.Conv2DTranspose)
    ]
    assert [each.output.shape[1:3] for each in down] == maps
    assert network.output_shape == (None, *size, 1)
    # Two less than levels on the way down, one less on the way up.
    assert len(of_type(network, GroupNormalization)) == max(0, 2 * len(maps) - 3)


def test_at_most_eight_levels():
    assert UNet().levels(Size(600, 600)) == 8
    assert UNet().levels(Size(64, 64, 4)) == 8


def test_the_multiple_of_sources():
    sizes = [Size(256, 256), Size(1024, 1024), Size(28, 28), Size(16, 16, 4), Size(9, 9, 4)]
    assert [UNet().multiple(each) for each in sizes] == [256, 256, 4, 16, 1]


def test_every_level_contributes():
    """The output at a pixel depends on pixels at the other end of the image, through the bottleneck."""
    network = built(28, width=4, dropout=0.0)
    source = np.zeros((1, 28, 28, 3), np.float32)
    changed = source.copy()
    changed[0, 0, 0] = 1
    before, after = np.asarray(network(source)), np.asarray(network(changed))
    assert np.all(np.any(before[0, -1, -1] != after[0, -1, -1]))
