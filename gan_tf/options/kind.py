"""What a kind of GAN learns from, and which options it takes."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.pairs import check_pairs, making, pairing_of
from gan_tf.registry import ARCHITECTURES, CONTENT_LOSSES, GANS, LOSSES, TRICKS

_OPT_IN = (  # options that a kind of GAN takes only where it says so
    "conditional",
    "semi_supervised",
    "packing",
    "penalty",
    "freeze_discriminator",
    "discriminator_steps",
    "content_loss",
    "discriminator",
)
_SOURCES = {"latent": "latents", "example": "images"}


def check_kind(config, dataset):
    """Checks that a kind of GAN takes the data set, and the options that are set.

    Args:
        config: the `Config`.
        dataset: the data set's `Entry`.

    Raises:
        UserError: for the first that it does not take.
    """
    kind = GANS.entry(config.gan)
    attributes = kind.attributes
    modality = config.modality_name
    if attributes["modalities"] and modality not in attributes["modalities"]:
        raise UserError(
            f"--gan={kind.name} trains on {' or '.join(attributes['modalities'])} data, and "
            f"'{dataset.name}' is {modality} data: choose another --dataset, or another --gan."
        )
    check_pairs(config, dataset)
    _check_pairing(config, kind, dataset)
    architecture = ARCHITECTURES.entry(config.arch)
    if architecture.attributes["source"] != attributes["source"]:
        names = [
            each.name
            for each in ARCHITECTURES.entries.values()
            if each.attributes["source"] == attributes["source"]
        ]
        raise UserError(
            f"--gan={kind.name} makes samples of {_SOURCES[attributes['source']]}, and "
            f"--arch={architecture.name} of {_SOURCES[architecture.attributes['source']]}: choose "
            f"{' or '.join(sorted(names))}."
        )
    fields = {each.name: each for each in dataclasses.fields(config)}
    latent = () if attributes["source"] == "latent" else ("latent_dim", "prior")
    for flag in (*(each for each in _OPT_IN if each not in attributes["supported"]), *latent):
        value = getattr(config, flag)
        if value != fields[flag].default:
            value = value[0] if isinstance(value, tuple) else value
            raise UserError(f"--gan={kind.name} does not take --{flag}={value}: leave it out.")
    for name in attributes["unsupported"]:
        flag, _, entry = name.partition("=")
        registry = fields[flag].metadata["registry"]
        if entry in [registry.entry(each).name for each in getattr(config, flag)]:
            raise UserError(f"--gan={kind.name} does not take --{flag}={entry}: leave it out.")
    if not LOSSES.entry(config.loss).attributes["adversarial"]:
        content = [CONTENT_LOSSES.entry(each).name for each in config.content_loss]
        if not set(content) - {"none"}:
            raise UserError(
                f"--loss={config.loss} leaves nothing to learn from but content losses, and there are "
                "none: choose another --loss, or --gan=pix2pix with a --content_loss."
            )
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
