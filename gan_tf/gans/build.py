"""Builds a GAN from a configuration: each part once, from its registry."""

import dataclasses

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.networks.build import NetworkSpec
from gan_tf.networks.normalization import REFERENCE_SIZE, set_reference
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    GANS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    TRICKS,
)
from gan_tf.runtime import compilation
from gan_tf.tricks.classes import SemiSupervised


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of GAN with its arguments, as given by --gan.

    Attributes:
        cls: the `BaseGAN` subclass.
        options: {argument: value}.
    """

    cls: type
    options: dict

    def network(self, name, spec):
        """Builds one of its networks from a `NetworkSpec`."""
        return self.cls.build_network(name, spec, **self.options)


def kind(config):
    """Returns the `Kind` that a resolved `Config` names."""
    return Kind(GANS.load(config.gan), GANS.parse(config.gan)[1])


def network_spec(config, sample_shape, num_classes=0, total_steps=1):
    """Returns the `NetworkSpec` of a `Config`: its parts, built once.

    Args:
        config: the `Config`.
        sample_shape: the shape of one sample.
        num_classes: the number of classes in the data; 0: none.
        total_steps: training steps of the complete run, for tricks that depend on it.

    Raises:
        UserError: when an argument of a part is invalid, or the networks need classes and there
            are none.
    """
    check_labels(config, num_classes)
    return NetworkSpec(
        architecture=ARCHITECTURES.build(config.arch, vars(config)),
        sample_shape=tuple(sample_shape),
        latent_dim=config.latent_dim,
        num_classes=num_classes,
        conditioning=CONDITIONINGS.build(config.conditional) if config.conditional else None,
        prior=PRIORS.build(config.prior),
        tricks=_tricks(config, total_steps),
        packing=config.packing,
        semi_supervised=bool(config.semi_supervised),
        sync_batch_norm=config.sync_batch_norm,
        freeze_discriminator=config.freeze_discriminator,
    )


def check(config):
    """Validates a resolved `Config` by building its parts, but no network.

    It is fast, and so comes before anything slow and before anything is written.

    Raises:
        UserError: when an argument of a part is invalid.
    """
    for spec in (config.generator_optimizer, config.discriminator_optimizer):
        OPTIMIZERS.build(spec)
    for spec in config.penalty:
        PENALTIES.build(spec)
    LOSSES.build(config.loss)
    chosen = kind(config)
    chosen.cls.check_options(**chosen.options)
    network_spec(config, (), num_classes=1)


def build(config, sample_shape, label_names=(), total_steps=1):
    """Builds and compiles the GAN of a resolved `Config`.

    Args:
        config: the `Config`.
        sample_shape: the shape of one sample.
        label_names: the names of the classes, if any.
        total_steps: training steps of the complete run, for tricks that depend on it.

    Raises:
        UserError: when an argument of a part is invalid.
    """
    gan = networks_only(config, sample_shape, label_names, total_steps)
    gan.compile(
        loss=config.loss,
        discriminator_steps=config.discriminator_steps,
        penalties=config.penalty,
        jit_compile=compilation.jit_compile(config),
        **{
            f"{name}_optimizer": getattr(config, f"{role}_optimizer")
            for name, role in gan.roles.items()
        },
    )
    return gan


def networks_only(config, sample_shape, label_names=(), total_steps=1):
    """Builds the GAN of a resolved `Config` without optimizers; arguments as for `build`."""
    spec = network_spec(config, sample_shape, len(label_names), total_steps)
    chosen = kind(config)
    return chosen.cls.from_spec(spec, config.seed, **chosen.options)


def initialize_from_data(gan, config, data):
    """Initializes the data-dependent state of a GAN of `build`, before the first step.

    Random real samples and latents become the references of virtual batch normalization; tricks
    are prepared with the data.

    Args:
        gan: the GAN.
        config: its `Config`.
        data: `gan_tf.data.examples.Examples`.

    Raises:
        UserError: when there are too few labels.
    """
    modality = config.modality()
    count = min(len(data), REFERENCE_SIZE * config.packing)
    rows = np.random.default_rng(config.seed).choice(len(data), count, replace=False)
    real = modality.to_network(data.samples[rows])
    labels = data.labels[rows] if gan.conditional else None
    drawn = latents.draw(config.seed, range(count), gan.latent_dim)
    for network, inputs in gan.reference_inputs(real, labels, drawn):
        set_reference(network, inputs)
    gan.prepare(data, modality, config.seed)


def check_labels(config, num_classes):
    """Checks that the data have classes if the networks need them.

    Raises:
        UserError: when they have none.
    """
    flag = "conditional" if config.conditional else "semi_supervised"
    if getattr(config, flag) and not num_classes:
        raise UserError(
            f"--{flag}={getattr(config, flag)} needs labels, and the data set '{config.dataset}' has "
            "none: put the images of each class in a separate folder, with no images outside these "
            "folders, or leave it out."
        )


def _tricks(config, total_steps):
    """The requested tricks, and those implied by other options."""
    specs = list(config.trick)
    implied = config.conditional and CONDITIONINGS.entry(config.conditional).attributes.get("trick")
    if implied and implied not in [TRICKS.entry(each).name for each in specs]:
        specs.append(implied)
    tricks = [TRICKS.build(each, {"total_steps": total_steps}) for each in specs]
    if config.semi_supervised:
        tricks.append(SemiSupervised(labelled=config.semi_supervised))
    return tuple(tricks)
