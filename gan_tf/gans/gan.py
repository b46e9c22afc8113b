"""The standard GAN: a generator and a discriminator in alternating steps."""

import keras
import tensorflow as tf

from gan_tf.registries import LOSSES, OPTIMIZERS

_METRICS = (
    "generator_loss",
    "discriminator_loss",
    "real_probability",
    "fake_probability",
    "real_accuracy",
    "fake_accuracy",
    "generator_gradient_norm",
    "discriminator_gradient_norm",
)


@keras.saving.register_keras_serializable("gan_tf")
class GAN(keras.Model):
    """A generator and a discriminator that play a min-max game.

    `fit` trains both on batches of images in [-1, 1]; labels beside them are accepted
    and not used. Each training step makes `discriminator_steps` updates of the
    discriminator, each on its own equal part of the batch, and one of the generator
    (Goodfellow et al., 2014, algorithm 1). The fakes of the last discriminator update
    serve the generator's update too. `gan(latents)` samples images, and
    `gan.save("gan.keras")` keeps weights, both optimizers and the compile arguments.

    Logged as means over the epoch: both losses, the probability of being real that the
    discriminator gives to reals and to fakes, its accuracy on each (at 1/2), and the
    global norms of both gradients.

    Args:
        generator: a Keras model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1].
        discriminator: a Keras model: (batch, H, W, C) -> (batch, ...) logits.
        seed: seed of the training latents, default 0. The generator of random numbers is
            part of the model: `gan.random.state` holds where it is.
        **kwargs: for `keras.Model`.

    Example:

        architecture = DCGAN(width=64)
        gan = GAN(architecture.generator((28, 28, 1), 100), architecture.discriminator((28, 28, 1)))
        gan.compile()
        gan.fit(images.astype("float32") / 127.5 - 1, batch_size=128, epochs=10)
        samples = gan(keras.random.normal((16, 100)))
    """

    def __init__(self, generator, discriminator, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.seed = seed
        self.random = keras.random.SeedGenerator(seed)
        self.latent_dim = generator.input_shape[-1]
        self.step = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name="step"
        )
        self._logged = {name: keras.metrics.Mean(name=name) for name in _METRICS}
        self.build((None, self.latent_dim))

    def build(self, input_shape):
        """The networks come built; only this model's own state is left to mark so."""
        self.built = True

    @property
    def metrics(self):
        return list(self._logged.values())

    def compile(
        self,
        generator_optimizer="adam",
        discriminator_optimizer="adam",
        loss="non_saturating",
        discriminator_steps=1,
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
            **kwargs,
        }
        self.generator_optimizer = _built(OPTIMIZERS, generator_optimizer)
        self.discriminator_optimizer = _built(OPTIMIZERS, discriminator_optimizer)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.adversarial_loss = _built(LOSSES, loss)
        self.discriminator_steps = discriminator_steps

    def call(self, latents, training=False):
        """Generates images: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]."""
        return self.generator(latents, training=training)

    def train_step(self, data):
        """Plays one round; returns the means of the logged values since the epoch began."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        parts = tf.split(images, self.discriminator_steps)
        for real in parts[:-1]:
            fake = self.generator(self._latents(tf.shape(real)[0]), training=True)
            self._update_discriminator(real, fake)
        real = parts[-1]
        with tf.GradientTape() as tape:
            fake = self.generator(self._latents(tf.shape(real)[0]), training=True)
            with tape.stop_recording():
                real_logits = self._update_discriminator(real, fake)
            fake_logits = self.discriminator(fake, training=True)
            loss = tf.reduce_mean(self.adversarial_loss.generator(fake_logits, real_logits))
            scaled = self.generator_optimizer.scale_loss(loss)
        norm = self._apply(tape, scaled, self.generator, self.generator_optimizer)
        self._log(generator_loss=loss, generator_gradient_norm=norm)
        self.step.assign_add(1)
        return {name: metric.result() for name, metric in self._logged.items()}

    def _update_discriminator(self, real, fake):
        """One discriminator update; returns the logits of the reals from before it."""
        with tf.GradientTape() as tape:
            # Reals and fakes in batches of their own, so that batch normalization does not
            # mix their statistics (Chintala et al., "How to train a GAN", hack 4).
            real_logits = self.discriminator(real, training=True)
            fake_logits = self.discriminator(fake, training=True)
            loss = tf.reduce_mean(self.adversarial_loss.discriminator(real_logits, fake_logits))
            scaled = self.discriminator_optimizer.scale_loss(loss)
        norm = self._apply(tape, scaled, self.discriminator, self.discriminator_optimizer)
        self._log(
            discriminator_loss=loss,
            discriminator_gradient_norm=norm,
            real_probability=tf.sigmoid(real_logits),
            fake_probability=tf.sigmoid(fake_logits),
            real_accuracy=real_logits > 0,
            fake_accuracy=fake_logits < 0,
        )
        return real_logits

    def _apply(self, tape, loss, network, optimizer):
        """Applies the gradients of a scaled loss; returns the unscaled global norm."""
        variables = network.trainable_variables
        gradients = tape.gradient(loss, variables)
        scale = optimizer.scale_loss(tf.ones((), loss.dtype))
        optimizer.apply(gradients, variables)
        return tf.linalg.global_norm(gradients) / scale

    def _latents(self, count):
        return keras.random.normal((count, self.latent_dim), seed=self.random)

    def _log(self, **values):
        for name, value in values.items():
            self._logged[name].update_state(value)

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
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        networks = {
            name: keras.saving.deserialize_keras_object(config.pop(name))
            for name in ("generator", "discriminator")
        }
        return cls(**networks, **config)

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
