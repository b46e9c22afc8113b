"""How the data of a run become pairs, or two domains."""

from gan_tf.errors import UserError
from gan_tf.options.data import class_list
from gan_tf.registry import DATASETS, DEGRADATIONS

_CHANNELS = {"rgb": 3, "grayscale": 1}
_MAKING = (
    "pair_by",
    "to_dataset",
    "domains",
)  # options that make pairs or domains of single images


def degradation(spec, name, modality, shape):
    """Builds the degradation that makes pairs of a data set, without importing TensorFlow.

    Args:
        spec: the spec of an entry of `DEGRADATIONS`.
        name: of the data set.
        modality: the name of its modality.
        shape: of one sample.

    Returns:
        The degradation, and the shape of its outputs.

    Raises:
        UserError: when it cannot be built, or does not fit the samples.
    """
    entry = DEGRADATIONS.entry(spec)
    if modality not in entry.attributes["modalities"]:
        raise UserError(
            f"The degradation '{entry.name}' is for {', '.join(entry.attributes['modalities'])} "
            f"data, and '{name}' is {modality} data: leave it out."
        )
    built = DEGRADATIONS.build(spec)
    try:
        return built, built.shape(shape)
    except ValueError as error:
        raise UserError(
            f"The degradation '{spec}' does not fit '{name}' ({error}): give another, or another "
            "--image_size."
        ) from error


def making(config):
    """Returns the name of the option of a `Config` that makes pairs or domains, or None."""
    return next((name for name in _MAKING if getattr(config, name)), None)


def pairing_of(config, dataset):
    """Returns the pairing of the data that a `Config` describes, given the data set's `Entry`."""
    made = making(config)
    if made:
        return "paired" if made == "pair_by" else "unpaired"
    return dataset.attributes.get("pairing", "single")


def domain_names(text):
    """Returns the names of the two classes that --domains names.

    Raises:
        UserError: when they are not two.
    """
    names = class_list("domains", text)
    if len(names) != 2 or names[0] == names[1]:
        raise UserError(f"--domains={text}: give two classes, such as --domains=cat,dog.")
    return names


def check_pairs(config, dataset):
    """Checks the options of a `Config` that make pairs or domains, as far as flags tell.

    Args:
        config: the `Config`.
        dataset: the data set's `Entry`.

    Raises:
        UserError: as for `degradation` and `domain_names`, and when the data are pairs or domains already.
    """
    made = making(config)
    if not made:
        return
    attributes = dataset.attributes
    pairing = attributes.get("pairing", "single")
    given = f"--{made}={getattr(config, made)}"
    if pairing != "single":
        what = "pairs" if made == "pair_by" else "domains"
        raise UserError(
            f"{given} makes {what} of single images, and '{dataset.name}' is {pairing} already: leave it "
            "out."
        )
    others = [name for name in _MAKING if getattr(config, name) and name != made]
    others += [
        name for name in ("classes", "leave_out") if config.domains and getattr(config, name)
    ]
    if others:
        other = f"--{others[0]}={getattr(config, others[0])}"
        raise UserError(f"{given} and {other} exclude each other: leave one of them out.")
    if config.domains:
        domain_names(config.domains)
    if config.to_dataset:
        _check_other(config, dataset)
    if config.pair_by:
        size = config.image_size or attributes.get("default_image_size")
        channels = attributes.get("channels") or _CHANNELS[config.color_mode or "rgb"]
        if size:
            shape = (size, size, channels)
            degradation(config.pair_by, dataset.name, config.modality_name, shape)


def _check_other(config, dataset):
    """Checks that --to_dataset names another set of single images."""
    other = DATASETS.entry(config.to_dataset)
    modality, pairing = (
        other.attributes.get(name, default)
        for name, default in (("modality", "image"), ("pairing", "single"))
    )
    if other.name == dataset.name:
        raise UserError(
            f"--to_dataset={other.name} is --dataset too: give another, or two of its classes with "
            "--domains."
        )
    if (modality, pairing) != (config.modality_name, "single"):
        raise UserError(
            f"--to_dataset={other.name} is {pairing} {modality} data, and a domain is single "
            f"{config.modality_name} data: choose another."
        )
