"""The standard GAN: a generator and a discriminator in alternating steps."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.gans.batch import Judgement, Play, judge_of
from gan_tf.networks.layers import Packing
from gan_tf.registry import LOSSES, OPTIMIZERS, PENALTIES, TRICKS
from gan_tf.runtime import replicas

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
        judges: the networks that are trained with the discriminator, which is the first.
        sampler: the generator that samples are drawn from.
        learning_rate_scale: a variable by which both learning rates are multiplied, see
            `scale_learning_rates`.

    Example:

        architecture = DCGAN(width=64)
        gan = GAN(architecture.generator((28, 28, 1), 100), architecture.discriminator((28, 28, 1)))
        gan.compile()
        gan.fit(Image().to_network(images), batch_size=128, epochs=10)
        samples = gan(keras.random.normal((16, 100)))
    """

    def __init__(self, generator, discriminator, seed=0, tricks=(), **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.seed = seed
        self.random = replicas.SeedGenerator(seed)
        self.latent_dim = generator.inputs[0].shape[-1]
        self.conditional = len(generator.inputs) > 1
        self.step = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False, name="step"
        )
        self.learning_rate_scale = self.add_weight(
            shape=(), initializer="ones", trainable=False, name="learning_rate_scale"
        )
        self.networks = {"generator": generator, "discriminator": discriminator}
        self.judges = [discriminator]
        self._judge = judge_of(discriminator)
        packings = [each.count for each in discriminator.layers if isinstance(each, Packing)]
        self._packing = packings[0] if packings else 1
        self.tricks = [_built(TRICKS, each) for each in tricks]
        for trick in self.tricks:
            trick.attach(self)
        samplers = [each.sampler for each in self.tricks if each.sampler != "generator"]
        self.sampler = self.networks[(samplers or ["generator"])[-1]]
        names = [*_METRICS, *(name for trick in self.tricks for name in trick.metrics)]
        self._metrics_by_name = {name: replicas.Mean(name=name) for name in names}
        self._unused_metrics = set()
        for layer in self._flatten_layers():
            replicas.spread(layer)
        trained = [layer for each in (generator, *self.judges) for layer in each._flatten_layers()]
        norms = [each for each in trained if isinstance(each, keras.layers.BatchNormalization)]
        # Which each replica would know of its part of the batch alone.
        self._statistics = [
            moving for each in norms for moving in (each.moving_mean, each.moving_variance)
        ]
        self._synchronized = any(each.synchronized for each in norms)
        self.build((None, self.latent_dim))

    def build(self, input_shape):
        """The networks come built; only this model's own state is left to mark so."""
        self.built = True

    def _maybe_symbolic_build(self, **_):
        """Nothing: with a strategy `fit` would try the model on a batch, and fail with workers."""

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
            loss: an adversarial loss (see `gan_tf.losses.adversarial`) or its spec.
            discriminator_steps: discriminator updates per generator update, from 1. The
                batch is split among them, so its size must be a multiple.
            penalties: penalties on the discriminator (see `gan_tf.losses.penalties`) or their specs.
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
        for trick in self.tricks:
            trick.compiled(self)
        if keras.config.dtype_policy().compute_dtype == "float16":  # small gradients would vanish
            self.generator_optimizer = _scaling(self.generator_optimizer)
            self.discriminator_optimizer = _scaling(self.discriminator_optimizer)
        optimizers = (self.generator_optimizer, self.discriminator_optimizer)
        self._learning_rates = [
            float(keras.ops.convert_to_numpy(each.learning_rate)) for each in optimizers
        ]
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self._judge_variables)
        for optimizer in optimizers:
            replicas.leave_gradients(optimizer)
        self.adversarial_loss = _built(LOSSES, loss)
        self.discriminator_steps = discriminator_steps
        probabilistic = self.adversarial_loss.probabilistic
        self._unused_metrics = set(_OF_LOGITS if probabilistic else _OF_PROBABILITIES)
        if not self.penalties:
            self._unused_metrics.add("penalty")

    def set_learning_rates(self, factor=1.0):
        """Sets both learning rates to those of `compile` times `learning_rate_scale` and factor."""
        optimizers = (self.generator_optimizer, self.discriminator_optimizer)
        for optimizer, rate in zip(optimizers, self._learning_rates):
            optimizer.learning_rate.assign(rate * self.learning_rate_scale * factor)

    def scale_learning_rates(self, scale):
        """Makes both learning rates, now and later, `scale` times what they would have been."""
        for optimizer in (self.generator_optimizer, self.discriminator_optimizer):
            rate = optimizer.learning_rate
            if hasattr(rate, "assign"):  # and is no schedule
                rate.assign(rate / self.learning_rate_scale * scale)
        self.learning_rate_scale.assign(scale)

    @property
    def steps_made(self):
        """How many training steps have been made, an int."""
        return int(self.step.numpy())

    @property
    def features_shape(self):
        """The shape of the discriminator's features, without the batch: (n,).

        Raises:
            ValueError: when the discriminator has no layer named "features".
        """
        return tuple(self.discriminator.get_layer("features").output.shape[1:])

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
            self._update_discriminator(self._deal(real, labels))
        with tf.GradientTape() as tape:
            play = self._deal(parts[-1], conditions[-1])
            with tape.stop_recording():
                of_real = self._update_discriminator(play)
            of_fake = self.judge(play.fake, play.labels)
            play = dataclasses.replace(play, of_real=of_real, of_fake=of_fake)
            loss = self.adversarial_loss.generator(of_fake.logits, of_real.logits)
            loss = tf.reduce_mean(loss)
            for trick in self.tricks:
                loss = trick.generator_loss(self, loss, play)
            scaled = self.generator_optimizer.scale_loss(loss)
        variables = self.generator.trainable_variables
        norm = self._apply(tape, scaled, variables, self.generator_optimizer)
        self.log(generator_loss=loss, generator_gradient_norm=norm)
        self.step.assign_add(1)
        replicas.share(self._statistics)
        for trick in self.tricks:
            trick.after_step(self)
        return replicas.reported({each.name: each.result() for each in self.metrics})

    def _deal(self, real, labels):
        """Draws latents and generates as many fakes as there are reals, of the same labels."""
        latents = keras.random.normal((tf.shape(real)[0], self.latent_dim), seed=self.random)
        inputs = [latents, labels] if self.conditional else latents
        return Play(real, self.generator(inputs, training=True), labels, latents)

    def judge(self, images, labels=None):
        """Returns the `Judgement` of images (batch, H, W, C) that the tricks have changed."""
        for trick in self.tricks:
            images = trick.images(self, images)
        return self._judge(images, labels)

    def _judge_both(self, play):
        """The judgements of reals and fakes."""
        if not any(each.mixes_batches for each in self.tricks):
            # In batches of their own, so that batch normalization does not mix their
            # statistics (Chintala et al., "How to train a GAN", hack 4).
            return self.judge(play.real, play.labels), self.judge(play.fake, play.labels)
        labels = None if play.labels is None else tf.concat([play.labels, play.labels], 0)
        both = self.judge(tf.concat([play.real, play.fake], 0), labels)
        halves = {
            name: [None, None] if value is None else tf.split(value, 2)
            for name, value in vars(both).items()
        }
        return [Judgement(**{name: each[i] for name, each in halves.items()}) for i in (0, 1)]

    def _update_discriminator(self, play):
        """One discriminator update; returns the `Judgement` of the reals from before it."""
        with tf.GradientTape() as tape:
            of_real, of_fake = self._judge_both(play)
            real_logits, fake_logits = of_real.logits, of_fake.logits
            for trick in self.tricks:
                real_logits, fake_logits = trick.logits(self, real_logits, fake_logits)
            loss = tf.reduce_mean(self.adversarial_loss.discriminator(real_logits, fake_logits))
            told = dataclasses.replace(
                play,
                of_real=dataclasses.replace(of_real, logits=real_logits),
                of_fake=dataclasses.replace(of_fake, logits=fake_logits),
            )
            for trick in self.tricks:
                loss = trick.discriminator_loss(self, loss, told)
            penalty = tf.add_n([0.0, *(self._penalty(each, play) for each in self.penalties)])
            scaled = self.discriminator_optimizer.scale_loss(loss + penalty)
        norm = self._apply(tape, scaled, self._judge_variables, self.discriminator_optimizer)
        self.log(
            discriminator_loss=loss,
            discriminator_gradient_norm=norm,
            penalty=penalty,
            real_probability=tf.sigmoid(of_real.logits),
            fake_probability=tf.sigmoid(of_fake.logits),
            real_accuracy=of_real.logits > 0,
            fake_accuracy=of_fake.logits < 0,
            real_logit=of_real.logits,
            fake_logit=of_fake.logits,
        )
        return of_real

    def _penalty(self, penalty, play):
        """The value of a penalty, which is 0 in the steps in which it is not due."""

        def due():
            value = penalty(critic, play.real, play.fake, self.random)
            return penalty.every * tf.convert_to_tensor(value, tf.float32)

        def critic(images):
            return self.judge(images, play.labels).logits

        critic.packing = self._packing
        if penalty.every == 1:
            return due()
        is_due = self.step % penalty.every == 0
        if self._synchronized and replicas.replicas() > 1:
            # Replicas cannot wait for each other in a branch, so it is computed and left out.
            before = [tf.convert_to_tensor(each) for each in self._statistics]
            value = tf.where(is_due, due(), 0.0)
            for moving, kept in zip(self._statistics, before):
                moving.assign(tf.where(is_due, moving, kept))
            return value
        return tf.cond(is_due, due, lambda: 0.0)

    @property
    def _judge_variables(self):
        return [variable for judge in self.judges for variable in judge.trainable_variables]

    def _apply(self, tape, loss, variables, optimizer):
        """Applies the gradients of a scaled loss; returns the unscaled global norm."""
        gradients = replicas.mean_gradients(tape.gradient(loss, variables))
        scale = optimizer.scale_loss(tf.ones((), loss.dtype))
        optimizer.apply(gradients, variables)
        norm = tf.linalg.global_norm(gradients) / scale
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            # It makes no step where its scale was too great, and tries a smaller one.
            norm = tf.where(tf.math.is_finite(norm), norm, 0.0)
        return norm

    def log(self, **values):
        """Adds values to the logged means, those of `metrics` of the tricks included."""
        values = {each: values[each] for each in values if each not in self._unused_metrics}
        if replicas.replicas() > 1:
            means = [tf.reduce_mean(tf.cast(each, tf.float32)) for each in values.values()]
            values = dict(zip(values, tf.unstack(replicas.mean(tf.stack(means)))))
        for name, value in values.items():
            self._metrics_by_name[name].update_state(value)

    def save_own_variables(self, store):
        store["step"] = self.step.numpy()
        store["random_state"] = self.random.state.numpy()
        store["learning_rate_scale"] = self.learning_rate_scale.numpy()

    def load_own_variables(self, store):
        self.step.assign(store["step"])
        self.random.state.assign(store["random_state"])
        self.learning_rate_scale.assign(store["learning_rate_scale"])

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
        optimizers = {
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        config = keras.saving.serialize_keras_object(self._compile_arguments | optimizers)
        for name, rate in zip(optimizers, self._learning_rates):
            if isinstance(config[name]["config"]["learning_rate"], float):  # and no schedule
                config[name]["config"]["learning_rate"] = rate
        return config

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))


def _scaling(optimizer):
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)


def _built(registry, item):
    return registry.build(item) if isinstance(item, str) else item
