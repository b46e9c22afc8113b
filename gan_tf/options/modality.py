"""Which modality entries and commands are for."""

from gan_tf.errors import UserError
from gan_tf.registry import MODALITIES, REPRESENTATIONS

REPRESENTATION = "representation"  # the trait that holds the spec of one
MOMENTS = "moments"  # the trait that it measures on training data


def built(name, traits=None):
    """Returns a modality, with its representation if the traits name one.

    Args:
        name: of the modality.
        traits: of the data (see `gan_tf.data.source`), of which it takes those that it knows.
    """
    traits = traits or {}
    modality = MODALITIES.build(name, traits)
    if REPRESENTATION not in traits:
        return modality
    return REPRESENTATIONS.build(traits[REPRESENTATION]).of(modality, traits.get(MOMENTS))


def check_samples(what, modalities, config):
    """Checks that a command, or one of its options, supports the modality of a run.

    Args:
        what: the name of the command or option, for the message.
        modalities: names of the modalities that it supports; (): any.
        config: the `Config` of the run.

    Raises:
        UserError: when it does not.
    """
    if not is_for({"modalities": modalities}, config.modality_name):
        raise UserError(
            f"{what} is for {plurals(modalities)}, and '{config.dataset}' has "
            f"{plurals([config.modality_name])}: give a run on {plurals(modalities)}."
        )


def check_modality(registry, spec, modality):
    """Checks that an entry supports a modality, by its attribute `modalities`.

    Args:
        registry: the `Registry`.
        spec: the spec of the entry.
        modality: the name of the modality.

    Raises:
        UserError: when it does not; the message lists the entries that do.
    """
    entry = registry.entry(spec)
    if is_for(entry.attributes, modality):
        return
    others = [each.name for each in registry.entries.values() if is_for(each.attributes, modality)]
    choice = f"choose one of {', '.join(sorted(others))}" if others else "leave it out"
    raise UserError(
        f"The {registry.kind} '{entry.name}' is for {plurals(entry.attributes['modalities'])}, and "
        f"these samples are {plurals([modality])}: {choice}."
    )


def is_for(attributes, modality):
    """Whether an entry, by its attributes, supports a modality."""
    return modality in (attributes.get("modalities") or (modality,))


def plurals(modalities):
    """Returns what the samples of modalities are called, such as "images and sequences"."""
    return " and ".join(MODALITIES.entry(each).attributes["plural"] for each in modalities)
