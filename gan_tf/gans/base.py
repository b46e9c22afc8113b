"""The base of all kinds of GAN: networks, optimizers, random numbers, logging, saving."""

import collections

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans import given_networks, input_checks
from gan_tf.gans.arguments import check_keywords, listed, loss_of, optimizers_of, several
from gan_tf.gans.fitting import Fitting
from gan_tf.gans.latent_sampling import LatentSampling
from gan_tf.gans.optimizers import OptimizerGroup
from gan_tf.gans.saving import Saving
from gan_tf.networks.moments import differentiate_twice
from gan_tf.registry import PENALTIES, TRICKS
from gan_tf.runtime import replicas

Optimized = collections.namedtuple("Optimized", "optimizer networks")


class BaseGAN(Fitting, Saving, LatentSampling, keras.Model):
    """The base class of the kinds of GAN: any number of networks and optimizers.

    A kind registers itself with `@GANS.register("name")` and implements its paper's algorithm in
    `train_step`, using `apply` (one optimizer's update), `log`, `step` and `end_step`.
    Checkpoints, learning-rate schedules, clipping, rollback, health and transfer iterate over
    `networks` and `optimizers` and depend on no names.

    Attributes: Literal class attributes of a kind, read without importing TensorFlow
        network_names: names of its own networks, which are constructor arguments. One of them is
            "generator", which makes samples.
        roles: {optimizer's name: "generator", "discriminator" or "pretraining"}: the flag, such as
            --generator_optimizer, that says which optimizer it is.
        critics: names of the networks that penalties constrain and --freeze_discriminator freezes.
        encoder_name: the name of the network from samples to latents; "": none.
        generators: names of the networks that make samples, "generator" first.
        directions: {name of a direction: the generator that translates in it}; {}: it has no two.
        source: what its generator makes samples from: "latent", "example" (of the data), or "noise"
            (a number for each token of a sequence).
        pairing: the data that it learns from: "single", "paired" or "unpaired".
        modalities: names of the modalities that it supports; (): any.
        form: how it takes the samples of a batch: "network" (default): scaled for networks; "stored":
            as they are stored, such as indices of tokens.
        smooth: whether its samples change smoothly with their latents; else paths through the latents
            and truncation are refused.
        commands: names of the commands that work on its runs.
        supported: the options that it takes of conditional, semi_supervised, packing, penalty,
            freeze_discriminator, discriminator_steps, generator_steps, content_loss, discriminator,
            reward; and of `generate`: "reject", "temperature", "prompt".
        unsupported: options that it does not take, such as "strategy", or entries of them, such as
            "penalty=wgan_gp".
        smallest_batch: the fewest samples of a batch, default 2.
        hooks: the hooks of `Trick` that it calls; tricks that need others are refused.
        knows: ("density",) if the likelihood of any sample is known, by `log_likelihoods`; else ().
        default_arch, default_loss, default_discriminator, default_reward: specs, used when a run does not
            give them; None: it has no such part.
        default_content_loss: likewise, a tuple.
        default_conditional: likewise; of a kind that needs labels.
        class_weights: names of its arguments that need the classes of the data, unless they are 0.
        default_optimizers: {role: spec}, likewise.

    Args:
        networks: {name: `keras.Model`} of the kind's own networks, in order: functional, or
            Sequential. A Sequential one that is not built is built on the generator's samples.
        trained_by: {optimizer's name: [names of the networks it trains]}.
        seed: seed of the random numbers of training, default 0. Their state is part of the model.
        tricks: `gan_tf.tricks.Trick` objects or their specs, such as "ema(0.999)".
        metrics: names of the values passed to `log`.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: for networks of other kinds, and for a generator that is not built.

    Attributes:
        networks: {name: keras.Model} of all networks, including those that tricks add; each of
            the kind's own is also an attribute of that name.
        optimizers: {name: `Optimized`}: an optimizer and the networks that it trains. Each
            optimizer is also an attribute `<name>_optimizer`.
        latent_dim: the length of a latent.
        conditional: whether the generator takes labels.
        averages: {name of an averaged network: name of the network it averages}.
        sampler: the network used for sampling: the generator, or the EMA generator.
        samplers: {name: network}: the same for each of `generators`.
        kept: {name: variable}: what belongs to a checkpoint beside networks, optimizers and random states;
            see `keep`.
        step: int64 variable, the number of completed training steps.
        random: the seed generator of training.
        learning_rate_scale: a variable that multiplies all learning rates, see
            `scale_learning_rates`.
    """

    network_names = ()
    roles = {"generator": "generator"}
    critics = ()
    encoder_name = ""
    generators = ("generator",)
    directions = {}
    source = "latent"
    pairing = "single"
    modalities = ()
    form = "network"
    smooth = True
    knows = ()
    commands = ()
    supported = ()
    unsupported = ()
    smallest_batch = 2
    hooks = ()
    default_arch = "dcgan"
    default_loss = "non_saturating"
    default_discriminator = None
    default_content_loss = ()
    default_reward = None
    default_conditional = None
    class_weights = ()
    default_optimizers = {}
    conditional = False

    def __init__(self, networks, trained_by, seed=0, tricks=(), metrics=(), **kwargs):
        super().__init__(**kwargs)
        given_networks.build(networks)
        for name, network in networks.items():
            setattr(self, name, network)
        self.seed = seed
        self.random = replicas.SeedGenerator(seed)
        self.step = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name="step"
        )
        self.learning_rate_scale = self.add_weight(
            shape=(), initializer="ones", trainable=False, name="learning_rate_scale"
        )
        self.networks = dict(networks)
        self.averages = {}
        self.kept = {}
        self._own_networks = tuple(networks)
        self._trained_by = {name: list(each) for name, each in trained_by.items()}
        self.tricks = several(TRICKS, tricks)
        for trick in self.tricks:
            trick.attach(self)
        prefix = next((each.sampler for each in self.tricks[::-1] if each.sampler), "")
        self.samplers = {name: self.networks[prefix + name] for name in self.generators}
        self.sampler = self.samplers["generator"]
        self.latent_dim = networks["generator"].inputs[0].shape[-1]
        names = [*metrics, *(name for trick in self.tricks for name in trick.metrics)]
        self._metrics_by_name = {name: replicas.Mean(name=name) for name in names}
        self._unused_metrics = set()
        self._prepare_replicas()

    @classmethod
    def build_network(cls, name, spec, **options):
        """Builds one of the kind's own networks.

        Args:
            name: its name in `networks`.
            spec: a `gan_tf.networks.build.NetworkSpec`.
            **options: the arguments of the kind, as in --gan="name(argument=value)".

        Returns:
            A functional `keras.Model`.
        """
        raise KeyError(name)

    @classmethod
    def check_options(cls, **options):
        """Raises a `UserError` for invalid arguments of the kind."""

    @classmethod
    def from_spec(cls, spec, seed=0, **options):
        """Builds the GAN and its networks, not compiled; arguments as for `build_network`."""
        names = cls.network_names
        networks = {name: cls.build_network(name, spec, **options) for name in names}
        return cls(**networks, seed=seed, tricks=spec.tricks, **options)

    def add_network(self, name, network, trained_by=None, average_of=None):
        """Adds a network, for a trick.

        Args:
            name: its name.
            network: the `keras.Model`.
            trained_by: the name of the optimizer that also trains it; None: not trained.
            average_of: the name of the network that it averages; None: not an average.
        """
        self.networks[name] = network
        if average_of:
            self.averages[name] = average_of
        if trained_by:
            self._trained_by[trained_by].append(name)

    def keep(self, name, shape):
        """Adds a float32 variable of zeros to `kept`, and returns it.

        Args:
            name: its name in `kept`.
            shape: a tuple.
        """
        self.kept[name] = self.add_weight(
            shape=shape, initializer="zeros", trainable=False, name=name
        )
        return self.kept[name]

    def build(self, input_shape):
        """Marks the model as built; its networks already are."""
        self.built = True

    def _maybe_symbolic_build(self, **_):
        """Disabled: under a strategy `fit` would call the model on a batch, and fail with workers."""

    @property
    def metrics(self):
        named = self._metrics_by_name.items()
        return [metric for name, metric in named if name not in self._unused_metrics]

    @property
    def optimizers(self):
        return {
            name: Optimized(
                getattr(self, f"{name}_optimizer"), [self.networks[each] for each in names]
            )
            for name, names in self._trained_by.items()
        }

    def trainable_variables_of(self, name):
        """Returns the variables that an optimizer trains, given its name."""
        networks = [self.networks[each] for each in self._trained_by[name]]
        return [variable for network in networks for variable in network.trainable_variables]

    def compile(self, loss="non_saturating", discriminator_steps=1, penalties=(), **kwargs):
        """Configures the training.

        Args:
            loss: an adversarial loss (see `gan_tf.losses.adversarial`) or its spec.
            discriminator_steps: discriminator updates per generator update, from 1.
            penalties: penalties on the critics (see `gan_tf.losses.penalties`) or their specs.
            **kwargs: `<name>_optimizer` for each optimizer, a `keras.optimizers.Optimizer` or its
                spec, default "adam"; and, for `keras.Model.compile`: `jit_compile`,
                `run_eagerly`, `steps_per_execution`.

        Raises:
            UserError: for a spec with an unknown name, listing the valid names; for objects of other
                types, an optimizer given twice, and networks that are frozen entirely.
            ValueError: when `discriminator_steps` is less than 1.
        """
        if not isinstance(discriminator_steps, int):
            raise UserError(f"discriminator_steps is {discriminator_steps!r}: give a whole number.")
        if discriminator_steps < 1:
            raise ValueError(f"discriminator_steps is {discriminator_steps}: it must be 1 or more")
        names = self._trained_by
        optimizers = {name: kwargs.pop(f"{name}_optimizer", "adam") for name in names}
        self.discriminator_steps = discriminator_steps
        arguments = {"discriminator_steps": discriminator_steps}
        self._compile_training(optimizers, loss, penalties, arguments, **kwargs)

    def _compile_training(self, optimizers, loss, penalties, arguments, **kwargs):
        """Builds optimizers, loss and penalties, and keeps the arguments to be saved."""
        given = {
            **{f"{name}_optimizer": each for name, each in optimizers.items()},
            "loss": loss,
            **arguments,
            "penalties": listed(penalties),
        }
        check_keywords(kwargs, own=given)
        kwargs.setdefault("jit_compile", False)  # XLA slows down convolutions on CPUs.
        super().compile(**kwargs)
        self.optimizer = OptimizerGroup(self)
        self._input_checked = False
        self._compile_arguments = given | kwargs
        self.adversarial_loss = loss_of(loss)
        self.penalties = several(PENALTIES, penalties)
        for name in self.critics if self.penalties else ():
            differentiate_twice(self.networks[name])
            for penalty in self.penalties:
                penalty.constrain(self.networks[name])
        for name, optimizer in optimizers_of(optimizers).items():
            setattr(self, f"{name}_optimizer", optimizer)
        for trick in self.tricks:
            trick.compiled(self)
        if keras.config.dtype_policy().compute_dtype == "float16":  # small gradients would vanish
            for name, (optimizer, _) in self.optimizers.items():
                setattr(self, f"{name}_optimizer", _scaling(optimizer))
        self._learning_rates = {
            name: float(keras.ops.convert_to_numpy(each.optimizer.learning_rate))
            for name, each in self.optimizers.items()
        }
        for name, (optimizer, _) in self.optimizers.items():
            variables = self.trainable_variables_of(name)
            input_checks.check_trainable(name, variables)
            optimizer.build(variables)
            replicas.disable_gradient_reduction(optimizer)

    def set_learning_rates(self, factor=1.0):
        """Sets all learning rates to those of `compile` times `learning_rate_scale` * `factor`."""
        for name, (optimizer, _) in self.optimizers.items():
            rate = self._learning_rates[name]
            optimizer.learning_rate.assign(rate * self.learning_rate_scale * factor)

    def scale_learning_rates(self, scale):
        """Sets the factor of all current and later learning rates."""
        for optimizer, _ in self.optimizers.values():
            rate = optimizer.learning_rate
            if hasattr(rate, "assign"):  # not a schedule
                rate.assign(rate / self.learning_rate_scale * scale)
        self.learning_rate_scale.assign(scale)

    @property
    def batch_multiple(self):
        """The number that must divide the size of a batch."""
        return 1

    def notes(self, total_steps):
        """Returns sentences about a run of this many steps that a user should know; usually []."""
        del total_steps
        return []

    @property
    def steps_made(self):
        """The number of completed training steps, an int."""
        return int(self.step.numpy())

    def scaled_loss(self, name, loss):
        """Returns the loss to differentiate for an optimizer: scaled in float16."""
        return getattr(self, f"{name}_optimizer").scale_loss(loss)

    def apply(self, name, tape, loss):
        """Computes and applies one optimizer's gradients; returns their global norm, unscaled.

        Args:
            name: the optimizer's name.
            tape: the `tf.GradientTape` that recorded the loss.
            loss: the result of `scaled_loss`, computed under the tape.
        """
        return self.apply_gradients(name, self.gradients(name, tape, loss))

    def gradients(self, name, tape, loss):
        """Returns the gradients for `apply_gradients`, averaged over the replicas."""
        return replicas.mean_gradients(tape.gradient(loss, self.trainable_variables_of(name)))

    def apply_gradients(self, name, gradients):
        """Applies the result of `gradients`; returns the global norm, unscaled."""
        optimizer = getattr(self, f"{name}_optimizer")
        scale = optimizer.scale_loss(tf.ones(()))
        optimizer.apply(gradients, self.trainable_variables_of(name))
        norm = tf.linalg.global_norm(gradients) / scale
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            # It skips the step where its scale was too large, and reduces the scale.
            norm = tf.where(tf.math.is_finite(norm), norm, 0.0)
        return norm

    def end_step(self):
        """Ends a training step; returns the means of the logged values since the epoch began."""
        self.step.assign_add(1)
        self.average_logs(self._statistics)
        for trick in self.tricks:
            trick.after_step(self)
        return {each.name: each.result() for each in self.metrics}

    def average_logs(self, others=()):
        """Averages over the replicas the logged means, each of as many values, and other variables."""
        replicas.average_variables([*others, *(each.total for each in self.metrics)])

    def log(self, **values):
        """Adds values, tensors, to the logged means; see `average_logs`."""
        for name, value in values.items():
            if name not in self._unused_metrics:
                self._metrics_by_name[name].update_state(value)

    def prepare(self, examples, modality, seed=0):
        """Prepares the tricks with the data, before the first step.

        Args:
            examples: the data set, `gan_tf.data.examples.Examples`.
            modality: the `Modality` of its samples.
            seed: seed of random choices.
        """
        for trick in self.tricks:
            trick.prepare(self, examples, modality, seed)

    def _prepare_replicas(self):
        """Gives each replica its own random numbers, and finds the statistics to average."""
        for layer in self._flatten_layers():
            replicas.use_replica_seeds(layer)
        names = dict.fromkeys(each for names in self._trained_by.values() for each in names)
        trained = [layer for each in names for layer in self.networks[each]._flatten_layers()]
        norms = [each for each in trained if isinstance(each, keras.layers.BatchNormalization)]
        # Each replica computes these from its part of the batch only.
        self._statistics = [
            moving for each in norms for moving in (each.moving_mean, each.moving_variance)
        ]
        self._statistics += [each for layer in trained for each in getattr(layer, "statistics", ())]
        self._synchronized = any(each.synchronized for each in norms)


def _scaling(optimizer):
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)
