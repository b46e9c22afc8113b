"""Which options need labels, and exclude each other."""

import os

from gan_tf.errors import UserError
from gan_tf.options.data import class_list
from gan_tf.registry import DATASETS, GANS, MODALITIES


def check_labels(config, dataset):
    """Checks the options of a `Config` that need labels, as far as flags tell whether there are any.

    Args:
        config: the `Config`.
        dataset: the data set's `Entry`.

    Raises:
        UserError: for the first that does not go with the data, or with another option.
    """
    attributes = dataset.attributes.get("labels") == "attributes"
    for flag in ("conditional", "semi_supervised", "classes", "leave_out", "domains"):
        if getattr(config, flag) is not None and attributes and not config.label:
            raise UserError(
                f"--{flag} needs a class for each image, and '{dataset.name}' has attributes that are "
                "not mutually exclusive: choose one, as in --label=Smiling, or another --dataset."
            )
        folder = _class_folder(config)
        if getattr(config, flag) is not None and folder and _has_no_classes(folder):
            raise UserError(
                f"--{flag}={getattr(config, flag)} needs labels, and there is no folder in "
                f"'{folder}': put the files of each class in a folder of their own, or leave it out."
            )
    if config.conditional and config.semi_supervised:
        raise UserError(
            f"--conditional={config.conditional} uses all labels, "
            f"--semi_supervised={config.semi_supervised} only some: leave one of them out."
        )
    if config.classes is not None and config.leave_out is not None:
        raise UserError("--classes and --leave_out both choose the classes: leave one of them out.")
    for flag in ("classes", "leave_out"):
        value = getattr(config, flag)
        if value is not None:
            class_list(flag, value)
    chosen = (config.classes, config.leave_out, config.domains) != (None, None, None)
    if config.label and not (config.conditional or config.semi_supervised or chosen):
        raise UserError(
            f"--label={config.label} has no effect where labels are not used: give "
            "--conditional=projection too, or leave it out."
        )


def check_classes(config, num_classes):
    """Checks that the data have classes if the networks of a `Config` need them.

    Args:
        config: the `Config`.
        num_classes: of its data.

    Raises:
        UserError: when they have none.
    """
    flag = "conditional" if config.conditional else "semi_supervised"
    if not getattr(config, flag) or num_classes:
        return
    if GANS.entry(config.gan).attributes["default_conditional"]:
        raise UserError(
            f"--gan={config.gan} needs labels, and the data set '{config.dataset}' has none: choose "
            "--dataset=fonts, or --pair_by with a data set that has labels, or another --gan."
        )
    remedy = " with these options: "
    if _class_folder(config):
        plural = MODALITIES.entry(config.modality_name).attributes["plural"]
        remedy = (
            f": put the {plural} of each class in a separate folder, with no {plural} outside these "
            "folders, or "
        )
    raise UserError(
        f"--{flag}={getattr(config, flag)} needs labels, and the data set '{config.dataset}' has none"
        f"{remedy}leave it out."
    )


def _class_folder(config):
    """The folder whose folders are the classes of a `Config`'s data set, if it is in one."""
    named = DATASETS.entry(config.dataset).attributes.get("class_folders", "image_dir")
    return named and getattr(config, named, None)


def _has_no_classes(folder):
    """Whether a path is a directory without subdirectories."""
    try:
        return not any(each.is_dir() for each in os.scandir(folder) if each.name[0] != ".")
    except OSError:  # an archive, or missing, which is reported elsewhere
        return False
