"""Tricks that depend on the length of the run."""

import keras
import pytest

from gan_tf.gans.standard import GAN
from gan_tf.networks.mlp import MLP
from gan_tf.registry import TRICKS


@pytest.mark.parametrize("name, others", [("instance_noise", "0.1"), ("lr_decay", "'linear', 0.0")])
def test_the_length_of_the_run_is_used_unless_one_is_given(name, others):
    trick, own = TRICKS.build(name), TRICKS.build(f"{name}({others}, 7)")
    for each in (trick, own):
        each.schedule(20, 8)
    assert (trick.total_steps, own.total_steps) == (20, 7)
    assert keras.saving.serialize_keras_object(own)["config"]["total_steps"] == 7


def test_a_length_that_is_not_known_is_a_programming_error():
    architecture = MLP(2)
    networks = architecture.generator((4, 4, 1), 3), architecture.discriminator((4, 4, 1))
    with pytest.raises(ValueError, match="InstanceNoise needs total_steps"):
        GAN(*networks, tricks=["instance_noise"])
    GAN(*networks, tricks=["instance_noise(0.1, 7)"])
