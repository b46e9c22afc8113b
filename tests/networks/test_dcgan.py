"""The layers of the DCGAN paper."""

import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.dcgan import DCGAN
from gan_tf.registry import ARCHITECTURES


def networks(image_shape, width=4):
    dcgan = DCGAN(width=width)
    return dcgan.generator(image_shape, 10), dcgan.discriminator(image_shape)


def test_it_has_the_layers_of_the_paper():
    generator, discriminator = networks((64, 64, 3), width=64)
    up = [layer for layer in generator.layers if isinstance(layer, layers.Conv2DTranspose)]
    down = [layer for layer in discriminator.layers if isinstance(layer, layers.Conv2D)]
    assert [layer.filters for layer in up] == [256, 128, 64, 3]
    assert [layer.filters for layer in down] == [64, 128, 256, 512]
    assert {layer.strides for layer in up + down} == {(2, 2)}
    assert generator.get_layer(index=2).output.shape == (None, 4, 4, 512)
    pooling = (layers.MaxPooling2D, layers.AveragePooling2D)
    assert not any(isinstance(layer, pooling) for layer in discriminator.layers)
    kinds = [[type(layer).__name__ for layer in net.layers] for net in (generator, discriminator)]
    # Not at the generator's output, nor at the discriminator's input.
    assert [each.count("BatchNormalization") for each in kinds] == [4, 3]
    assert kinds[0][-2:] == ["Conv2DTranspose", "Activation"]
    assert kinds[1][1:3] == ["Conv2D", "LeakyReLU"]
    kernel = np.asarray(down[-1].kernel)
    assert kernel.mean() == pytest.approx(0, abs=1e-3)
    assert kernel.std() == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize(
    "size, maps", [(28, [4, 7, 14, 28]), (32, [4, 8, 16, 32]), (128, [4, 8, 16, 32, 64, 128])]
)
def test_it_doubles_the_map_from_4_pixels_and_halves_it_back(size, maps):
    networks_at = networks((size, size, 1))
    shapes = [[layer.output.shape for layer in net.layers] for net in networks_at]
    heights = [[shape[1] for shape in each if len(shape) == 4] for each in shapes]
    heights[0] = [height for height in heights[0] if height in maps]  # but for what is cropped
    assert [list(dict.fromkeys(each)) for each in heights] == [maps, maps[::-1]]


def test_a_width_that_is_no_number_is_refused():
    with pytest.raises(UserError, match="'dcgan' must be of type int"):
        ARCHITECTURES.build("dcgan(width='wide')")
