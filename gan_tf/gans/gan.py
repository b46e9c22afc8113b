"""The standard GAN: a generator and a discriminator in alternating steps."""

import keras
import tensorflow as tf

from gan_tf.registries import LOSSES, OPTIMIZERS, PENALTIES, TRICKS

_METRICS = (
    "generator_loss",
    "discriminator_loss",
    "penalty",
    "real_probability",
    "fake_probability",
    "real_accuracy",
    "fake_accuracy",
    "real_logit",
    "fake_logit",
    "generator_gradient_norm",
    "discriminator_gradient_norm",
)
_OF_PROBABILITIES = {"real_probability", "fake_probability", "real_accuracy", "fake_accuracy"}
_OF_LOGITS = {"real_logit", "fake_logit"}


@keras.saving.register_keras_serializable("gan_tf")
class GAN(keras.Model):
    """A generator and a discriminator that play a min-max game.

    `fit` trains both on batches of images in [-1, 1], and of labels beside them, which are
    used where the networks are conditional. Each training step makes `discriminator_steps`
    updates of the discriminator, each on its own equal part of the batch, and one of the
    generator (Goodfellow et al., 2014, algorithm 1). The fakes of the last discriminator
    update serve the generator's update too; fakes have the labels of the reals beside them.
    `gan(latents)`, or `gan([latents, labels])`, samples images, and `gan.save("gan.keras")`
    keeps weights, both optimizers and the compile arguments.

    Logged as means over the epoch: both losses, the global norms of both gradients, and,
    for a loss whose logits stand for probabilities, the probability of being real that the
    discriminator gives to reals and to fakes and its accuracy on each (at 1/2); for any
    other the mean logits.

    Args:
        generator: a Keras model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1];
            conditional: of [latents, (batch,) int labels].
        discriminator: a Keras model: (batch, H, W, C) -> (batch, ...) logits;
            conditional: of [images, labels].
        seed: seed of the training latents, default 0. The generator of random numbers is
            part of the model: `gan.random.state` holds where it is.
        tricks: `gan_tf.tricks.Trick` objects or their specs, such as "ema(0.999)".
        **kwargs: for `keras.Model`.

    Attributes:
        networks: {name: keras.Model} of all networks, those that tricks add included.
        sampler: the generator that samples are drawn from.

    Example:

        architecture = DCGAN(width=64)
        gan = GAN(architecture.generator((28, 28, 1), 100), architecture.discriminator((28, 28, 1)))
        gan.compile()
        gan.fit(images.astype("float32") / 127.5 - 1, batch_size=128, epochs=10)
        samples = gan(keras.random.normal((16, 100)))
    """

    def __init__(self, generator, discriminator, seed=0, tricks=(), **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.seed = seed
        self.random = keras.random.SeedGenerator(seed)
        self.latent_dim = generator.inputs[0].shape[-1]
        self.conditional = len(generator.inputs) > 1
        self.step = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name="step"
        )
        self.networks = {"generator": generator, "discriminator": discriminator}
        self.tricks = [_built(TRICKS, each) for each in tricks]
        for trick in self.tricks:
            trick.attach(self)
        samplers = [each.sampler for each in self.tricks if each.sampler != "generator"]
        self.sampler = self.networks[(samplers or ["generator"])[-1]]
        self._metrics_by_name = {name: keras.metrics.Mean(name=name) for name in _METRICS}
        self._unused_metrics = set()
        self.build((None, self.latent_dim))

    def build(self, input_shape):
        """The networks come built; only this model's own state is left to mark so."""
        self.built = True

    @property
    def metrics(self):
        named = self._metrics_by_name.items()
        return [metric for name, metric in named if name not in self._unused_metrics]

    def compile(
        self,
        generator_optimizer="adam",
        discriminator_optimizer="adam",
        loss="non_saturating",
        discriminator_steps=1,
        penalties=(),
        **kwargs,
    ):
        """Sets how the game is played.

        Args:
            generator_optimizer: a `keras.optimizers.Optimizer` or a spec such as
                "adam(2e-4, beta_1=0.5)", which is what "adam" means.
            discriminator_optimizer: likewise; not the same object.
            loss: an adversarial loss (see `gan_tf.losses`) or its spec.
            discriminator_steps: discriminator updates per generator update, from 1. The
                batch is split among them, so its size must be a multiple.
            penalties: penalties on the discriminator (see `gan_tf.penalties`) or their specs.
            **kwargs: for `keras.Model.compile`: `jit_compile`, `run_eagerly`,
                `steps_per_execution`.

        Raises:
            UserError: when a spec names nothing, with the names there are.
            ValueError: when `discriminator_steps` is less than 1.
        """
        if discriminator_steps < 1:
            raise ValueError(f"discriminator_steps is {discriminator_steps}: it must be 1 or more")
        kwargs.setdefault("jit_compile", False)  # XLA slows convolutions down on CPUs.
        super().compile(**kwargs)
        self._compile_arguments = {
            "generator_optimizer": generator_optimizer,
            "discriminator_optimizer": discriminator_optimizer,
            "loss": loss,
            "discriminator_steps": discriminator_steps,
            "penalties": list(penalties),
            **kwargs,
        }
        self.penalties = [_built(PENALTIES, each) for each in penalties]
        for penalty in self.penalties:
            penalty.constrain(self.discriminator)
        self.generator_optimizer = _built(OPTIMIZERS, generator_optimizer)
        self.discriminator_optimizer = _built(OPTIMIZERS, discriminator_optimizer)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.adversarial_loss = _built(LOSSES, loss)
        self.discriminator_steps = discriminator_steps
        probabilistic = self.adversarial_loss.probabilistic
        self._unused_metrics = set(_OF_LOGITS if probabilistic else _OF_PROBABILITIES)
        if not self.penalties:
            self._unused_metrics.add("penalty")

    def call(self, inputs, training=False):
        """Generates images: latents, or [latents, labels] -> (batch, H, W, C) in [-1, 1]."""
        return self.sampler(inputs, training=training)

    def train_step(self, data):
        """Plays one round; returns the means of the logged values since the epoch began."""
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        parts = tf.split(images, self.discriminator_steps)
        conditions = [None] * len(parts)
        if self.conditional:
            conditions = tf.split(labels, self.discriminator_steps)
        for real, labels in zip(parts[:-1], conditions):
            self._update_discriminator(real, self._generate(labels, tf.shape(real)[0]), labels)
        real, labels = parts[-1], conditions[-1]
        with tf.GradientTape() as tape:
            fake = self._generate(labels, tf.shape(real)[0])
            with tape.stop_recording():
                real_logits = self._update_discriminator(real, fake, labels)
            fake_logits = self._critic(labels)(fake)
            loss = tf.reduce_mean(self.adversarial_loss.generator(fake_logits, real_logits))
            scaled = self.generator_optimizer.scale_loss(loss)
        norm = self._apply(tape, scaled, self.generator, self.generator_optimizer)
        self._log(generator_loss=loss, generator_gradient_norm=norm)
        self.step.assign_add(1)
        for trick in self.tricks:
            trick.after_step(self)
        return {metric.name: metric.result() for metric in self.metrics}

    def _update_discriminator(self, real, fake, labels):
        """One discriminator update; returns the logits of the reals from before it."""
        critic = self._critic(labels)
        with tf.GradientTape() as tape:
            # Reals and fakes in batches of their own, so that batch normalization does not
            # mix their statistics (Chintala et al., "How to train a GAN", hack 4).
            real_logits, fake_logits = critic(real), critic(fake)
            loss = tf.reduce_mean(self.adversarial_loss.discriminator(real_logits, fake_logits))
            penalties = [each(critic, real, fake, self.random) for each in self.penalties]
            scaled = self.discriminator_optimizer.scale_loss(tf.add_n([loss, *penalties]))
        norm = self._apply(tape, scaled, self.discriminator, self.discriminator_optimizer)
        self._log(discriminator_loss=loss, discriminator_gradient_norm=norm)
        self._log(
            penalty=tf.add_n([0.0, *penalties]),
            real_probability=tf.sigmoid(real_logits),
            fake_probability=tf.sigmoid(fake_logits),
            real_accuracy=real_logits > 0,
            fake_accuracy=fake_logits < 0,
            real_logit=real_logits,
            fake_logit=fake_logits,
        )
        return real_logits

    def _generate(self, labels, count):
        """Draws latents and generates `count` fakes, of these labels where it is conditional."""
        latents = keras.random.normal((count, self.latent_dim), seed=self.random)
        inputs = [latents, labels] if self.conditional else latents
        return self.generator(inputs, training=True)

    def _critic(self, labels):
        """The discriminator as a function of images alone."""

        def critic(images):
            inputs = [images, labels] if self.conditional else images
            return self.discriminator(inputs, training=True)

        return critic

    def _apply(self, tape, loss, network, optimizer):
        """Applies the gradients of a scaled loss; returns the unscaled global norm."""
        variables = network.trainable_variables
        gradients = tape.gradient(loss, variables)
        scale = optimizer.scale_loss(tf.ones((), loss.dtype))
        optimizer.apply(gradients, variables)
        return tf.linalg.global_norm(gradients) / scale

    def _log(self, **values):
        for name, value in values.items():
            if name not in self._unused_metrics:
                self._metrics_by_name[name].update_state(value)

    def save_own_variables(self, store):
        store["step"] = self.step.numpy()
        store["random_state"] = self.random.state.numpy()

    def load_own_variables(self, store):
        self.step.assign(store["step"])
        self.random.state.assign(store["random_state"])

    def get_config(self):
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "seed": self.seed,
            "tricks": keras.saving.serialize_keras_object(self.tricks),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        parts = {
            name: keras.saving.deserialize_keras_object(config.pop(name))
            for name in ("generator", "discriminator", "tricks")
        }
        return cls(**parts, **config)

    def get_compile_config(self):
        if not self.compiled:
            return None
        return keras.saving.serialize_keras_object(
            self._compile_arguments
            | {
                "generator_optimizer": self.generator_optimizer,
                "discriminator_optimizer": self.discriminator_optimizer,
            }
        )

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))


def _built(registry, item):
    return registry.build(item) if isinstance(item, str) else item
