"""The same networks and training in plain Keras: layers of `keras.layers`, and its Adam.

The U-Net is trained as in `experiments.bench.stock`, with the losses of TensorFlow's tutorial of
pix2pix (https://www.tensorflow.org/tutorials/generative/pix2pix); SRResNet by `compile` and the
`train_step` of `keras.Model`.
"""

import functools

import keras
import tensorflow as tf
from keras import layers, ops

from experiments.bench.job import PairJob
from experiments.bench.keras_training import KerasTraining
from experiments.bench.stock import GAN, forward_flops, step_flops

_SLOPE = 0.2
_DROPPED = 3  # blocks of the decoder with dropout
_LEVELS = 6  # of the U-Net, for 64 pixels
_BLOCKS = 16  # of SRResNet


class PairGAN(GAN):
    """pix2pix: the discriminator sees sources too, and the generator has an L1 loss."""

    def real(self, batch):
        return batch["target"]

    def generate(self, batch):
        return self.generator(batch["image"], training=True)

    def discriminate(self, images, batch):
        return self.discriminator([images, batch["image"]], training=True)

    def content_loss(self, fake, batch):
        return 100 * ops.mean(ops.abs(fake - batch["target"]))


class DepthToSpace(layers.Layer):
    """Rearranges groups of 4 channels to 2x2 pixels."""

    def call(self, inputs):
        return tf.nn.depth_to_space(inputs, 2)


class Training(KerasTraining):
    """The models that a reader of the documentation trains."""

    job_type = PairJob

    def build(self, job):
        adam = functools.partial(keras.optimizers.Adam, 2e-4, beta_1=0.5)
        if job.arch == "srresnet":
            model = srresnet(job)
            model.compile(adam(), "mean_absolute_error", jit_compile=False)  # as in `GAN`
            return model
        gan = PairGAN(unet(job), patchgan(job))
        gan.compile(adam(), adam(), keras.losses.BinaryCrossentropy(from_logits=True))
        return gan

    def feed(self):
        if self.job.arch != "srresnet":
            return super().feed()
        return super().feed().map(lambda batch: (batch["image"], batch["target"])).cache().repeat()

    def trained(self):
        return [self.model] if self.job.arch == "srresnet" else super().trained()

    def flops(self):
        """Returns the FLOP of a training step, counted as in `experiments.bench.stock.step_flops`."""
        if self.job.arch != "srresnet":
            of_pair = step_flops(self.model.generator, self.model.discriminator)
        else:
            found = forward_flops(self.model)
            of_pair = 3 * sum(found) - found[0]
        return self.job.batch_size * of_pair


def unet(job):
    """Returns pix2pix's U-Net for images of 64 pixels, with instance normalization."""
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
    widths = [job.width * min(2**level, 8) for level in range(_LEVELS)]
    source = x = keras.Input(job.source_shape)
    skips = []
    for level, width in enumerate(widths):
        inside = 0 < level < _LEVELS - 1
        x = layers.LeakyReLU(_SLOPE)(x) if level else x
        x = layers.Conv2D(width, 4, 2, "same", use_bias=not inside, **normal)(x)
        x = instance_norm(x) if inside else x
        skips.append(x)
    for level in reversed(range(1, _LEVELS)):
        x = layers.Conv2DTranspose(widths[level - 1], 4, 2, "same", use_bias=False, **normal)(
            layers.ReLU()(x)
        )
        x = instance_norm(x)
        x = layers.Dropout(0.5)(x) if level >= _LEVELS - _DROPPED else x
        x = layers.Concatenate()([x, skips[level - 1]])
    x = layers.Conv2DTranspose(job.image_shape[-1], 4, 2, "same", **normal)(layers.ReLU()(x))
    return keras.Model(source, layers.Activation("tanh", dtype="float32")(x))


def patchgan(job):
    """Returns a PatchGAN of two layers: [targets or outputs, sources] -> logits."""
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}
    inputs = [keras.Input(job.image_shape), keras.Input(job.source_shape)]
    x = layers.Concatenate()(inputs[::-1])
    x = layers.LeakyReLU(_SLOPE)(layers.Conv2D(job.width, 4, 2, "same", **normal)(x))
    x = layers.Conv2D(2 * job.width, 4, 2, "same", use_bias=False, **normal)(x)
    x = layers.ZeroPadding2D(1)(layers.LeakyReLU(_SLOPE)(instance_norm(x)))
    x = layers.Conv2D(4 * job.width, 4, use_bias=False, **normal)(x)
    x = layers.ZeroPadding2D(1)(layers.LeakyReLU(_SLOPE)(instance_norm(x)))
    x = layers.Conv2D(1, 4, **normal)(x)
    return keras.Model(inputs, layers.Activation("linear", dtype="float32")(x))


def srresnet(job):
    """Returns SRResNet, whose output is added to the enlarged source."""

    def convolution(x, filters=job.width, size=3):
        return layers.Conv2D(filters, size, padding="same")(x)

    def activated(x):
        return layers.PReLU(keras.initializers.Constant(0.25), shared_axes=[1, 2])(x)

    source = keras.Input(job.source_shape)
    x = first = activated(convolution(source, size=9))
    for _ in range(_BLOCKS):
        x = layers.Add()([x, convolution(activated(convolution(x)))])
    x = layers.Add()([first, convolution(x)])
    for _ in range(2):
        x = activated(DepthToSpace()(convolution(x, 4 * job.width)))
    x = convolution(x, job.image_shape[-1], 9)
    enlarged = layers.UpSampling2D(4, interpolation="bilinear", dtype="float32")(source)
    return keras.Model(source, layers.Add(dtype="float32")([x, enlarged]))


def instance_norm(x):
    """Applies instance normalization, with a learned scale and offset."""
    return layers.GroupNormalization(-1, epsilon=1e-5)(x)
