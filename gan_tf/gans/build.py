"""Builds a GAN from a configuration: each part once, from its registry."""

import dataclasses

import numpy as np

from gan_tf import latents, modalities
from gan_tf.errors import UserError
from gan_tf.networks.build import NetworkSpec
from gan_tf.networks.normalization import REFERENCE_SIZE, set_reference
from gan_tf.options.labels import check_classes
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    CONTENT_LOSSES,
    DISCRIMINATORS,
    GANS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    REWARDS,
    TRICKS,
)
from gan_tf.runtime import compilation
from gan_tf.runtime.chunk import CHUNK
from gan_tf.runtime.network_size import check_memory
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

    def translation(self, direction=None):
        """Returns a direction of a kind that translates both ways, and the name of its generator.

        Args:
            direction: such as "b_to_a"; None: the first, or, of other kinds, none.

        Raises:
            UserError: when there is no such direction.
        """
        directions = self.cls.directions
        if direction and direction not in directions:
            raise UserError(
                f"There is no direction '{direction}': give one of {', '.join(directions) or 'none'}."
            )
        direction = direction or next(iter(directions), None)
        return direction, directions.get(direction, "generator")

    def network(self, name, spec):
        """Builds one of its networks from a `NetworkSpec`, for inference.

        Raises:
            UserError: when this machine has too little memory for it.
        """
        check_memory([lambda: self.cls.build_network(name, spec, **self.options)], CHUNK)
        return self.cls.build_network(name, spec, **self.options)

    def gan(self, spec, seed, samples=1, copies=1):
        """Builds the GAN from a `NetworkSpec`, not compiled; errors as for `network`.

        Args:
            spec: the `NetworkSpec`.
            seed: of its random numbers.
            samples, copies: as for `gan_tf.runtime.network_size.check_memory`.
        """
        builders = [
            lambda name=name: self.cls.build_network(name, spec, **self.options)
            for name in self.cls.network_names
        ]
        check_memory(builders, samples, copies)
        return self.cls.from_spec(spec, seed, **self.options)


def kind(config):
    """Returns the `Kind` that a resolved `Config` names."""
    return Kind(GANS.load(config.gan), GANS.parse(config.gan)[1])


def sampler_of(config, generator):
    """Returns the name of the network of `gan.networks` that a generator's samples come from."""
    prefixes = [TRICKS.entry(each).attributes["sampler"] for each in config.trick]
    return next(filter(None, reversed(prefixes)), "") + generator


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of a GAN, built once from a `Config`, before its data are read.

    To build them is to check their arguments. It is fast and builds no network, so it comes before
    anything slow and before anything is written. Under a strategy it must be done in its scope.

    Attributes:
        config: the resolved `Config`.
        kind: the `Kind` of GAN.
        spec: the `NetworkSpec`, without the shape and the classes of the data.
        losses: arguments of the kind's `compile`: the adversarial loss, the penalties on the critics,
            and, of a kind with targets, the content losses.
        optimizers: {name: optimizer}.
    """

    config: object
    kind: Kind
    spec: NetworkSpec
    losses: dict
    optimizers: dict

    @classmethod
    def of(cls, config):
        """Builds the parts of a resolved `Config`.

        Raises:
            UserError: when an argument of a part is invalid.
        """
        chosen = kind(config)
        chosen.cls.check_options(**chosen.options)
        optimizers = {
            name: OPTIMIZERS.build(getattr(config, f"{role}_optimizer"))
            for name, role in chosen.cls.roles.items()
        }
        losses = {
            "loss": LOSSES.build(config.loss),
            "penalties": [PENALTIES.build(each) for each in config.penalty],
        }
        if config.content_loss:
            losses["content_losses"] = [CONTENT_LOSSES.build(each) for each in config.content_loss]
        return cls(config, chosen, _spec(config), losses, optimizers)

    def gan(self, sample_shape, label_names=(), total_steps=1, source_shape=()):
        """Builds and compiles the GAN, once; arguments as for `build`."""
        spec = _for_data(
            self.spec, self.config, sample_shape, len(label_names), total_steps, source_shape
        )
        # Adam keeps two values for each weight, and there is a gradient.
        gan = self.kind.gan(spec, self.config.seed, self.config.batch_size, copies=4)
        steps = {"discriminator_steps": self.config.discriminator_steps}
        if "generator_steps" in self.kind.cls.supported:
            steps["generator_steps"] = self.config.generator_steps
        gan.compile(
            **steps,
            jit_compile=compilation.jit_compile(self.config),
            **self.losses,
            **{f"{name}_optimizer": each for name, each in self.optimizers.items()},
        )
        return gan


def build(config, sample_shape, label_names=(), total_steps=1, source_shape=()):
    """Builds and compiles the GAN of a resolved `Config`.

    Args:
        config: the `Config`.
        sample_shape: the shape of one sample, as networks see it.
        label_names: the names of the classes, if any.
        total_steps: training steps of the complete run, for tricks that depend on it.
        source_shape: the shape of what a translation starts from; (): it starts from latents.

    Raises:
        UserError: when an argument of a part is invalid, or the networks need classes and there
            are none.
    """
    return Parts.of(config).gan(sample_shape, label_names, total_steps, source_shape)


def network_spec(config, sample_shape, num_classes=0, total_steps=1, source_shape=()):
    """Returns the `NetworkSpec` of a `Config`, for networks without training.

    Args:
        config: the `Config`.
        sample_shape: the shape of one sample, as networks see it.
        num_classes: the number of classes in the data; 0: none.
        total_steps, source_shape: as for `build`.

    Raises:
        UserError: as for `build`.
    """
    return _for_data(_spec(config), config, sample_shape, num_classes, total_steps, source_shape)


def networks_only(config, sample_shape, label_names=(), source_shape=()):
    """Builds the GAN of a resolved `Config`, not compiled; arguments as for `build`."""
    spec = network_spec(config, sample_shape, len(label_names), source_shape=source_shape)
    return kind(config).gan(spec, config.seed)


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
    modality = modalities.of(data)
    count = min(len(data), REFERENCE_SIZE * config.packing)
    rows = np.random.default_rng(config.seed).choice(len(data), count, replace=False)
    real = modality.to_network(data.samples[rows])
    labels = data.labels[rows] if gan.conditional else None
    drawn = latents.draw(config.seed, range(count), gan.latent_dim)
    for network, inputs in gan.reference_inputs(real, labels, drawn):
        set_reference(network, inputs)
    gan.prepare(data, modality, config.seed)


def _spec(config):
    """The `NetworkSpec` of a `Config`, before its data are read."""
    return NetworkSpec(
        architecture=ARCHITECTURES.build(config.arch, vars(config)),
        sample_shape=(),
        latent_dim=config.latent_dim,
        conditioning=CONDITIONINGS.build(config.conditional) if config.conditional else None,
        prior=PRIORS.build(config.prior),
        tricks=_tricks(config),
        packing=config.packing,
        semi_supervised=bool(config.semi_supervised),
        sync_batch_norm=config.sync_batch_norm,
        freeze_discriminator=config.freeze_discriminator,
        image_discriminator=config.discriminator
        and DISCRIMINATORS.build(config.discriminator, vars(config)),
        reward=REWARDS.build(config.reward) if config.reward else None,
    )


def _for_data(spec, config, sample_shape, num_classes, total_steps, source_shape):
    """A `NetworkSpec` of the same parts, for data of this shape and a run of this length."""
    check_classes(config, num_classes)
    for trick in spec.tricks:
        trick.schedule(total_steps, config.batch_size)
    return dataclasses.replace(
        spec,
        sample_shape=tuple(sample_shape),
        latent_dim=spec.architecture.latent_length(spec.latent_dim, tuple(sample_shape)),
        num_classes=num_classes,
        source_shape=tuple(source_shape),
    )


def _tricks(config):
    """The requested tricks, and those implied by other options."""
    specs = list(config.trick)
    implied = config.conditional and CONDITIONINGS.entry(config.conditional).attributes.get("trick")
    if implied and implied not in [TRICKS.entry(each).name for each in specs]:
        specs.append(implied)
    tricks = [TRICKS.build(each) for each in specs]
    if config.semi_supervised:
        tricks.append(SemiSupervised(labeled=config.semi_supervised))
    return tuple(tricks)
