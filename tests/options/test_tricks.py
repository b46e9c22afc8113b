"""Tricks are refused without what they need."""

import pytest

from gan_tf.options.config import Config
from tests.options.refused import refusal


@pytest.mark.parametrize(
    "changes, words",
    [
        (
            {"loss": "hinge", "trick": ("label_smoothing",)},
            ["--trick=label_smoothing", "--loss=hinge", "minimax or non_saturating"],
        ),
        (
            {"loss": "relativistic", "trick": ("ada",)},
            ["with --loss=relativistic it says nothing", "hinge, minimax, non_saturating."],
        ),
        ({"trick": ("augmentation", "ada(0.5)")}, ["the same transforms: give only one"]),
        ({"loss": "wasserstein", "semi_supervised": 9}, ["--semi_supervised", "probabilities"]),
        ({"trick": ("ema(0.9)", "ema(0.99)")}, ["--trick=ema is given twice"]),
        ({"trick": ("auxiliary_classifier",)}, ["give --conditional=acgan"]),
        (
            {"trick": ("auxiliary_classifier",), "conditional": "concat"},
            ["give --conditional=acgan"],
        ),
        ({"trick": ("penalty_decay",)}, ["--trick=penalty_decay needs a penalty"]),
        (
            {
                "trick": ("beta_2_growth",),
                "generator_optimizer": "adam(2e-4, beta_2=0.9)",
                "discriminator_optimizer": "sgd(0.1)",
            },
            ["needs the optimizer adam", "--discriminator_optimizer is sgd(0.1)"],
        ),
        (
            {"trick": ("beta_2_growth(0.999)",), "generator_optimizer": "adam(2e-4, beta_2=0.9)"},
            ["beta_2_growth(0.999) has nothing to raise", "beta_2 of --discriminator_optimizer="],
        ),
        ({"trick": ("style_mixing",)}, ["a generator with a space of styles", "=stylegan2."]),
        (
            {"trick": ("reconstruction",)},
            ["--trick=reconstruction", "decoded: give --arch=fastgan."],
        ),
    ],
)
def test_refuses_what_is_missing(changes, words):
    message = refusal(**changes)
    for word in words:
        assert word in message


def test_accepts_what_is_there():
    tricks = ("label_smoothing", "reconstruction", "ema")
    assert Config(dataset="mnist", arch="fastgan", trick=tricks).resolve().trick == tricks
