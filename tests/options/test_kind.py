"""Which data and options each kind of GAN takes."""

import dataclasses

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.kind import check_kind
from gan_tf.registry import DATASETS, GANS


def entry(**attributes):
    """The entry of a made-up data set."""
    return dataclasses.replace(DATASETS.entry("mnist"), attributes=attributes)


def config(gan="bigan", **changes):
    return Config(gan=gan, **changes)


def test_defaults_are_taken_by_every_kind_for_images():
    for name, kind in GANS.entries.items():
        if "image" in (kind.attributes["modalities"] or ("image",)):
            check_kind(config(name), entry(pairing=kind.attributes["pairing"]))


@pytest.mark.parametrize(
    "changes, flag",
    [
        (dict(conditional="concat"), "--conditional=concat"),
        (dict(packing=2), "--packing=2"),
        (dict(penalty=("wgan_gp", "r1")), "--penalty=wgan_gp"),
        (dict(semi_supervised=9), "--semi_supervised=9"),
        (dict(trick=("ema", "infogan(3, 1)")), "--trick=infogan"),
    ],
)
def test_what_it_does_not_take_is_named(changes, flag):
    with pytest.raises(UserError, match=f"--gan=bigan does not take {flag}: leave it out"):
        check_kind(config(**changes), entry())
    check_kind(config("standard", **changes), entry())


def test_pairs_are_for_kinds_that_learn_from_pairs():
    with pytest.raises(UserError, match="trains on single data, and 'mnist' is paired data"):
        check_kind(config("standard"), entry(pairing="paired"))


@pytest.mark.parametrize(
    "changes, words",
    [
        (
            dict(conditional="concat"),
            "does not take --conditional=concat: choose --conditional=category",
        ),
        (dict(arch="srresnet"), "--arch=srresnet does not take the labels .* choose --arch=unet"),
        (dict(discriminator="patchgan(1)"), "no features .* choose --discriminator=zi2zi"),
    ],
)
def test_conditional_translations_need_networks_that_take_labels(changes, words):
    with pytest.raises(UserError, match=words):
        check_kind(config("zi2zi", **changes), entry(pairing="paired"))


def test_the_conditioning_of_a_translation_is_not_for_latents():
    with pytest.raises(
        UserError, match="choose --conditional=acgan or concat or embedding or projection"
    ):
        check_kind(config("standard", conditional="category"), entry())
    with pytest.raises(UserError, match="--gan=bigan does not take --generator_steps=2"):
        check_kind(config(generator_steps=2), entry())


def test_who_is_to_classify_has_features():
    given = dict(gan="cyclegan(category=1)", dataset="glyphs", to_dataset="mnist")
    with pytest.raises(
        UserError,
        match=r"patchgan has no features from which --gan=cyclegan can classify: .*discriminator=zi2zi",
    ):
        Config(**given).resolve()
    Config(**given, discriminator="zi2zi").resolve()
    faces = dict(dataset="celeb_a", label="Smiling", domains="not Smiling,Smiling")
    with pytest.raises(UserError, match="makes a domain of each class: leave out category"):
        Config(gan=given["gan"], discriminator="zi2zi", **faces).resolve()
    Config(**given | dict(gan="cyclegan(category=0)")).resolve()
