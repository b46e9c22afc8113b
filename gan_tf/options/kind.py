"""What a kind of GAN learns from, and which options it takes."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.pairs import check_pairs, making, pairing_of
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    CONTENT_LOSSES,
    DISCRIMINATORS,
    GANS,
    LOSSES,
    REWARDS,
    TRICKS,
)

_OPT_IN = (  # options that a kind of GAN takes only where it says so
    "conditional",
    "semi_supervised",
    "packing",
    "penalty",
    "freeze_discriminator",
    "discriminator_steps",
    "generator_steps",
    "content_loss",
    "discriminator",
    "reward",
    "pretraining_optimizer",
)
_SOURCES = {"latent": "latents", "example": "images", "noise": "noise, token by token"}


def check_kind(config, dataset):
    """Checks that a kind of GAN takes the data set, and the options that are set.

    Args:
        config: the `Config`.
        dataset: the data set's `Entry`.

    Raises:
        UserError: for the first that it does not take.
    """
    kind = GANS.entry(config.gan)
    _check_data(config, kind, dataset)
    architecture = ARCHITECTURES.entry(config.arch)
    _check_architecture(kind, architecture)
    _check_conditioning(config, kind)
    if classifies(config):
        _check_features(config, kind)
        if config.domains:
            raise UserError(
                f"--gan={config.gan} needs images of the same classes in both domains, and "
                f"--domains={config.domains} makes a domain of each class: leave out {classifies(config)}."
            )
    _check_options(config, kind)
    if not LOSSES.entry(config.loss).attributes["adversarial"]:
        content = [CONTENT_LOSSES.entry(each).name for each in config.content_loss]
        if not set(content) - {"none"}:
            raise UserError(
                f"--loss={config.loss} leaves nothing to learn from but content losses, and there are "
                "none: choose another --loss, or --gan=pix2pix with a --content_loss."
            )
    _check_prior(config, architecture)
    if config.reward:
        _check_reward(config, kind, architecture)


def _check_data(config, kind, dataset):
    attributes, modality = kind.attributes, config.modality_name
    if attributes["modalities"] and modality not in attributes["modalities"]:
        raise UserError(
            f"--gan={kind.name} trains on {' or '.join(attributes['modalities'])} data, and "
            f"'{dataset.name}' is {modality} data: choose another --dataset, or another --gan."
        )
    check_pairs(config, dataset)
    _check_pairing(config, kind, dataset)


def _check_architecture(kind, architecture):
    wanted, given = (each.attributes["source"] for each in (kind, architecture))
    if given != wanted:
        entries = ARCHITECTURES.entries.values()
        names = sorted(each.name for each in entries if each.attributes["source"] == wanted)
        raise UserError(
            f"--gan={kind.name} makes samples of {_SOURCES[wanted]}, and --arch={architecture.name} of "
            f"{_SOURCES[given]}: choose {' or '.join(names)}."
        )


def _check_options(config, kind):
    attributes = kind.attributes
    fields = {each.name: each for each in dataclasses.fields(config)}
    latent = () if attributes["source"] == "latent" else ("latent_dim", "prior")
    for flag in (*(each for each in _OPT_IN if each not in attributes["supported"]), *latent):
        value = getattr(config, flag)
        if value != fields[flag].default:
            value = value[0] if isinstance(value, tuple) else value
            raise UserError(f"--gan={kind.name} does not take --{flag}={value}: leave it out.")
    for name in attributes["unsupported"]:
        flag, _, entry = name.partition("=")
        registry, value = fields[flag].metadata["registry"], getattr(config, flag)
        if not entry and value != fields[flag].default:
            raise UserError(f"--gan={kind.name} does not take --{flag}={value}: leave it out.")
        if entry and entry in [registry.entry(each).name for each in value]:
            raise UserError(f"--gan={kind.name} does not take --{flag}={entry}: leave it out.")
    for trick in map(TRICKS.entry, config.trick):
        if not set(trick.attributes["hooks"]) <= set(attributes["hooks"]):
            raise UserError(f"--gan={kind.name} does not take --trick={trick.name}: leave it out.")


def _check_pairing(config, kind, dataset):
    """Checks that a kind of GAN, an `Entry`, learns from data of this pairing, or without pairs."""
    wanted, given = kind.attributes["pairing"], pairing_of(config, dataset)
    if given == wanted or (wanted, given) == ("unpaired", "paired"):
        return
    made = making(config)
    described = f"--{made}={getattr(config, made)} makes" if made else f"'{dataset.name}' is"
    raise UserError(
        f"--gan={kind.name} trains on {wanted} data, and {described} {given} data: "
        f"{_advice(wanted, given)}."
    )


def _check_conditioning(config, kind):
    """Checks that a conditioning goes with the kind of GAN and the networks of a translation."""
    if not config.conditional or "conditional" not in kind.attributes["supported"]:
        return
    conditioning, source = CONDITIONINGS.entry(config.conditional), kind.attributes["source"]

    if conditioning.attributes["source"] != source:
        raise UserError(
            f"--gan={kind.name} does not take --conditional={conditioning.name}: "
            f"{_choose('conditional', CONDITIONINGS, 'source', source)}."
        )
    if source == "latent":
        return
    architecture = ARCHITECTURES.entry(config.arch)
    if not architecture.attributes["takes_labels"]:
        raise UserError(
            f"--arch={architecture.name} does not take the labels of --gan={kind.name}: "
            f"{_choose('arch', ARCHITECTURES, 'takes_labels', True)}."
        )
    _check_features(config, kind)


def _check_features(config, kind):
    discriminator = DISCRIMINATORS.entry(config.discriminator)
    if not discriminator.attributes["has_features"]:
        raise UserError(
            f"--discriminator={discriminator.name} has no features from which --gan={kind.name} can "
            f"classify: {_choose('discriminator', DISCRIMINATORS, 'has_features', True)}."
        )


def classifies(config):
    """Returns the name of the argument by which a `Config`'s kind of GAN needs classes, or ""."""
    given = GANS.parse(config.gan)[1]
    return next(
        (name for name in GANS.entry(config.gan).attributes["class_weights"] if given.get(name)), ""
    )


def _choose(flag, registry, attribute, value):
    """What to choose: the entries of a registry whose attribute has a value."""
    names = [
        each.name for each in registry.entries.values() if each.attributes.get(attribute) == value
    ]
    return f"choose --{flag}={' or '.join(sorted(names))}"


def _advice(wanted, given):
    """What to do about data of the wrong pairing."""
    if wanted == "unpaired":
        return (
            "name a second data set with --to_dataset, or two classes with --domains, or choose "
            "--dataset=unpaired_folders"
        )
    if given == "unpaired":
        return "choose --gan=cyclegan, or other data"
    if (wanted, given) == ("paired", "single"):
        return (
            "make pairs of its images with --pair_by, such as --pair_by=grayscale, or choose "
            "--dataset=paired_folder"
        )
    if given == "paired":
        return "choose --gan=pix2pix, or another --dataset"
    return "choose another --dataset, or another --gan"


def _check_prior(config, architecture):
    """Refuses latents that are not normal where their components are quantiles of tokens."""
    relaxation = config.relaxation or ARCHITECTURES.parse(config.arch)[1].get("relaxation")
    drawn = relaxation == "gumbel" or architecture.attributes.get("draws_tokens")
    if drawn and config.prior != "normal":
        raise UserError(
            f"--prior={config.prior}: the tokens of Gumbel-softmax samples are chosen by latents from "
            "N(0, I): leave it out."
        )


def _check_reward(config, kind, architecture):
    """Checks that a reward has what it needs: its kind of logits, and that they are probabilities."""
    reward = REWARDS.entry(config.reward).attributes
    if not reward["adversarial"]:
        return
    if reward["logits_of"] != architecture.attributes["logits_of"]:
        names = [
            each.name
            for each in ARCHITECTURES.entries.values()
            if each.attributes.get("logits_of") == reward["logits_of"]
        ]
        raise UserError(
            f"--reward={config.reward} needs a discriminator that judges every {reward['logits_of']}, and "
            f"that of --arch={architecture.name} does not: choose {' or '.join(sorted(names))}."
        )
    if not LOSSES.entry(config.loss).attributes["probabilistic"]:
        names = [each.name for each in LOSSES.entries.values() if each.attributes["probabilistic"]]
        raise UserError(
            f"--gan={kind.name} needs a loss whose logits give probabilities, and those of "
            f"--loss={config.loss} do not: choose {' or '.join(sorted(names))}."
        )
