"""Which degradation makes pairs of which data."""

from gan_tf.errors import UserError
from gan_tf.registry import DEGRADATIONS

_CHANNELS = {"rgb": 3, "grayscale": 1}


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


def check_pairs(config, dataset):
    """Checks the degradation of a `Config`, as far as flags tell the shape of the images.

    Args:
        config: the `Config`.
        dataset: the data set's `Entry`.

    Raises:
        UserError: as for `degradation`, and when the data are pairs already.
    """
    if not config.pair_by:
        return
    attributes = dataset.attributes
    pairing = attributes.get("pairing", "single")
    if pairing != "single":
        raise UserError(
            f"--pair_by={config.pair_by} makes pairs of single images, and '{dataset.name}' is {pairing} "
            "already: leave it out."
        )
    size = config.image_size or attributes.get("default_image_size")
    channels = attributes.get("channels") or _CHANNELS[config.color_mode or "rgb"]
    if size:
        shape = (size, size, channels)
        degradation(config.pair_by, dataset.name, config.modality_name, shape)
