"""The same networks and training in plain Keras: layers of `keras.layers`, and its Adam.

The training step is that of the Keras documentation (https://keras.io/examples/generative/cyclegan),
with one optimizer for both generators and one for both discriminators, and with the discriminators
updated first, as in gan_tf.
"""

import keras
import tensorflow as tf
from keras import layers, ops

from experiments.bench.job import PairJob
from experiments.bench.keras_training import KerasTraining
from experiments.bench.pairs.stock import instance_norm
from experiments.bench.stock import forward_flops

_SLOPE = 0.2
_HALVINGS = 2
_BLOCKS = 6  # as published for images below 256 pixels
_CYCLE, _IDENTITY = 10.0, 5.0


class CycleGAN(keras.Model):
    """Two generators, A to B and B to A, and the discriminators of B and of A."""

    def __init__(self, generators, discriminators):
        super().__init__()
        self.generators, self.discriminators = generators, discriminators

    def compile(self, generator_optimizer, discriminator_optimizer):
        super().compile(jit_compile=False)  # XLA slows convolutions down on CPUs
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        self.generator_loss = keras.metrics.Mean(name="generator_loss")
        self.discriminator_loss = keras.metrics.Mean(name="discriminator_loss")

    @property
    def metrics(self):
        return [self.generator_loss, self.discriminator_loss]

    def train_step(self, batch):
        sources = batch["image"], batch["target"]
        reals = sources[::-1]
        with tf.GradientTape() as generator_tape:
            fakes = [
                generator(each, training=True) for generator, each in zip(self.generators, sources)
            ]
            with generator_tape.stop_recording():
                discriminator_loss = self._update_discriminators(reals, fakes)
            generator_loss = 0.0
            for index in range(2):
                generator, inverse = self.generators[index], self.generators[1 - index]
                logits = self.discriminators[index](fakes[index], training=True)
                generator_loss += _squared(logits - 1)
                restored = inverse(fakes[index], training=True)
                generator_loss += _CYCLE * _distance(restored, sources[index])
                same = generator(reals[index], training=True)
                generator_loss += _IDENTITY * _distance(same, reals[index])
        variables = [each for network in self.generators for each in network.trainable_variables]
        gradients = generator_tape.gradient(generator_loss, variables)
        self.generator_optimizer.apply(gradients, variables)
        self.generator_loss.update_state(generator_loss)
        self.discriminator_loss.update_state(discriminator_loss / 2)
        return {each.name: each.result() for each in self.metrics}

    def _update_discriminators(self, reals, fakes):
        with tf.GradientTape() as tape:
            loss = 0.0
            for discriminator, real, fake in zip(self.discriminators, reals, fakes):
                loss += _squared(discriminator(real, training=True) - 1)
                loss += _squared(discriminator(fake, training=True))
        variables = [
            each for network in self.discriminators for each in network.trainable_variables
        ]
        self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss


class Training(KerasTraining):
    """The model that a reader of the documentation trains."""

    job_type = PairJob

    def build(self, job):
        generators = [translator(job) for _ in range(2)]
        gan = CycleGAN(generators, [patchgan(job) for _ in range(2)])
        gan.compile(*(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)))
        return gan

    def trained(self):
        return [*self.model.generators, *self.model.discriminators]

    def flops(self):
        """Returns the FLOP of a training step, of layers with matrices, as in `step_flops`.

        With G and D of a generator and a discriminator, g and d of their first layers: each generator
        translates, restores and keeps images, 3 G, with gradients by weights, 3 G, and by inputs except
        those that are given, 3 G - 2 g; each discriminator costs 8 D - 2 d.
        """
        of_generator = forward_flops(self.model.generators[0])
        of_discriminator = forward_flops(self.model.discriminators[0])
        one = 9 * sum(of_generator) - 2 * of_generator[0]
        one += 8 * sum(of_discriminator) - 2 * of_discriminator[0]
        return self.job.batch_size * 2 * one


class ReflectionPadding(layers.Layer):
    """Pads maps by reflection."""

    def __init__(self, pixels):
        super().__init__()
        self.pixels = pixels

    def call(self, inputs):
        edges = [self.pixels] * 2
        return ops.pad(inputs, [[0, 0], edges, edges, [0, 0]], mode="reflect")


def translator(job):
    """Returns CycleGAN's generator, with six residual blocks and instance normalization."""
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02), "use_bias": False}

    def normalized(x, filters, kernel):
        x = ReflectionPadding(kernel // 2)(x)
        return instance_norm(layers.Conv2D(filters, kernel, **normal)(x))

    source = keras.Input(job.source_shape)
    x = layers.ReLU()(normalized(source, job.width, 7))
    for level in range(_HALVINGS):
        x = layers.Conv2D(job.width * 2 ** (level + 1), 3, 2, "same", **normal)(x)
        x = layers.ReLU()(instance_norm(x))
    for _ in range(_BLOCKS):
        inside = layers.ReLU()(normalized(x, x.shape[-1], 3))
        x = layers.Add()([x, normalized(inside, x.shape[-1], 3)])
    for level in reversed(range(_HALVINGS)):
        x = layers.Conv2DTranspose(job.width * 2**level, 3, 2, "same", **normal)(x)
        x = layers.ReLU()(instance_norm(x))
    last = layers.Conv2D(job.image_shape[-1], 7, **normal | {"use_bias": True})
    return keras.Model(
        source, layers.Activation("tanh", dtype="float32")(last(ReflectionPadding(3)(x)))
    )


def patchgan(job):
    """Returns a PatchGAN of two layers: images -> logits."""
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
    images = keras.Input(job.image_shape)
    x = layers.LeakyReLU(_SLOPE)(layers.Conv2D(job.width, 4, 2, "same", **normal)(images))
    x = layers.Conv2D(2 * job.width, 4, 2, "same", use_bias=False, **normal)(x)
    x = layers.ZeroPadding2D(1)(layers.LeakyReLU(_SLOPE)(instance_norm(x)))
    x = layers.Conv2D(4 * job.width, 4, use_bias=False, **normal)(x)
    x = layers.ZeroPadding2D(1)(layers.LeakyReLU(_SLOPE)(instance_norm(x)))
    x = layers.Conv2D(1, 4, **normal)(x)
    return keras.Model(images, layers.Activation("linear", dtype="float32")(x))


def _squared(values):
    return ops.mean(ops.square(values)) / 2


def _distance(first, second):
    return ops.mean(ops.abs(first - second))
