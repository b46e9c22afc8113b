"""Checks of a training's files, folders and classes before TensorFlow is imported."""

import dataclasses
import os
import types

from gan_tf.data.file_tree import check_tree
from gan_tf.errors import UserError, suggest
from gan_tf.options import extras
from gan_tf.options.data_location import DataLocation
from gan_tf.options.labels import check_classes
from gan_tf.options.option import check_paths, check_writable
from gan_tf.registry import DATASETS, FEATURES, TRACKERS, TRICKS
from gan_tf.runs import choices, tuning_file
from gan_tf.runs.run_dir import RunDir


def check(config):
    """Checks the files and folders that a training reads and writes.

    Args:
        config: the resolved `Config`.

    Raises:
        UserError: when one to read does not exist or is of another kind, when the data set is known to lack
            a class or attribute that is chosen, or examples, when the run directory cannot be written, is
            another run's or not a run's, or when the package of the tracker is not installed.
    """
    if config.tracker:
        extras.check(f"--tracker={config.tracker}", TRACKERS.entry(config.tracker).attributes)
    check_paths(config)
    _check_trees(config)
    check_features(config)
    _check_scorers(config)
    attributes = DATASETS.entry(config.dataset).attributes
    _check_classes(config, attributes)
    if attributes.get("download_host") and config.data_dir and not os.path.isdir(config.data_dir):
        raise UserError(
            f"There is no directory '{config.data_dir}': correct --data_dir, or create it."
        )
    if config.tune.endswith(".json"):
        check_writable("tune", config.tune, ".json")
        tuning_file.read(config.tune, strict=True)
    run = RunDir(config.run_dir)
    run.check(config)
    if choices.steps(run.checkpoints):  # it has begun, so its data were right
        return
    if config.init_from:
        first = RunDir(config.init_from)
        if not first.flags.is_file():
            raise UserError(
                f"--init_from: '{first.path}' is not a run directory (it has no flags.txt): train that run "
                "first, or name another."
            )
        choices.check(first)
    if attributes.get("checked_early"):
        _check_examples(config)


def _check_examples(config):
    """Builds the data set, and checks what is known of its examples without reading many."""
    from gan_tf.data import build as datasets  # imports NumPy, for which help does not wait

    source = datasets.build(config)
    check_classes(config, len(source.label_names))
    source.check_readable()
    check_count(config, source, source.num_examples)


def check_count(config, source, count):
    """Checks that the examples are enough for a step of training.

    Args:
        config: the `Config`.
        source: its data set.
        count: how many there are.

    Raises:
        UserError: when there are too few.
    """
    needed = config.batch_size * config.discriminator_steps
    if count < needed:
        plural = config.modality().plural
        raise UserError(
            f"The data set '{source.name}' has {count:,} readable {plural}, fewer than the "
            f"{needed:,} of one step: give a smaller --batch_size, or more {plural}."
        )


def _check_trees(config):
    """Raises a `UserError` when what is named in place of a folder of data is no zip archive either."""
    for field in dataclasses.fields(DataLocation):
        path = getattr(config, field.name)
        if path and field.metadata["reads"] == "directory":
            check_tree(path, f"--{field.name}")


def _check_scorers(config):
    """Raises a `UserError` when the file of a trick's scorer does not exist."""
    for spec in config.trick:
        path = TRICKS.parse(spec)[1].get("scorer") or ""
        if path.endswith(".keras") and not os.path.isfile(os.path.expanduser(path)):
            raise UserError(
                f"There is no scorer '{path}': correct --trick={TRICKS.entry(spec).name}."
            )


def check_data(run, location):
    """Checks that the data of a run are where they were, or where options say.

    Args:
        run: the `RunDir`.
        location: {name: value} of the fields of `DataLocation` that replace the run's.

    Raises:
        UserError: when a file or folder is missing, or is of another kind.
    """
    config = dataclasses.replace(run.config(), inception_weights=None, **location)
    check_paths(config, reading=True)
    _check_trees(config)


def check_features(config):
    """Checks that the file of --features="keras_model('file')" exists.

    Raises:
        UserError: when it does not.
    """
    path = FEATURES.parse(config.feature_spec())[1].get("path")
    if path and not os.path.isfile(os.path.expanduser(path)):
        raise UserError(f"--features={config.feature_spec()}: there is no file '{path}'.")


def _check_classes(config, attributes):
    """Checks the chosen classes where the features that belong to a data set list all of them."""
    spec = attributes.get("classifier") or attributes.get("features")
    names = spec and FEATURES.entry(spec).attributes.get("label_names")
    if not names:
        return
    if attributes.get("labels") == "attributes":
        if config.label and config.label not in names:
            raise UserError(
                f"--label={config.label}: '{config.dataset}' has no such attribute"
                f"{suggest(config.label, names)}; it has: {', '.join(names)}."
            )
        names = (f"not {config.label}", config.label)
    if (config.classes, config.leave_out) != (None, None):
        from gan_tf.data.subset import Subset  # which imports NumPy

        known = types.SimpleNamespace(name=config.dataset, label_names=names)
        Subset(known, config.classes, config.leave_out)
