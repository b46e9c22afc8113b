"""The options of training."""

import keras
import pytest

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.training import PRECISIONS
from gan_tf.runtime import precision
from tests.options.refused import refusal


@pytest.mark.parametrize(
    "penalty, optimizer",
    [
        ("weight_clip(0.01)", "rmsprop(5e-5)"),
        ("wgan_gp", "adam(1e-4, beta_1=0.0, beta_2=0.9)"),
        ("l2", "adam(2e-4, beta_1=0.5)"),
    ],
)
def test_the_optimizers_are_those_of_the_penalty_s_paper(penalty, optimizer):
    """`--loss=wasserstein --penalty=weight_clip(0.01) --discriminator_steps=5` is WGAN."""
    options = dict(loss="wasserstein", penalty=(penalty,), discriminator_norm="layer")
    config = Config(**options).resolve()
    assert config.generator_optimizer == config.discriminator_optimizer == optimizer
    config = Config(**options, generator_optimizer="sgd").resolve()
    assert (config.generator_optimizer, config.discriminator_optimizer) == ("sgd", optimizer)


def test_precisions_are_those_that_keras_and_the_program_know(monkeypatch):
    for name in PRECISIONS:
        keras.DTypePolicy(precision.resolve(name))
    assert PRECISIONS[0] == Config().precision == "auto"


@pytest.mark.parametrize("text", ["0", "10001", "-1", "many", "2.5"])
def test_steps_at_once_are_auto_or_a_number(text):
    assert f"--steps_per_execution={text}: give auto, or a number" in refusal(
        steps_per_execution=text
    )


def test_tune_is_a_choice_or_the_path_of_a_json_file(monkeypatch, tmp_path):
    assert "--tune=atuo: give auto, off, or the name of a file that ends in .json" in refusal(
        tune="atuo"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    for given, written in (
        ("off", "off"),
        ("auto", "auto"),
        ("x.json", str(tmp_path / "x.json")),
        ("~/x.json", "/home/me/x.json"),
    ):
        config, _ = flags.parse(Config, ["", f"--tune={given}"], "")
        assert f"--tune={written}" in config.to_flags()


def test_repeated_options_keep_their_order():
    given = ["", "--trick=ema", "--trick=label_smoothing", "--penalty=r1", "--penalty=l2"]
    config, _ = flags.parse(Config, given, "")
    assert (config.trick, config.penalty) == (("ema", "label_smoothing"), ("r1", "l2"))
