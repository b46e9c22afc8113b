"""Choices within a run that its files alone decide, before TensorFlow is imported."""

import os
import pathlib
import re

from gan_tf.data.class_names import quoted, visual_key
from gan_tf.errors import UserError, suggest


def check(run, checkpoint="last", label=None):
    """Checks that a run has a checkpoint and a class.

    Args:
        run: a `RunDir`.
        checkpoint: "last", "best", or a step.
        label: the name or index of a class; None: not checked.

    Raises:
        UserError: when there is no run, no such checkpoint, or no such class.
    """
    config = run.config()
    facts = run.read_data()
    steps_of(run, checkpoint)
    if label is not None:
        class_index(label, facts["label_names"], run.path, bool(config.conditional))


def steps(directory):
    """Returns the steps that have a checkpoint in a directory, ascending."""
    directory = pathlib.Path(directory)
    if not directory.is_dir():
        return []
    return sorted(
        int(each.name)
        for each in os.scandir(directory)
        if re.fullmatch(r"[0-9]{8,18}", each.name) and each.is_dir(follow_symlinks=False)
    )


def steps_of(run, checkpoint):
    """Finds a checkpoint of a run.

    Args:
        run: a `RunDir`.
        checkpoint: "last", "best", or a step.

    Returns:
        The directory that has it, and the steps to try there, ascending, at least one.

    Raises:
        UserError: when there is no such checkpoint.
    """
    last, best = steps(run.checkpoints), steps(run.best)
    if checkpoint == "best" and not best:
        raise UserError(
            f"'{run.path}' has no best checkpoint, because it was trained without scores: give "
            "--checkpoint=last, or train with --evaluate_every=1epoch."
        )
    if checkpoint == "best":
        return run.best, best
    if checkpoint == "last" and not last:
        raise UserError(
            f"'{run.path}' has no checkpoint yet: the first one is written after "
            f"{run.config().checkpoint_every or 'an epoch, or as many as make 100 steps'}."
        )
    if checkpoint == "last":
        return run.checkpoints, last
    for directory, there in ((run.checkpoints, last), (run.best, best)):
        if checkpoint.isdecimal() and int(checkpoint) in there:
            return directory, [int(checkpoint)]
    there = ", ".join(map(str, sorted({*last, *best}))) or "none"
    raise UserError(
        f"'{run.path}' has no checkpoint '{checkpoint}': give last, best, or one of these steps: "
        f"{there}."
    )


def class_index(label, names, path, conditional=True):
    """Returns the index of a class.

    Args:
        label: its name or index.
        names: the names of the run's classes.
        path: of the run, for messages.
        conditional: whether its generator takes labels.

    Raises:
        UserError: when there is no such class, or the run is not conditional.
    """
    if not conditional:
        raise UserError(
            f"--label={label}: the run in '{path}' is not conditional: leave it out, or train with "
            "--conditional."
        )
    label = str(label)
    places = {visual_key(name): index for index, name in enumerate(names)}
    if visual_key(label) in places:
        return places[visual_key(label)]
    if label.isdecimal() and int(label) < len(names):
        return int(label)
    raise UserError(
        f"--label={label}: no such class{suggest(label, names)}; the classes are: {quoted(names)}."
    )


def check_together(runs):
    """Checks that samples of several `RunDir`s can be drawn together.

    Raises:
        UserError: when they differ in the shape of samples, or in the classes that they are
            conditional on.
    """
    (first, facts, labels), *others = [_drawn(run) for run in runs]
    for other, its_facts, its_labels in others:
        if facts["sample_shape"] != its_facts["sample_shape"]:
            modality = first.config().modality()
            shapes = [modality.describe(each["sample_shape"]) for each in (facts, its_facts)]
            raise UserError(
                f"The {modality.plural} of '{first.path}' are {shapes[0]}, those of '{other.path}' "
                f"{shapes[1]}: runs that are sampled together must have the same shape of samples."
            )
        if facts.get("traits") != its_facts.get("traits"):
            raise UserError(
                f"The {first.config().modality().plural} of '{first.path}' and of '{other.path}' differ "
                "in their vocabulary or the like: give runs on the same data."
            )
        if labels != its_labels:
            raise UserError(
                f"'{first.path}' and '{other.path}' do not take the same labels: runs that are sampled "
                "together must all be conditional on the same classes, or none."
            )


def _drawn(run):
    """A run, its facts, and the names of the classes that its generator takes, or None."""
    facts = run.read_data()
    return run, facts, facts["label_names"] if run.config().conditional else None
