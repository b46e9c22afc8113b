"""The same networks and training in plain Keras, following its documentation.

Layers of `keras.layers` only, `keras.optimizers.Adam`, and a `keras.Model` with a `train_step` like
that of https://keras.io/examples/generative/dcgan_overriding_train_step, but with the batch of fakes
used for both updates and reals and fakes scored in separate batches, as in gan_tf.
"""

import math
import time

import keras
import tensorflow as tf
import tensorflow_datasets as tfds
from keras import layers, ops

from experiments.bench.job import Job, map_sizes
from experiments.bench.keras_training import KerasTraining

_SLOPE = 0.2


class GAN(keras.Model):
    """A generator and a discriminator; one update of each in a training step."""

    def __init__(self, generator, discriminator, latent_dim=None):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.latent_dim = latent_dim
        self.seed_generator = keras.random.SeedGenerator(0)

    def compile(self, generator_optimizer, discriminator_optimizer, loss):
        super().compile(jit_compile=False)  # XLA slows convolutions down on CPUs
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        self.loss_fn = loss
        self.generator_loss = keras.metrics.Mean(name="generator_loss")
        self.discriminator_loss = keras.metrics.Mean(name="discriminator_loss")

    @property
    def metrics(self):
        return [self.generator_loss, self.discriminator_loss]

    def real(self, batch):
        """Returns the real images of a batch."""
        return batch

    def generate(self, batch):
        """Returns as many generated images."""
        latents = keras.random.normal(
            (ops.shape(batch)[0], self.latent_dim), seed=self.seed_generator
        )
        return self.generator(latents, training=True)

    def discriminate(self, images, batch):
        """Returns the discriminator's logits for images."""
        return self.discriminator(images, training=True)

    def content_loss(self, fake, batch):
        """Returns what is added to the generator's adversarial loss."""
        return 0.0

    def train_step(self, batch):
        with tf.GradientTape() as generator_tape:
            fake = self.generate(batch)
            with generator_tape.stop_recording(), tf.GradientTape() as tape:
                of_real = self.discriminate(self.real(batch), batch)
                of_fake = self.discriminate(fake, batch)
                discriminator_loss = self.loss_fn(ops.ones_like(of_real), of_real)
                discriminator_loss += self.loss_fn(ops.zeros_like(of_fake), of_fake)
            with generator_tape.stop_recording():
                variables = self.discriminator.trainable_variables
                gradients = tape.gradient(discriminator_loss, variables)
                self.discriminator_optimizer.apply(gradients, variables)
            of_fake = self.discriminate(fake, batch)
            generator_loss = self.loss_fn(ops.ones_like(of_fake), of_fake)
            generator_loss += self.content_loss(fake, batch)
        variables = self.generator.trainable_variables
        gradients = generator_tape.gradient(generator_loss, variables)
        self.generator_optimizer.apply(gradients, variables)
        self.generator_loss.update_state(generator_loss)
        self.discriminator_loss.update_state(discriminator_loss)
        return {each.name: each.result() for each in self.metrics}


class Training(KerasTraining):
    """The model that a reader of the Keras documentation trains."""

    def build(self, job):
        generator, discriminator = networks(job)
        gan = GAN(generator, discriminator, job.latent_dim)
        gan.compile(
            keras.optimizers.Adam(2e-4, beta_1=0.5),
            keras.optimizers.Adam(2e-4, beta_1=0.5),
            keras.losses.BinaryCrossentropy(from_logits=True),
        )
        return gan

    def flops(self):
        """Returns the FLOP of a training step; see `step_flops`."""
        return self.job.batch_size * step_flops(self.model.generator, self.model.discriminator)


class Sampling:
    """A plain generator.

    Args:
        way: "predict", over all latents at once, or "call", a batch at a time, not compiled.
        **job: of a `Job`.
    """

    def __init__(self, way, **job):
        self.way = way
        self.job = Job(**job)
        keras.config.set_dtype_policy(self.job.precision)
        self.generator, _ = networks(self.job)
        self.sample(2)

    def sample(self, batches):
        """Generates batches of images in [-1, 1]; returns how many seconds it took."""
        size = self.job.batch_size
        began = time.perf_counter()
        latents = keras.random.normal((batches * size, self.job.latent_dim))
        if self.way == "predict":
            self.generator.predict(latents, batch_size=size, verbose=0)
        else:
            for start in range(0, batches * size, size):
                self.generator(latents[start : start + size], training=False).numpy()
        return time.perf_counter() - began


class Feed:
    """A pipeline following the documentation of TensorFlow Datasets.

    See https://www.tensorflow.org/datasets/keras_example: decoded and scaled in parallel, cached,
    shuffled, batched, prefetched. The first epoch, which fills the cache, is not timed.

    Args:
        dataset: its name.
        image_size: in pixels.
        batch_size: images per batch.
    """

    def __init__(self, dataset, image_size, batch_size):
        def prepare(example):
            image = tf.cast(example["image"], tf.float32)
            if image_size != 28:
                image = tf.image.resize_with_crop_or_pad(image, 178, 178)
                image = tf.image.resize(image, (image_size, image_size), antialias=True)
            return image / 127.5 - 1

        images, facts = tfds.load(dataset, split="train", shuffle_files=True, with_info=True)
        count = facts.splits["train"].num_examples
        images = images.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).cache().shuffle(count)
        batches = images.batch(batch_size, drop_remainder=True).repeat().prefetch(tf.data.AUTOTUNE)
        self.iterator = iter(batches)
        self.read(count // batch_size)

    def read(self, batches):
        """Reads batches; returns how many seconds it took."""
        began = time.perf_counter()
        for _ in range(batches):
            next(self.iterator)
        return time.perf_counter() - began


def networks(job):
    """Returns the generator and the discriminator of a `Job`."""
    return _dcgan(job) if job.arch == "dcgan" else _mlp(job)


def step_flops(generator, discriminator):
    """Counts the floating-point operations of a training step, per image.

    Of layers with matrices alone; a product and its sum are two. Forward, F is

        dense: 2 * inputs * outputs
        convolution: 2 * kernel height * kernel width * input channels * output channels
            * positions of the output; transposed: * positions of the input

    summed over the layers. A gradient by the weights costs F again, one by the inputs too. Let
    G and D be the sums of the networks, g and d those of their first layers, whose inputs
    need no gradient. Then a step is

        the fakes                                         G
        the discriminator of reals and of fakes           2 D
        its gradients by weights and inputs               2 (2 D - d)
        the discriminator of fakes, after its update      D
        its gradient by the inputs, to the fakes          D
        the generator's gradients                         2 G - g

    which is 3 G + 8 D - 2 d - g.
    """
    of_generator, of_discriminator = forward_flops(generator), forward_flops(discriminator)
    return (
        3 * sum(of_generator)
        + 8 * sum(of_discriminator)
        - 2 * of_discriminator[0]
        - of_generator[0]
    )


def forward_flops(network):
    """Returns the FLOP of each layer with a matrix, for one image."""
    found = []
    for layer in network.layers:
        if isinstance(layer, layers.Dense):
            found.append(2 * math.prod(layer.kernel.shape))
        elif isinstance(layer, layers.Conv2DTranspose):
            found.append(2 * math.prod(layer.kernel.shape) * math.prod(layer.input.shape[1:3]))
        elif isinstance(layer, layers.Conv2D):
            found.append(2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:3]))
    return found


def _dcgan(job):
    sizes = map_sizes(job.image_shape[0])
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}

    def normalize(x):
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

    width = job.width * 2 ** (len(sizes) - 2)
    latents = keras.Input((job.latent_dim,))
    x = layers.Dense(4 * 4 * width, use_bias=False, **normal)(latents)
    x = layers.ReLU()(normalize(layers.Reshape((4, 4, width))(x)))
    for size in sizes[-2:0:-1]:
        width //= 2
        x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False, **normal)(x)
        if size % 2:
            x = layers.Cropping2D(((0, 1), (0, 1)))(x)
        x = layers.ReLU()(normalize(x))
    x = layers.Conv2DTranspose(job.image_shape[-1], 4, strides=2, padding="same", **normal)(x)
    generator = keras.Model(latents, layers.Activation("tanh", dtype="float32")(x))

    images = keras.Input(job.image_shape)
    x = layers.Conv2D(job.width, 4, strides=2, padding="same", **normal)(images)
    x = layers.LeakyReLU(_SLOPE)(x)
    for level in range(1, len(sizes) - 1):
        x = layers.Conv2D(
            job.width * 2**level, 4, strides=2, padding="same", use_bias=False, **normal
        )(x)
        x = layers.LeakyReLU(_SLOPE)(normalize(x))
    x = layers.Dense(1, dtype="float32", **normal)(layers.Flatten()(x))
    return generator, keras.Model(images, x)


def _mlp(job):
    latents = x = keras.Input((job.latent_dim,))
    for units in (job.width, 2 * job.width, 4 * job.width):
        x = layers.LeakyReLU(_SLOPE)(layers.Dense(units)(x))
    x = layers.Dense(math.prod(job.image_shape), activation="tanh", dtype="float32")(x)
    generator = keras.Model(latents, layers.Reshape(job.image_shape)(x))

    images = keras.Input(job.image_shape)
    x = layers.Flatten()(images)
    for units in (2 * job.width, job.width):
        x = layers.LeakyReLU(_SLOPE)(layers.Dense(units)(x))
    return generator, keras.Model(images, layers.Dense(1, dtype="float32")(x))
