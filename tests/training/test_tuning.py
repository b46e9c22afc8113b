"""`--tune`: what is measured, where choices are kept, and who uses them."""

import json
import os
import types

import keras
import numpy as np
import pytest

from gan_tf.data import cache
from gan_tf.gans.build import build
from gan_tf.networks import formulation_timing
from gan_tf.networks.convolution import Formulated
from gan_tf.networks.formulation_choice import Choice
from gan_tf.runs.run_dir import RunDir
from gan_tf.runtime import device
from gan_tf.runtime.strategies import Workers
from gan_tf.training import loop, tuning
from tests.training.trained import cut, variables

CHOSEN = Choice("patches", "columns", "rows")


@pytest.fixture(scope="module")
def gan():
    """A DCGAN with an averaged generator; two of its three convolutions share their shapes."""
    from gan_tf.options.config import Config

    keras.config.set_dtype_policy("float32")
    return build(Config(arch="dcgan(width=2)", trick=("ema(0.9)",)).resolve(), (28, 28, 1))


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """The geometries and batches that are measured, in a machine without a cache."""
    calls = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(device, "kind", lambda: "cpu")
    monkeypatch.setattr(
        formulation_timing, "fastest", lambda geometry, batch: calls.append(batch) or CHOSEN
    )
    monkeypatch.setattr(formulation_timing, "time_networks", lambda *_: [2.0, 1.5])
    return calls


def convolutions(network):
    return [each for each in network._flatten_layers() if isinstance(each, Formulated)]


def chosen(gan, name="discriminator"):
    """The choices of a network's convolutions."""
    layers = convolutions(gan.networks[name])
    shapes = [each.get_build_config()["input_shape"] for each in layers]
    return [each.choices.of(each.geometry_of(shape)) for each, shape in zip(layers, shapes)]


@pytest.fixture
def tune(gan, measured, config, tmp_path):
    """Calls `tune`; returns how many convolutions it measured."""

    def call(workers=None, folder="run", **options):
        for network in gan.networks.values():
            for layer in convolutions(network):
                layer.choices = Formulated.choices
        before = len(measured)
        (tmp_path / folder).mkdir(exist_ok=True)
        run = RunDir(tmp_path / folder)
        tuning.tune(gan, config(**options), run, workers or Workers())
        return len(measured) - before

    return call


def test_off_by_default_and_without_formulations_on_gpus(tune, gan, monkeypatch):
    assert tune() == 0 and chosen(gan) == [None] * 3
    monkeypatch.setattr(device, "kind", lambda: "gpu")
    assert tune(tune="auto") == 0 and chosen(gan) == [None] * 3


def test_what_is_trained_uses_what_was_measured_once(tune, gan, measured, capsys):
    assert tune(tune="auto") == 3
    assert measured == [8] * 3  # the batch
    assert chosen(gan) == chosen(gan, "generator") == [CHOSEN] * 3
    assert chosen(gan, "ema_generator") == [None] * 3
    assert capsys.readouterr().out == (
        "Timing ways to compute the convolutions on this machine, once ...\n"
        "Timed them in 0 s: the fastest ones save 25% of the networks' time.\n"
    )
    assert tune(tune="auto") == 0 and chosen(gan) == [CHOSEN] * 3
    assert not capsys.readouterr().out
    assert tune(tune="auto", batch_size=4) == 3


def test_what_does_not_make_the_networks_faster_is_not_used(tune, gan, monkeypatch, capsys):
    asked = []

    def time_networks(networks, layers, alternatives, batch):
        first = layers[0].geometry_of(layers[0].get_build_config()["input_shape"])
        of_first = [each.of(first) for each in alternatives]
        asked.append((len(networks), len(layers), of_first, batch))
        return [2.0, 2.0]

    monkeypatch.setattr(formulation_timing, "time_networks", time_networks)
    assert tune(tune="auto") == 3 and chosen(gan) == [Choice()] * 3
    assert asked == [(2, 6, [Choice(), CHOSEN], 8)]
    assert "together the fastest ones save nothing" in capsys.readouterr().out
    assert tune(tune="auto") == 0 and chosen(gan) == [Choice()] * 3  # that is kept, too


def test_the_cache_is_of_a_machine_and_of_versions(tune, monkeypatch):
    tune(tune="auto")
    with monkeypatch.context() as patch:
        patch.setattr(device, "processor", lambda: "another CPU")
        assert tune(tune="auto") == 3
    with monkeypatch.context() as patch:
        patch.setattr(tuning.tf, "__version__", "9.9")
        assert tune(tune="auto") == 3
    with monkeypatch.context() as patch:
        patch.setenv("TF_NUM_INTRAOP_THREADS", "7")
        assert tune(tune="auto") == 3
    with monkeypatch.context() as patch:
        patch.setenv("TF_ENABLE_ONEDNN_OPTS", "7")
        assert tune(tune="auto") == 3
    assert tune(tune="auto") == 0  # which is still there


@pytest.mark.parametrize("damage", ["{", "[]", '["stock", "stock", "gone"]', '["stock"]'])
def test_a_damaged_cache_is_measured_again(tune, gan, damage):
    tune(tune="auto")
    path = os.path.join(cache.default_dir(), "tuning.json")
    with open(path) as file:
        content = json.load(file)
    with open(path, "w") as file:
        file.write(
            json.dumps(dict.fromkeys(content, json.loads(damage)) if "s" in damage else damage)
        )
    assert tune(tune="auto") == 3 and chosen(gan) == [CHOSEN] * 3
    with open(path) as file:
        assert json.load(file) == content


def test_a_cache_that_cannot_be_written_is_done_without(tune, gan, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert tune(tune="auto") == 3 and chosen(gan) == [CHOSEN] * 3


def test_a_file_takes_the_place_of_the_cache(tune, gan, tmp_path):
    path = tmp_path / "mine.json"
    assert tune(tune=str(path)) == 3 and path.exists()
    assert not os.path.exists(cache.default_dir())
    content = json.loads(path.read_text())
    path.write_text(json.dumps({key: ["stock", "stock", "slices"] for key in content}))
    assert tune(tune=str(path)) == 0
    assert chosen(gan) == [Choice(filter_gradient="slices")] * 3


def test_a_deterministic_run_keeps_its_choices(tune, gan, monkeypatch, tmp_path):
    assert tune(tune="auto", deterministic=True) == 3
    monkeypatch.setattr(formulation_timing, "fastest", lambda *_: Choice())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    tune(tune="auto", folder="new", deterministic=True)
    assert chosen(gan) == [Choice()] * 3
    # The cache has changed; the run has not.
    tune(tune="auto", deterministic=True)
    assert chosen(gan) == [CHOSEN] * 3
    tune(tune="auto")
    assert chosen(gan) == [Choice()] * 3


def test_all_workers_use_what_the_first_has_measured(tune, gan):
    numbers = []
    first = types.SimpleNamespace(
        chief=True, replicas=2, gather=lambda each: numbers.append(each) or [each, 0]
    )
    assert tune(first, tune="auto") == 3
    second = types.SimpleNamespace(
        chief=False, replicas=2, gather=lambda each: [numbers.pop(0), each]
    )
    assert tune(second, tune="auto") == 0
    assert chosen(gan) == [CHOSEN] * 3 and not numbers


@pytest.mark.slow
def test_a_resumed_run_ends_like_one_that_was_not_stopped(config, measured, monkeypatch, tmp_path):
    options = dict(arch="dcgan(width=2)", image_size=28, tune="auto", deterministic=True)
    options |= dict(steps=2, checkpoint_every="1steps")
    whole = str(tmp_path / "whole")
    assert loop.train(config(**options, run_dir=whole)) == 0
    stopped = str(cut(whole, tmp_path / "stopped", 1))
    # What would be measured now is something else.
    os.remove(os.path.join(cache.default_dir(), "tuning.json"))
    monkeypatch.setattr(formulation_timing, "fastest", lambda *_: Choice())
    assert loop.train(config(**options, run_dir=stopped)) == 0
    (step, expected), (same, found) = (variables(RunDir(each)) for each in (whole, stopped))
    assert step == same == 2
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
