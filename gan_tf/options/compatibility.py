"""Checks that the options of a configuration go together.

Entries declare what they need or forbid in literal class attributes, which are read
without importing TensorFlow.
"""

import dataclasses
import os

from gan_tf.errors import UserError
from gan_tf.options.kind import check_kind
from gan_tf.options.labels import check_labels
from gan_tf.options.metric_needs import (
    generator_knows,
    no_classifier,
    unknown_distribution,
)
from gan_tf.options.modality import check_modality, check_samples, is_for, plurals
from gan_tf.options.option import check_value
from gan_tf.options.tricks import check_tricks
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    DATASETS,
    DISCRIMINATORS,
    FEATURES,
    GANS,
    METRICS,
    MODALITIES,
    PENALTIES,
    REPRESENTATIONS,
    TRICKS,
)


def check(config):
    """Checks that the entries which a `Config` names are compatible.

    Raises:
        UserError: one sentence about the first conflict.
    """
    dataset, architecture = DATASETS.entry(config.dataset), ARCHITECTURES.entry(config.arch)
    check_kind(config, dataset)
    fewest = GANS.entry(config.gan).attributes["smallest_batch"]
    if config.batch_size < fewest:
        raise UserError(
            f"--batch_size={config.batch_size} is too small for --gan={config.gan}: give {fewest} or more."
        )
    others = [DATASETS.entry(config.to_dataset)] if config.to_dataset else []
    check_belongs(config, DATASETS, dataset, *others)
    for each in others:
        check_belongs(config, DATASETS, each, dataset)
    for name, value in ARCHITECTURES.parse(config.arch)[1].items():
        if getattr(config, name, None) is not None:
            raise UserError(f"--arch={config.arch} and --{name} both set '{name}': leave one out.")
        if hasattr(config, name):
            check_value(config, name, value, f"--arch={config.arch}")
    networks = [architecture]
    if config.discriminator:
        networks.append(DISCRIMINATORS.entry(config.discriminator))
        # Its own arguments precede flags, which are for both networks.
        for name, value in DISCRIMINATORS.parse(config.discriminator)[1].items():
            if hasattr(config, name):
                check_value(config, name, value, f"--discriminator={config.discriminator}")
    check_belongs(config, ARCHITECTURES, *networks)
    _check_norms(config, *networks)
    if _of_architecture(config, "minibatch_stddev") == 1:
        raise UserError(
            "--minibatch_stddev=1: one image has no standard deviation; give 2 or more, or 0."
        )
    _check_modalities(config)
    _check_length(config)
    _check_penalties(config)
    check_labels(config, dataset)
    check_tricks(config)
    _check_transfer(config)
    _check_packing(config)
    _check_evaluation(config)
    steps = config.steps_per_execution
    if steps != "auto" and not (steps.isdigit() and 0 < int(steps) <= 10_000):
        raise UserError(f"--steps_per_execution={steps}: give auto, or a number from 1 to 10000.")
    if config.tune not in ("auto", "off") and not config.tune.endswith(".json"):
        raise UserError(
            f"--tune={config.tune}: give auto, off, or the name of a file that ends in .json."
        )
    if config.strategy and config.jit_compile == "yes":
        raise UserError(
            f"--jit_compile=yes compiles for one device, and --strategy={config.strategy} has several: "
            "leave one of them out."
        )


def check_command(config, command, modalities=()):
    """Checks that a command works on runs of a `Config`'s kind of GAN and modality.

    Args:
        config: the `Config` of a run.
        command: the command's name.
        modalities: names of the modalities that the command supports; (): any.

    Raises:
        UserError: when it does not; the message lists the kinds or modalities that it supports.
    """
    kind = GANS.entry(config.gan)
    if command not in kind.attributes["commands"]:
        kinds = [
            each.name for each in GANS.entries.values() if command in each.attributes["commands"]
        ]
        raise UserError(
            f"gan_tf.{command} does not work on runs of --gan={kind.name}: give a run of "
            f"{' or '.join(sorted(kinds))}."
        )
    check_samples(f"gan_tf.{command}", modalities, config)


def check_size(architecture, size):
    """Checks that an architecture, an `Entry`, makes square images of this size, in pixels.

    Raises:
        UserError: when it does not; the message lists the sizes that it makes.
    """
    sizes = architecture.attributes["image_sizes"]
    if sizes and size not in sizes:
        nearest = min(sizes, key=lambda each: abs(each - size))
        raise UserError(
            f"The architecture '{architecture.name}' cannot make images of {size} pixels; it makes "
            f"{', '.join(map(str, sizes))}: try --image_size={nearest}, or an architecture that "
            "makes any size, such as --arch=mlp."
        )


def check_representation(config):
    """Checks that a `Config`'s architecture makes images of the size of its representation.

    Raises:
        UserError: when it does not, or when clips cannot be represented.
    """
    architecture, spec = ARCHITECTURES.entry(config.arch), config.representation
    length = config.length or DATASETS.entry(config.dataset).attributes.get("default_length")
    try:
        height, width, *others = REPRESENTATIONS.build(spec).shape((length or 0, 1))
    except ValueError as error:
        raise UserError(f"--representation={spec}: {error}.") from error
    if not length or not others:  # no image
        return
    short, long = sorted((height, width))
    sizes = architecture.attributes["image_sizes"]
    if short == long and short in (sizes or (short,)):
        return
    halved = short & (short - 1) == 0 and long % max(1, short // 4) == 0
    if architecture.attributes["rectangular"] and (not sizes or (short in sizes and halved)):
        return
    raise UserError(
        f"--representation={spec} makes images of {height} frames of {width} frequencies of {length:,} "
        f"samples, and the architecture '{architecture.name}' cannot make these: give a --length or a "
        f'representation of other sizes, such as --representation="spectrogram(window=128, hop=64)" '
        "--length=4096, which are 64x64."
    )


def check_features(config, metrics):
    """Checks, as far as specs tell, that feature extractor and metrics have what they need.

    Raises:
        UserError: when InceptionV3's weights are missing, or a metric needs a classifier.
    """
    entry = FEATURES.entry(config.feature_spec())
    check_modality(FEATURES, config.feature_spec(), config.modality_name)
    for each in metrics:
        check_modality(METRICS, each, config.modality_name)
    needed = "inception_weights" in {each.name for each in entry.arguments}
    if needed and not config.inception_weights:
        raise UserError(
            f"--features={config.feature_spec()} needs --inception_weights=...: "
            f"{_text(config, 'inception_weights')}."
        )
    known = (
        *DATASETS.entry(config.dataset).attributes.get("knows", ()),
        *generator_knows(config),
    )
    for metric in map(METRICS.entry, metrics):
        if not set(metric.attributes["knows"]) <= set(known):
            raise unknown_distribution(metric.name)
        needs_classes = "probabilities" in metric.attributes["needs"]
        if needs_classes and entry.attributes.get("classifies") is False:
            raise no_classifier(metric.name, entry.name)


def check_belongs(config, registry, entry, *others):
    """Checks the options that only some entries take, and those that this entry requires.

    The `others` are entries, of any registry, that take options too.
    """
    takes = {argument.name for each in (entry, *others) for argument in each.arguments}
    flag = next(
        each.name for each in dataclasses.fields(config) if each.metadata["registry"] is registry
    )
    modality = getattr(config, "modality_name", None)  # those of other commands have none
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        users = [
            other
            for other in registry.entries.values()
            if field.name in {argument.name for argument in other.arguments}
        ]
        if value in (None, field.default) or not users or field.name in takes:
            continue
        alike = [  # others are for other kinds of GAN, or other samples
            each
            for each in users
            if (modality is None or is_for(each.attributes, modality))
            and all(
                each.attributes.get(name) == entry.attributes.get(name)
                for name in ("source", "pairing")
            )
        ]
        names = sorted(each.name for each in alike or users)
        choices = " or ".join(f"--{flag}={name}" for name in names)
        raise UserError(
            f"--{field.name} has no effect on the {registry.kind} '{entry.name}': leave it out, or "
            f"give {choices}."
        )
    for argument in entry.arguments:
        if argument.required and getattr(config, argument.name, None) is None:
            raise UserError(
                f"The {registry.kind} '{entry.name}' needs --{argument.name}=...: "
                f"{_text(config, argument.name)}."
            )


def _of_architecture(config, name):
    """The value of an argument of the networks: from its flag, the spec or by default."""
    entry, written = ARCHITECTURES.parse(config.arch)
    if config.discriminator and name not in {each.name for each in entry.arguments}:
        entry, written = DISCRIMINATORS.parse(config.discriminator)
    default = next((each.default for each in entry.arguments if each.name == name), None)
    value = getattr(config, name)
    return written.get(name, default) if value is None else value


def _check_modalities(config):
    if config.representation:
        check_modality(REPRESENTATIONS, config.representation, config.modality_name)
    modality = config.network_modality
    check_modality(ARCHITECTURES, config.arch, modality)
    for registry, specs in ((PENALTIES, config.penalty), (TRICKS, config.trick)):
        for each in specs:
            check_modality(registry, each, modality)
    if config.conditional:
        check_modality(CONDITIONINGS, config.conditional, modality)
    modality = config.modality_name
    if config.flip and not MODALITIES.entry(modality).attributes["can_flip"]:
        raise UserError(f"--flip: {plurals([modality])} cannot be mirrored: leave it out.")
    if config.jitter and not MODALITIES.entry(modality).attributes["can_jitter"]:
        raise UserError(
            f"--jitter={config.jitter}: {plurals([modality])} cannot be cropped: leave it out."
        )


def _check_length(config):
    longest = MODALITIES.entry(config.modality_name).attributes["longest"]
    if longest and (config.length or 0) > longest:
        raise UserError(
            f"--length={config.length}: {plurals([config.modality_name])} have at most {longest:,}: give "
            "less."
        )


def _check_norms(config, *networks):
    for network in networks:
        norms = network.attributes.get("norms")
        for name in ("generator_norm", "discriminator_norm"):
            takes = name in {argument.name for argument in network.arguments}
            value = _of_architecture(config, name)
            if norms and takes and value not in norms:
                raise UserError(
                    f"The network '{network.name}' does not support --{name}={value}: choose one of "
                    f"{', '.join(norms)}."
                )


def _check_penalties(config):
    norm = _of_architecture(config, "discriminator_norm")
    names = [PENALTIES.entry(each).name for each in config.penalty]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                f"--penalty={name} is given twice: give it once, or --penalty= first, which drops those of "
                "a preset."
            )
    for penalty in map(PENALTIES.entry, config.penalty):
        if penalty.attributes["forbids_batch_norm"] and norm == "batch":
            raise UserError(
                f"--penalty={penalty.name} does not go with batch normalization in the "
                "discriminator, which makes each image's logit depend on the others: give "
                "--discriminator_norm=layer, or none."
            )


def _check_transfer(config):
    if config.freeze_discriminator and not config.init_from:
        raise UserError(
            f"--freeze_discriminator={config.freeze_discriminator} would freeze untrained layers: add "
            "the run that they come from with --init_from=..., or leave it out."
        )
    paths = [os.path.realpath(each) for each in (config.init_from, config.run_dir) if each]
    if config.init_from and len(paths) == 2 and paths[0] == paths[1]:
        raise UserError(
            f"--init_from={config.init_from} is the run's own folder: choose another --run_dir, or "
            "leave it out to resume that run."
        )


def _check_packing(config):
    if config.packing == 1:
        return
    flags = {name: getattr(config, name) for name in ("conditional", "semi_supervised")}
    single = [f"--{name}={value}" for name, value in flags.items() if value]
    single += [f"--trick={each}" for each in config.trick if TRICKS.entry(each).name == "infogan"]
    if single:
        raise UserError(
            f"--packing={config.packing} makes the discriminator score several images at once, and "
            f"{single[0]} needs an output for each image: leave one of them out."
        )
    if config.batch_size % config.packing:
        raise UserError(
            f"--batch_size={config.batch_size} is not a multiple of --packing={config.packing}: give "
            f"--batch_size={-(-config.batch_size // config.packing) * config.packing}."
        )


def _check_evaluation(config):
    if config.evaluate_every is None:
        for name in ("metric", "stop_when_no_better"):
            if getattr(config, name):
                raise UserError(
                    f"--{name} has no effect without scores: add --evaluate_every=1epoch, or "
                    "leave it out (python -m gan_tf.evaluate scores a finished run)."
                )
    check_features(config, config.metric)


def _text(config, name):
    """The help text of a flag."""
    field = next(each for each in dataclasses.fields(config) if each.name == name)
    return field.metadata["text"]
