"""What a kind of GAN learns from, and which options it takes."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.registry import GANS, TRICKS

_OPT_IN = (  # options that a kind of GAN takes only where it says so
    "conditional",
    "semi_supervised",
    "packing",
    "penalty",
    "freeze_discriminator",
    "discriminator_steps",
)


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
    pairing = dataset.attributes.get("pairing", "single")
    if pairing != attributes["pairing"]:
        raise UserError(
            f"--gan={kind.name} trains on {attributes['pairing']} data, and '{dataset.name}' is "
            f"{pairing} data: choose another --dataset, or another --gan."
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
    for trick in map(TRICKS.entry, config.trick):
        if not set(trick.attributes["hooks"]) <= set(attributes["hooks"]):
            raise UserError(f"--gan={kind.name} does not take --trick={trick.name}: leave it out.")
