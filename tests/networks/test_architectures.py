"""Every architecture at every size it claims, and what its paper says of it."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES

SIZES = [
    (name, size)
    for name in ARCHITECTURES.names()
    for size in ARCHITECTURES.entry(name).attributes["image_sizes"] or (28, 32, 64, 128)
]


def networks(name, image_shape, latent_dim=10, width=4):
    architecture = ARCHITECTURES.build(f"{name}(width={width})")
    return architecture.generator(image_shape, latent_dim), architecture.discriminator(image_shape)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name, size", SIZES)
def test_shapes_and_ranges(name, size, channels):
    generator, discriminator = networks(name, (size, size, channels))
    images = generator(keras.random.normal((2, 10), seed=0))
    assert images.shape == (2, size, size, channels)
    assert np.all(np.abs(images) <= 1)
    assert discriminator(images).shape == (2, 1)


@pytest.mark.parametrize("name", ARCHITECTURES.names())
def test_the_logits_read_the_features(name):
    _, discriminator = networks(name, (28, 28, 1))
    features = discriminator.get_layer("features").output
    assert len(features.shape) == 2
    last = keras.Model(features, discriminator.outputs)  # fails where they also read others
    biases = name != "bigan_mlp"  # it has none
    assert last.count_params() == features.shape[-1] + biases


@pytest.mark.parametrize("name", ARCHITECTURES.names())
def test_outputs_are_float32_in_mixed_precision(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = networks(name, (28, 28, 1))
    finally:
        keras.config.set_dtype_policy("float32")
    images = generator(keras.random.normal((2, 10)))
    assert images.dtype == "float32"
    assert discriminator(images).dtype == "float32"
    assert any(layer.compute_dtype == "bfloat16" for layer in generator.layers)


def test_mlp_has_the_layers_of_the_vanilla_gan():
    generator, discriminator = networks("mlp", (28, 28, 1), latent_dim=100, width=256)
    units = [
        [layer.units for layer in net.layers if isinstance(layer, layers.Dense)]
        for net in (generator, discriminator)
    ]
    assert units == [[256, 512, 1024, 784], [512, 256, 1]]
    slopes = {
        layer.negative_slope
        for layer in generator.layers + discriminator.layers
        if isinstance(layer, layers.LeakyReLU)
    }
    assert slopes == {0.2}


def test_dcgan_has_the_layers_of_the_paper():
    generator, discriminator = networks("dcgan", (64, 64, 3), latent_dim=100, width=64)
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
def test_dcgan_doubles_the_map_from_4_pixels_and_halves_it_back(size, maps):
    networks_at = networks("dcgan", (size, size, 1))
    shapes = [[layer.output.shape for layer in net.layers] for net in networks_at]
    heights = [[shape[1] for shape in each if len(shape) == 4] for each in shapes]
    heights[0] = [height for height in heights[0] if height in maps]  # but for what is cropped
    assert [list(dict.fromkeys(each)) for each in heights] == [maps, maps[::-1]]


def test_a_width_that_is_no_number_is_refused():
    with pytest.raises(UserError, match="'dcgan' must be of type int"):
        ARCHITECTURES.build("dcgan(width='wide')")


@pytest.mark.parametrize("name", ARCHITECTURES.names())
def test_a_width_below_1_is_refused(name):
    with pytest.raises(UserError, match="--width=0 is too small"):
        ARCHITECTURES.build(name, {"width": 0})
