"""The reconstruction of what a discriminator sees."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.batch import Batch
from gan_tf.gans.discriminator_output import DiscriminatorOutput
from gan_tf.networks.architecture import MAPS
from gan_tf.registry import TRICKS
from gan_tf.tricks.reconstruction import _quarter


def test_it_needs_maps(make):
    with pytest.raises(UserError, match="maps can be decoded: give --arch=fastgan"):
        make("reconstruction", architecture="dcgan")


@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_quarter_of_maps_and_of_the_image_are_the_same_part(corner):
    image = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    row, column = 4 * corner[0], 4 * corner[1]
    found = _quarter(tf.constant(image), tf.constant(corner))
    np.testing.assert_array_equal(found, image[:, row : row + 4, column : column + 4])


def test_the_loss_is_the_distance_of_three_images_of_the_reals(make):
    """Decoders that make nothing, of a gray image of 0.5: three distances of 0.5, of weight 2."""
    gan = make("reconstruction('l1(2)', width=1)", architecture="fastgan")
    trick = gan.tricks[0]
    for name in ("whole", "small", "part"):
        for weight in gan.networks[f"{name}_decoder"].trainable_variables:
            if weight.name in ("gamma", "beta"):
                weight.assign(tf.zeros_like(weight))
    shapes = [gan.discriminator.get_layer(each).output.shape[1:] for each in MAPS]
    maps = {name: tf.fill((3, *shape), 0.5) for name, shape in zip(MAPS, shapes)}
    reals = DiscriminatorOutput(None, maps=maps)
    loss = trick.discriminator_loss(gan, 0.25, Batch(None, None).with_outputs(reals, None))
    assert float(loss) == pytest.approx(0.25 + 3 * 2 * 0.5)
    assert trick.get_config() == {"distance": "l1(2)", "width": 1}


def test_decoders_learn_with_the_discriminator_from_what_it_sees(make, images):
    """After augmentation, which is all that a gray square of full size leaves."""
    gan = make(
        "reconstruction(width=1)",
        "diff_augment",
        architecture="fastgan",
        compile={"run_eagerly": True, "penalties": ["r1(1, every=1)"]},
    )
    networks = gan.optimizers["discriminator"].networks
    assert [each.name for each in networks] == [
        "discriminator",
        "whole_decoder",
        "small_decoder",
        "part_decoder",
    ]
    assert len(gan.optimizers["generator"].networks) == 1
    before = [network.get_weights() for network in networks]
    logs = gan.train_on_batch(images, return_dict=True)
    for network, old in zip(networks, before):
        changed = [np.any(a != b) for a, b in zip(old, network.get_weights())]
        assert all(changed[: len(network.trainable_variables)])
    assert logs["reconstruction_loss"] > 0
    output = gan.discriminate(tf.constant(images))
    assert np.any(output.maps["map_seen"] != images)
    assert gan._infer_discriminator(images).maps == {}


def test_senseless_arguments_are_refused():
    with pytest.raises(UserError, match="width must be 1 or more"):
        TRICKS.build("reconstruction(width=0)")
    with pytest.raises(UserError, match="l9"):
        TRICKS.build("reconstruction('l9')")
