"""Sizes of networks, found before they take memory."""

import random

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.gans import build
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime.network_size import NetworkSize, check_memory, measure
from tests.architectures import shape_for, taking


def dense(*units):
    return lambda: keras.Sequential([keras.Input((4,)), *map(keras.layers.Dense, units)])


def test_weights_and_outputs_are_counted_without_memory():
    assert measure(dense(10, 3)) == NetworkSize(4 * 10 + 10 + 10 * 3 + 3, 10)
    million = 10**6
    assert measure(dense(million, million)) == NetworkSize(million**2 + 6 * million, million)


def test_measuring_draws_no_random_numbers():
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.rand()
    random.seed(5)
    np.random.seed(5)
    measure(
        lambda: keras.Sequential(
            [keras.Input((4,)), keras.layers.Dropout(0.5), keras.layers.Dense(2)]
        )
    )
    assert (random.random(), np.random.rand()) == expected


def test_networks_beyond_the_memory_are_refused():
    check_memory([dense(100), dense(3)], 1)
    with pytest.raises(UserError, match="need 4,000 GB, but this machine has"):
        check_memory([dense(3), dense(10**6, 10**6)], 1)
    with pytest.raises(UserError, match="make them smaller"):
        check_memory([dense(3)], 10**13)
    with pytest.raises(UserError, match="make them smaller"):
        check_memory([dense(100)], 1, copies=10**10)


@pytest.mark.parametrize("name", taking("latent"))
@pytest.mark.parametrize("conditional", ["concat", "projection"])
def test_every_architecture_can_be_measured(name, conditional):
    arguments = {each.name for each in ARCHITECTURES.entry(name).arguments}
    given = {"spectral_norm": "both", "generator_norm": "virtual_batch"}
    options = {each: value for each, value in given.items() if each in arguments}
    if ARCHITECTURES.entry(name).attributes["norms"]:
        options["generator_norm"] = "layer"
    if name == "gumbel_lstm":
        options["spectral_norm"] = "discriminator"  # its generator has none
    config = Config(dataset="cifar10", arch=name, conditional=conditional, **options)
    shape = shape_for(name, (32, 32, 3))
    spec, kind = build.network_spec(config, shape, 10), build.kind(config)
    for network in ("generator", "discriminator"):
        if name == "bigan_mlp" and network == "discriminator":
            continue  # it is of pairs
        built = kind.network(network, spec)
        assert measure(lambda n=network: kind.cls.build_network(n, spec)).weights == sum(
            int(np.prod(each.shape)) for each in built.weights
        )


def test_the_flags_of_a_run_cannot_ask_for_more_than_there_is():
    config = Config(dataset="cifar10", arch="mlp(width=4096)", conditional="projection")
    spec = build.network_spec(config, (1024, 1024, 3), 1_000_000_000)
    with pytest.raises(UserError, match="but this machine has"):
        build.kind(config).network("generator", spec)
