"""Networks of videos, made of those of images: frames fold into the batch."""

import dataclasses

import keras
import tensorflow as tf
from keras import layers, ops

from gan_tf.errors import UserError
from gan_tf.networks import initialization
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.dcgan import DCGAN, map_sizes
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import downsampling
from gan_tf.networks.resnet import ResNet
from gan_tf.networks.spectral import spectral

_TIME = 4  # frames of a kernel
_BACKBONES = {"resnet": ResNet, "dcgan": DCGAN}


@dataclasses.dataclass(eq=False)
class VideoArchitecture(Architecture):
    """The base of the architectures of videos: a generator of frames, a discriminator of videos.

    The generator of the backbone makes each frame of a vector. The discriminator of videos has that of
    `DCGAN`, with a convolution over 4 frames after each of its own: 2-D and 1-D convolutions in place of
    3-D ones, which are slow on CPUs (Tran et al., "A closer look at spatiotemporal convolutions for
    action recognition", 2018, https://arxiv.org/abs/1711.11248, section 3.5). Its features are the last
    maps, or with the backbone "resnet" their sum over positions, averaged over frames.

    Attributes:
        kernels: makes the options of the convolutions of the discriminator of videos, given whether they
            have biases: those of `ResNet`, since nothing is normalized by default.

    Args:
        backbone: the networks of frames, "resnet" (default) or "dcgan".
        width: channels next to the frames, which double with each layer away from them. Default 16.
        generator_norm: "batch" (default), "instance", "layer" or "none".
        discriminator_norm: the same; default "none": with that of batches it wins at once.
        spectral_norm: which networks have spectral normalization: "none" (default), "discriminator",
            "generator" or "both".
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the discriminator;
            default 0: none.
        upsampling, generator_activation: see the backbone, whose defaults they have.
        downsampling, discriminator_activation: likewise; the discriminator of videos has the defaults of
            `DCGAN`.

    Raises:
        UserError: for another backbone, and as `Architecture`.
    """

    modalities = ("video",)
    image_sizes = (28, 32, 64, 128)
    norms = ("batch", "instance", "layer", "none")
    kernels = staticmethod(initialization.scaled)

    backbone: str = "resnet"
    width: int = 16
    discriminator_norm: str = "none"
    spectral_norm: str = "none"
    generator_norm: str = "batch"
    upsampling: str | None = None
    downsampling: str | None = None
    generator_activation: str | None = None
    discriminator_activation: str | None = None
    minibatch_stddev: int = 0

    def __post_init__(self):
        super().__post_init__()
        if self.backbone not in _BACKBONES:
            raise UserError(
                f"{type(self).__name__} has no backbone '{self.backbone}': choose "
                f"{' or '.join(_BACKBONES)}."
            )

    def frames(self):
        """Returns the backbone, an architecture of images, with the same options."""
        names = [each.name for each in dataclasses.fields(VideoArchitecture)]
        values = {name: getattr(self, name) for name in names if name != "backbone"}
        given = {name: value for name, value in values.items() if value is not None}
        return _BACKBONES[self.backbone](**given)

    def draw(self, vectors, video_shape, modulate=None):
        """Returns the videos of which each frame is made of a vector.

        Args:
            vectors: a Keras tensor (batch, frames, n).
            video_shape: (frames, height, width, channels).
            modulate: see `Architecture.generate`; it is applied to maps (batch, frames, h, w, C).
        """
        frames, *frame_shape = video_shape
        modulated = modulate and (lambda x: fold(modulate(unfold(x, frames))))
        x = self.frames().draw(fold(vectors), frame_shape, modulated)
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(unfold(x, frames))

    def maps(self, videos):
        """Returns the last maps of the discriminator of videos, a Keras tensor (batch, t, h, w, C)."""
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm, batch_norm=initialization.batch_norm)
        activate = activation(self.discriminator_activation or DCGAN.discriminator_activation)
        shrink = self.downsampling or DCGAN.downsampling
        x = videos
        for level, (height, across) in enumerate(map_sizes(videos.shape[2:4])[1:]):
            frames, width = x.shape[1], self.width * 2**level
            options = self.kernels(not (level and norm.shifts))
            x = downsampling(shrink, width, wrap, **options)(fold(x))
            x = activate(norm.layer()(x) if level else x)
            # Rows are frames and columns positions, so that a 2-D convolution is one over time.
            x = ops.reshape(x, (-1, frames, height * across, width))
            options = self.kernels(not norm.shifts)
            x = wrap(layers.Conv2D(width, (min(_TIME, frames), 1), **options))(x)
            x = activate(norm.layer()(x))
            x = ops.reshape(x, (-1, x.shape[1], height, across, width))
        return MinibatchStddev(self.minibatch_stddev)(x) if self.minibatch_stddev else x

    def pooled(self, maps):
        """Returns features (batch, n) of the last maps of images, or of videos (batch, t, h, w, C)."""
        if self.backbone == "dcgan":
            return layers.Flatten()(maps)
        summed = ops.sum(maps, axis=(-3, -2))
        return ops.mean(summed, axis=1) if len(summed.shape) == 3 else summed


def fold(x):
    """Makes frames examples of the batch: (batch, frames, ...) -> (batch frames, ...)."""
    return ops.reshape(x, (-1, *x.shape[2:]))


def unfold(x, frames):
    """Undoes `fold`: (batch frames, ...) -> (batch, frames, ...)."""
    return ops.reshape(x, (-1, frames, *x.shape[1:]))


@keras.saving.register_keras_serializable("gan_tf")
class RandomFrames(layers.Layer):
    """Some frames of each video: in training random ones, all different, else evenly spaced ones.

    (batch, frames, h, w, C) -> (batch, count, h, w, C).

    Args:
        count: how many, at most as many as there are; of one, the middle one if not in training.
        seed: of the choice; default: random.
    """

    def __init__(self, count=1, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.count, self.seed = count, seed
        self._random = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        frames = inputs.shape[1]
        if not training:
            at = [(2 * each + 1) * frames // (2 * self.count) for each in range(self.count)]
            return tf.gather(inputs, at, axis=1)
        order = keras.random.uniform((tf.shape(inputs)[0], frames), seed=self._random)
        chosen = tf.math.top_k(order, self.count, sorted=False).indices
        # As a sum, which can be differentiated twice.
        weights = tf.one_hot(chosen, frames, dtype=inputs.dtype)
        return tf.einsum("bkf,bfhwc->bkhwc", weights, inputs)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.count, *input_shape[2:])

    def get_config(self):
        return super().get_config() | {"count": self.count, "seed": self.seed}
