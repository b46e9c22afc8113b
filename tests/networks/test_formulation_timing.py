"""Timing formulations: which convolutions have them, and which is taken for the fastest."""

import math
import time

import keras
import numpy as np
import pytest

from gan_tf.networks import formulation_timing
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.formulation_choice import Choice, Choices
from gan_tf.networks.formulations import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, Geometry

GEOMETRY = Geometry(8, 8, 4, 6, "float32")


def test_finds_the_convolutions_of_both_networks_inside_wrappers_too():
    architecture = DCGAN(width=2, spectral_norm="discriminator")
    networks = [architecture.generator((28, 28, 1), 5), architecture.discriminator((28, 28, 1))]
    found = formulation_timing.convolutions(networks)
    # Those of the generator mirror those of the discriminator.
    assert {geometry: len(layers) for geometry, layers in found.items()} == {
        Geometry(28, 28, 1, 2, "float32"): 2,
        Geometry(14, 14, 2, 4, "float32"): 2,
        Geometry(7, 7, 4, 8, "float32"): 2,
    }


def test_a_network_without_such_convolutions_has_none():
    network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)])
    assert formulation_timing.convolutions([network]) == {}


def test_networks_are_timed_with_each_choice_and_not_changed():
    pair = DCGAN(width=2).generator((28, 28, 1), 5), DCGAN(width=2).discriminator((28, 28, 1))
    found = formulation_timing.convolutions(pair)
    layers = [layer for each in found.values() for layer in each]
    before = [np.array(each) for network in pair for each in network.weights]
    used = []

    class Counted(Choices):
        def of(self, geometry):
            used.append(self)
            return super().of(geometry)

    both = [Counted(), Counted({each: Choice("patches", "columns", "rows") for each in found})]
    seconds = formulation_timing.time_networks(pair, layers, both, 2)
    assert len(seconds) == 2 and all(0 < each < math.inf for each in seconds)
    assert {id(each) for each in used} == {id(each) for each in both}
    assert all(layer.choices is both[1] for layer in layers)
    for old, new in zip(before, (each for network in pair for each in network.weights)):
        np.testing.assert_array_equal(old, new)


def test_measures_every_formulation():
    times = formulation_timing.measure(GEOMETRY, 2)
    tables = dict(zip(vars(Choice()), (FORWARD, INPUT_GRADIENT, FILTER_GRADIENT)))
    assert {product: set(found) for product, found in times.items()} == {
        product: set(table) for product, table in tables.items()
    }
    assert all(0 < each < math.inf for found in times.values() for each in found.values())


def test_the_batch_is_smaller_where_its_patches_would_fill_the_memory(monkeypatch):
    batches = []
    monkeypatch.setattr(
        formulation_timing,
        "_times",
        lambda table, first, *_, **__: batches.append(first.shape[0]) or dict.fromkeys(table, 1.0),
    )
    formulation_timing.measure(Geometry(256, 256, 64, 4, "float32"), 100)
    # 16 * 64 * 128^2 patches of 4 bytes are 64 MB.
    assert batches == [4, 4, 4]


@pytest.mark.parametrize(
    "usual, stock, patches, expected",
    [
        ("stock", 1.0, 0.9, "patches"),
        ("stock", 1.0, 0.98, "stock"),  # within the noise
        ("patches", 0.98, 1.0, "patches"),
        ("patches", 0.9, 1.0, "stock"),
    ],
)
def test_the_rule_of_thumb_is_kept_unless_another_is_clearly_faster(
    monkeypatch, usual, stock, patches, expected
):
    times = {
        "forward": {"stock": stock, "patches": patches},
        "input_gradient": {"stock": 1.0, "columns": 2.0},
        "filter_gradient": {"stock": 3.0, "rows": 1.0},
    }
    monkeypatch.setattr(formulation_timing, "measure", lambda *_: times)
    monkeypatch.setattr(formulation_timing, "rule_of_thumb", lambda _: Choice(usual))
    assert formulation_timing.fastest(GEOMETRY, 2) == Choice(expected, "stock", "rows")


def test_without_a_rule_stock_operations_are_kept_unless_another_is_clearly_faster(monkeypatch):
    times = {product: {"stock": 1.0, "other": 0.99} for product in vars(Choice())}
    monkeypatch.setattr(formulation_timing, "measure", lambda *_: times)
    monkeypatch.setattr(formulation_timing, "rule_of_thumb", lambda _: None)
    assert formulation_timing.fastest(GEOMETRY, 2) == Choice()


def test_the_least_time_counts_and_slow_ones_are_not_timed_again(monkeypatch):
    clock, calls = [0.0], []
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])

    def taking(name, *seconds):
        left = list(seconds)

        def compute():
            calls.append(name)
            clock[0] += left.pop(0)

        return compute

    monkeypatch.setattr(formulation_timing.tf, "function", lambda compute, **_: compute)
    monkeypatch.setattr(formulation_timing, "_ROUNDS", 3)
    found = formulation_timing._times(
        {"fast": taking("fast", 9, 0.3, 0.1, 0.2), "slow": taking("slow", 9, 0.4, 0.2)}
    )
    assert found == {"fast": pytest.approx(0.1), "slow": pytest.approx(0.2)}
    assert calls == ["fast", "slow"] * 3 + ["fast"]
