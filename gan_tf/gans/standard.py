"""The standard GAN: a generator and a discriminator, trained alternately."""

import keras
import tensorflow as tf

from gan_tf.gans import given_networks
from gan_tf.gans.base import BaseGAN
from gan_tf.gans.batch import Batch, trimmed
from gan_tf.gans.discriminator_output import as_function, model_inputs
from gan_tf.gans.game import Game
from gan_tf.latents.graph import draw_batch
from gan_tf.networks import build as networks
from gan_tf.networks.layers import Packing
from gan_tf.registry import GANS

_OF_PROBABILITIES = {"real_probability", "fake_probability", "real_accuracy", "fake_accuracy"}
_OF_LOGITS = {"real_logit", "fake_logit"}


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("standard")
class GAN(Game, BaseGAN):
    """Standard GAN (Goodfellow et al., 2014): a generator against a discriminator.

    `fit` trains both on batches of samples in [-1, 1], optionally with labels, which conditional
    networks use. Each training step updates the discriminator `discriminator_steps` times, each
    on a separate, equal part of the batch, and the generator once. The generator's update reuses
    the fakes of the last discriminator update; fakes have the labels of the corresponding reals.
    `gan(latents)`, or `gan([latents, labels])`, samples, and `gan.save("gan.keras")` saves
    weights, both optimizers and the compile arguments.

    Logged as means over the epoch: both losses, the global norms of both gradients, and, for a
    loss with `probabilistic` logits, the discriminator's probability of being real for reals and
    for fakes and its accuracy on each (at 1/2); for any other loss the mean logits, and where 0 is their
    boundary (`signed`) the mean sign of those of reals.

    Source: https://arxiv.org/abs/1406.2661, algorithm 1.

    Args:
        generator: a Keras model, functional or Sequential: (batch, latent_dim) -> (batch, ...) in
            [-1, 1]; conditional: the inputs are [latents, (batch,) int labels].
        discriminator: a Keras model, functional or Sequential: (batch, ...) -> (batch, ...) logits;
            conditional: the inputs are [samples, labels].
        seed: seed of the training latents, default 0. The random number generator is part of
            the model, with its state in `gan.random.state`.
        tricks: `gan_tf.tricks.Trick` objects or their specs, such as "ema(0.999)".
        own_networks, trained_by: for subclasses with more networks, see `BaseGAN`.
        **kwargs: for `keras.Model`.

    Example:

        architecture = DCGAN(width=64)
        gan = GAN(architecture.generator((28, 28, 1), 100), architecture.discriminator((28, 28, 1)))
        gan.compile()
        gan.fit(images, batch_size=128, epochs=10)  # float32 in [-1, 1]
        samples = gan(keras.random.normal((16, 100)))
    """

    network_names = ("generator", "discriminator")
    logged = (
        "generator_loss",
        "discriminator_loss",
        "penalty",
        "real_probability",
        "fake_probability",
        "real_accuracy",
        "fake_accuracy",
        "real_logit",
        "fake_logit",
        "real_sign",
        "generator_gradient_norm",
        "discriminator_gradient_norm",
    )
    roles = {"generator": "generator", "discriminator": "discriminator"}
    critics = ("discriminator",)
    supported = (
        "conditional",
        "semi_supervised",
        "packing",
        "penalty",
        "freeze_discriminator",
        "discriminator_steps",
        "generator_steps",
        "reject",
    )
    hooks = (
        "edit",
        "latents",
        "images",
        "reals",
        "logits",
        "discriminator_loss",
        "generator_loss",
        "penalty",
        "labels",
        "mixed_batches",
        "features",
    )
    commands = (
        "generate",
        "evaluate",
        "explore",
        "export",
        "invert",
        "anomaly",
        "restore",
        "augment",
    )

    def __init__(
        self,
        generator,
        discriminator,
        seed=0,
        tricks=(),
        own_networks=None,
        trained_by=None,
        **kwargs,
    ):
        pair = {"generator": generator, "discriminator": discriminator}
        trained_by = trained_by or {name: [name] for name in pair}
        super().__init__(own_networks or pair, trained_by, seed, tricks, self.logged, **kwargs)
        given_networks.check_outputs(generator, discriminator)
        if own_networks is None:
            self.check_pair(generator, discriminator)
        self._discriminate = as_function(discriminator, training=True)
        self._infer_discriminator = as_function(discriminator, training=False)
        packings = [each.count for each in discriminator.layers if isinstance(each, Packing)]
        self._packing = packings[0] if packings else 1
        self.conditional = len(generator.inputs) > 1
        self.build((None, *generator.inputs[0].shape[1:]))

    def check_pair(self, generator, discriminator):
        """Raises a `UserError` for networks that do not fit each other."""
        given_networks.check_pair(generator, discriminator)

    @classmethod
    def build_network(cls, name, spec, **options):
        build = {"generator": networks.generator, "discriminator": networks.discriminator}[name]
        return build(spec)

    def compile(
        self,
        generator_optimizer="adam",
        discriminator_optimizer="adam",
        loss="non_saturating",
        discriminator_steps=1,
        penalties=(),
        generator_steps=1,
        **kwargs,
    ):
        """Configures the training.

        Args:
            generator_optimizer: a `keras.optimizers.Optimizer` or a spec such as
                "adam(2e-4, beta_1=0.5)", the meaning of "adam".
            discriminator_optimizer: the same; must be another object.
            loss: an adversarial loss (see `gan_tf.losses.adversarial`) or its spec.
            discriminator_steps: discriminator updates per generator update, from 1. The
                batch is split among them, so it must divide the batch size.
            penalties: penalties on the discriminator (see `gan_tf.losses.penalties`) or their
                specs.
            generator_steps: generator updates per step, from 1, on the last part of the batch.
            **kwargs: for `keras.Model.compile`: `jit_compile`, `run_eagerly`,
                `steps_per_execution`.

        Raises:
            UserError: for a spec with an unknown name, listing the valid names; for objects of other
                types, an optimizer given twice, and networks that are frozen entirely.
            ValueError: when a number of steps is less than 1, or one that the kind does not take.
        """
        if generator_steps < 1 or (generator_steps > 1 and "generator_steps" not in self.supported):
            raise ValueError(f"{type(self).__name__} does not take {generator_steps=}")
        self.generator_steps = generator_steps
        super().compile(
            loss,
            discriminator_steps,
            penalties,
            generator_optimizer=generator_optimizer,
            discriminator_optimizer=discriminator_optimizer,
            **kwargs,
        )
        self._compile_arguments["generator_steps"] = generator_steps
        played = self.adversarial_loss
        self._unused_metrics = set(_OF_LOGITS if played.probabilistic else _OF_PROBABILITIES)
        of_tricks = {name for trick in self.tricks for name in trick.metrics}
        self._unused_metrics |= set() if played.signed else {"real_sign"} - of_tricks
        self._unused_metrics |= set() if self.penalties else {"penalty"}

    @property
    def features_shape(self):
        """The shape of the discriminator's features, without the batch axis: (n,).

        Raises:
            ValueError: when the discriminator has no layer named "features".
        """
        return tuple(self.discriminator.get_layer("features").output.shape[1:])

    def reference_inputs(self, real, labels, drawn):
        inputs = super().reference_inputs(real, labels, drawn)
        of_real = model_inputs(self.discriminator, real, labels)
        return [(self.discriminator, of_real), *inputs]

    def train_step(self, data):
        """Runs one training step; returns the means of the logged values since the epoch began."""
        *parts, last = self.split_batch(data)
        for each in parts:
            self.update_discriminator(self.generate_batch(*each))
        for update in range(self.generator_steps):
            with tf.GradientTape() as tape:
                batch = self.generate_batch(*last)
                if not update:
                    with tape.stop_recording():
                        real_output = self.update_discriminator(batch)
                loss = self.generator_loss(batch, real_output)
                scaled = self.scaled_loss("generator", loss)
            norm = self.apply("generator", tape, scaled)
            self.log(generator_loss=loss, generator_gradient_norm=norm)
        return self.end_step()

    def test_step(self, data):
        """Evaluates a batch; returns the means of the values since the evaluation began.

        Fakes are generated from latents of their own, as many as there are reals. All networks are in
        inference mode; there are no tricks and no penalties.
        """
        batch = self.generate_batch(*self.unpack(data, self._packing), training=False)
        seen = zip((batch.real, batch.fake), self.conditions(batch))
        logits = [self._infer_discriminator(*each).logits for each in seen]
        values = {
            "generator_loss": tf.add_n(self.inverse_losses(*logits)),
            "discriminator_loss": self.adversarial_loss.discriminator(*logits),
            **self.scores(*logits),
            **self.losses_of_pairs(batch),
        }
        self.log(**values)
        self.average_logs()
        return {each.name: each.result() for each in self.metrics if each.name in values}

    def losses_of_pairs(self, batch):
        """Returns the losses, by name, of a kind that has targets."""
        del batch
        return {}

    @property
    def batch_multiple(self):
        return self.discriminator_steps * self._packing

    def unpack(self, data, multiple):
        """Returns a batch's samples, and their labels or None, trimmed to a multiple of a number.

        Samples of floats are cast to Keras's floatx, float32.
        """
        samples, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        samples = trimmed(samples, multiple)
        if samples.dtype.is_floating:
            samples = tf.cast(samples, keras.config.floatx())
        if not self.conditional:
            return samples, None
        labels = trimmed(labels, multiple)
        return samples, tf.reshape(labels, (-1,)) if labels.shape.rank == 2 else labels

    def split_batch(self, data):
        """[(samples, labels or None)]: the part of the batch for each discriminator update."""
        samples, labels = self.unpack(data, self.batch_multiple)
        for trick in self.tricks:
            samples = trick.reals(self, samples)
        parts = tf.split(samples, self.discriminator_steps)
        conditions = [None] * len(parts)
        if self.conditional:
            conditions = tf.split(labels, self.discriminator_steps)
        return list(zip(parts, conditions))

    def generate_batch(self, real, labels, training=True):
        """Draws latents and generates as many fakes as reals, with the same labels."""
        drawn = draw_batch(tf.shape(real)[0], self.latent_dim, self.random)
        inputs = [drawn, labels] if self.conditional else drawn
        fake = self.generator(inputs, training=training)
        if real.dtype.is_floating:
            fake = tf.cast(fake, real.dtype)  # from mixed precision
        return Batch(real, fake, labels, drawn)

    def update_discriminator(self, batch):
        """Updates the discriminator once; returns its output on the reals before the update."""
        with tf.GradientTape() as tape:
            real, fake = self.discriminate_batch(batch)
            loss = self.discriminator_loss(batch, real, fake)
            penalty = self.penalty(batch)
            scaled = self.scaled_loss("discriminator", loss + penalty)
        norm = self.apply("discriminator", tape, scaled)
        self.log_discriminator(loss, penalty, norm, real, fake)
        return real
