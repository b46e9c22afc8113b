"""Builds the data set that a configuration describes."""

from gan_tf.data.class_names import quoted
from gan_tf.data.class_order import in_order
from gan_tf.data.derived_pairs import DerivedPairs
from gan_tf.data.domains import Domains, Side
from gan_tf.data.examples import SOURCE, TARGET
from gan_tf.data.represented import RepresentedData
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from gan_tf.options.kind import classifies
from gan_tf.options.option import text_problem
from gan_tf.options.pairs import domain_names
from gan_tf.registry import DATASETS, GANS

_LONGEST = 1000  # characters of the name of a class
_SHOWN = 100  # of them in messages


def build(config, label_names=None):
    """Builds the data set of a resolved `Config`, or the chosen part of one.

    No example is downloaded or decoded yet, except those that tell classes from other folders.

    Args:
        config: the `Config`.
        label_names: of a run that was trained on the data: the classes keep its order (see
            `gan_tf.data.class_order.in_order`).

    Returns:
        A data set (see `gan_tf.data.source`).

    Raises:
        UserError: when the data set is not where the flags say, or lacks one of the classes, or when
            the name of a class has control characters, is not UTF-8, or is too long.
    """
    source = _arranged(config, label_names)
    if source.pairing == "unpaired" and classifies(config) and not source.shared_classes:
        raise UserError(
            f"--gan={config.gan} needs images of the same classes in both domains, and those of "
            f"{source.origin} have none, or others: choose other data, or leave out {classifies(config)}."
        )
    return source


def _arranged(config, label_names):
    """The data set, in the form that the kind of GAN learns from."""
    source = _built(config, config.dataset)
    if source.pairing == "unpaired":
        both = source.source_domain, source.target_domain
        return Domains(*(_part(config, each, config.classes) for each in both))
    if config.domains:
        names = domain_names(config.domains)
        return Domains(*(_part(config, source, quoted([each]), "domains") for each in names))
    source = _part(config, source, config.classes)
    source = in_order(source, label_names) if label_names else source
    if config.to_dataset:
        other = _part(config, _built(config, config.to_dataset), config.classes)
        return Domains(source, in_order(other, label_names) if label_names else other)
    source = DerivedPairs(source, config.pair_by) if config.pair_by else source
    if config.representation:
        return RepresentedData(source, config.representation)
    if GANS.entry(config.gan).attributes["pairing"] == "unpaired":
        return Domains(Side(source, SOURCE), Side(source, TARGET))
    return source


def _built(config, spec):
    """A data set of a `Config`, the names of whose classes are checked."""
    source = DATASETS.build(spec, vars(config))
    for name in source.label_names:
        problem = text_problem(name) or (
            len(name) > _LONGEST and f"is longer than {_LONGEST:,} letters"
        )
        if problem:
            raise UserError(f"The class {name[:_SHOWN]!r} of {source.origin} {problem}: rename it.")
    return source


def _part(config, source, classes, flag="classes"):
    """The part of a data set that a `Config` chooses, with the classes that a flag names; None: all."""
    part = classes, config.leave_out, config.max_images
    return source if part == (None, None, None) else Subset(source, *part, flag=flag)
