"""TGAN: a generator over time makes a latent for each frame."""

import dataclasses

from keras import layers

from gan_tf.networks import initialization
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.layers import activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.spectral import spectral
from gan_tf.networks.videos import VideoArchitecture
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("tgan")
@dataclasses.dataclass(eq=False)
class TGAN(VideoArchitecture):
    """TGAN (Saito et al., 2017): transposed convolutions over time make a latent for each frame.

    They double the length of a series from 1 until it has as many members as the video frames; the rest
    is cut off. Each frame is made, by the generator of the backbone, of the video's latent and of its own,
    which has as many numbers. There is one discriminator, of videos.

    Source: https://arxiv.org/abs/1611.06624, section 3 and table 1; sizes, by the authors' code: width
    64, --latent_dim=100, 16 frames of 64 pixels. Departures: the discriminator has 2-D and 1-D convolutions
    in place of 3-D ones; its singular values are not clipped: --spectral_norm=discriminator is a
    successor of that, by the same laboratory.

    Args:
        width, ..., minibatch_stddev: see `gan_tf.networks.videos.VideoArchitecture`.
    """

    def generate(self, latents, image_shape, modulate=None):
        frames, length = image_shape[0], latents.shape[-1]
        wrap = spectral(self.spectral_norm, "generator")
        # Of a series of one, instance normalization would leave nothing.
        kind = "layer" if self.generator_norm == "instance" else self.generator_norm
        norm = normalizer(kind, batch_norm=initialization.batch_norm)
        activate = activation(self.generator_activation or DCGAN.generator_activation)
        width = 8 * self.width
        x = wrap(layers.Dense(width, **initialization.scaled(not norm.shifts)))(latents)
        x = activate(norm.layer()(layers.Reshape((1, width))(x)))
        for _ in range((frames - 1).bit_length()):
            width = max(width // 2, 2 * self.width)
            options = initialization.scaled(not norm.shifts)
            x = wrap(layers.Conv1DTranspose(width, 4, 2, padding="same", **options))(x)
            x = activate(norm.layer()(x))
        x = layers.Cropping1D((0, x.shape[1] - frames))(x)
        x = layers.Activation("tanh")(wrap(layers.Dense(length, **initialization.scaled(True)))(x))
        whole = layers.RepeatVector(frames)(latents)
        return self.draw(layers.Concatenate()([whole, x]), image_shape, modulate)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        x = layers.Activation("linear", name="features")(self.pooled(self.maps(images)))
        x = wrap(layers.Dense(1, **initialization.scaled(True)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)
