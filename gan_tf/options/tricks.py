"""Checks of tricks against what they need."""

from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES, CONDITIONINGS, LOSSES, OPTIMIZERS, TRICKS

_NEEDS = (  # of a trick: its attribute, that of the architecture, what it needs
    ("needs_styles", "styles", "generator with a space of styles"),
    ("needs_maps", "maps", "discriminator whose maps can be decoded"),
)


def check_tricks(config):
    """Checks that the tricks of a `Config` go with its loss, networks and labels, and each other.

    Raises:
        UserError: one sentence about the first conflict.
    """
    loss = LOSSES.entry(config.loss)
    probabilistic = [
        f"--trick={each.name}"
        for each in map(TRICKS.entry, config.trick)
        if each.attributes["needs_probabilities"]
    ]
    if config.semi_supervised:
        probabilistic.append("--semi_supervised")
    if probabilistic and not loss.attributes["probabilistic"]:
        names = [each.name for each in LOSSES.entries.values() if each.attributes["probabilistic"]]
        raise UserError(
            f"{probabilistic[0]} needs a loss whose logits give probabilities, and those of "
            f"--loss={config.loss} do not: choose {' or '.join(sorted(names))}."
        )
    _check_signs(config, loss)
    names = [each.name for each in map(TRICKS.entry, config.trick)]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                f"--trick={name} is given twice: give it once, or --trick= first, which drops those of a "
                "preset."
            )
    if {"ada", "augmentation"} <= set(names):
        raise UserError(
            "--trick=ada and --trick=augmentation have the same transforms: give only one of them."
        )
    _check_networks_of_tricks(config)
    for each in map(TRICKS.entry, config.trick):
        if each.attributes["needs_penalty"] and not config.penalty:
            raise UserError(f"--trick={each.name} needs a penalty: give one, such as --penalty=r1.")
    conditioning = CONDITIONINGS.entry(config.conditional).attributes if config.conditional else {}
    if "auxiliary_classifier" in names and not conditioning.get("trick"):
        raise UserError(
            "--trick=auxiliary_classifier needs a discriminator that classifies images: give "
            "--conditional=acgan, which includes the trick."
        )


def _check_signs(config, loss):
    """Checks that logits have a sign, if a trick reads it."""

    def has_signs(entry):
        return entry.attributes["probabilistic"] or entry.attributes["signed"]

    for each in map(TRICKS.entry, config.trick):
        if each.attributes["needs_signs"] and not has_signs(loss):
            names = [entry.name for entry in LOSSES.entries.values() if has_signs(entry)]
            raise UserError(
                f"--trick={each.name} reads from the sign of logits whether the discriminator overfits, "
                f"and with --loss={config.loss} it says nothing: give --trick=augmentation, or one of the "
                f"losses {', '.join(sorted(names))}."
            )


def check_optimizers(config):
    """Checks that the tricks of a `Config` go with its optimizers, of which none is None.

    Raises:
        UserError: one sentence about the first conflict.
    """
    for spec in config.trick:
        trick = TRICKS.entry(spec)
        for flag in ("generator_optimizer", "discriminator_optimizer"):
            given, needed = getattr(config, flag), trick.attributes["needs_optimizer"]
            if needed and OPTIMIZERS.entry(given).name != needed:
                raise UserError(
                    f"--trick={trick.name} needs the optimizer {needed}, and --{flag} is {given}: choose "
                    f"{needed}, or leave the trick out."
                )
            if raised := trick.attributes["raises"]:
                first, final = (
                    OPTIMIZERS.canonical(given)[1][raised],
                    TRICKS.canonical(spec)[1]["final"],
                )
                if first >= final:
                    raise UserError(
                        f"--trick={spec} has nothing to raise, since {raised} of --{flag}={given} is "
                        f'{first:g} already: give a smaller one, as in --{flag}="adam(2e-4, {raised}=0.9)".'
                    )


def _check_networks_of_tricks(config):
    own = ARCHITECTURES.entry(config.arch).attributes
    for trick in map(TRICKS.entry, config.trick):
        for need, has, words in _NEEDS:
            if trick.attributes[need] and not own.get(has):
                entries = ARCHITECTURES.entries.values()
                able = [each.name for each in entries if each.attributes.get(has)]
                raise UserError(
                    f"--trick={trick.name} needs a {words}: give --arch={' or '.join(sorted(able))}."
                )
