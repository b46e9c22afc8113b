"""MoCoGAN: content that is constant over a video, and motion that changes from frame to frame."""

import dataclasses

from keras import layers, ops

from gan_tf.errors import UserError
from gan_tf.networks import initialization
from gan_tf.networks.spectral import spectral
from gan_tf.networks.videos import RandomFrames, VideoArchitecture, fold, unfold
from gan_tf.registry import ARCHITECTURES

_UNROLLED = 64  # frames


@ARCHITECTURES.register("mocogan")
@dataclasses.dataclass(eq=False)
class MoCoGAN(VideoArchitecture):
    """MoCoGAN (Tulyakov et al., 2018): content, and motion by a recurrent network, for videos.

    Each frame is made, by the generator of the backbone, of the content, which is the same in all frames,
    and of the state of a GRU, which new noise moves on. Two discriminators are parts of one network, with
    a logit each: one sees the whole video, the other a random frame of it (in inference the middle one).
    Losses are means over both logits, half of the published sums, and penalties constrain the sum of both.
    The published categories are --conditional=acgan.

    A latent is the content, --latent_dim numbers, followed by the GRU's first state and the noise of
    each frame, `motion` numbers each; a longer video, which these generators make as well, begins with the
    same frames if its latent begins with the same numbers.

    Source: https://arxiv.org/abs/1707.04993, sections 3.1 and 3.2; sizes, by the authors' code: width
    64, --latent_dim=50, 16 frames of 64 pixels. Departures: the discriminator of videos has 2-D and 1-D
    convolutions in place of 3-D ones; that of images is not a PatchGAN; neither has batch
    normalization, unless asked for, nor adds noise to its maps. The default backbone is residual:
    "dcgan" is that of the paper.

    Args:
        motion: length of the motion code of a frame, default 10, as published.
        image_frames: random frames of each video (in inference evenly spaced ones) that the
            discriminator of images sees, default 1, as published, at most all; its logit is the mean of
            theirs. DVD-GAN's spatial discriminator sees 8 (Clark et al., 2019,
            https://arxiv.org/abs/1907.06571).
        frame_stddev: whether the discriminator of videos also sees how much these frames differ: the
            standard deviations, over them, of the other's features, which change little with a digit's
            place, and much with what it is. As minibatch standard deviation, but of frames of one video.
        width, ..., minibatch_stddev: see `gan_tf.networks.videos.VideoArchitecture`.
    """

    extends = True
    label_first = True
    moves = True
    # Small ones: beside the discriminator of frames, that of videos may learn later.
    kernels = staticmethod(initialization.linear)

    motion: int = 10
    image_frames: int = 1
    frame_stddev: bool = False

    def __post_init__(self):
        super().__post_init__()
        for name in ("motion", "image_frames"):
            if getattr(self, name) < 1:
                raise UserError(f"mocogan({name}={getattr(self, name)}): it must be 1 or more.")
        if self.frame_stddev and self.image_frames < 2:
            raise UserError(
                "mocogan(frame_stddev=True) compares frames: add image_frames=4, or another number above 1."
            )

    def latent_length(self, latent_dim, sample_shape):
        return latent_dim + self.motion * (sample_shape[0] + 1)

    def generate(self, latents, image_shape, modulate=None):
        frames = image_shape[0]
        start = latents.shape[-1] - self.motion * (frames + 1)
        content = layers.RepeatVector(frames)(latents[:, :start])
        state, noise = latents[:, start : start + self.motion], latents[:, start + self.motion :]
        noise = ops.reshape(noise, (-1, frames, self.motion))
        # Unrolled, formats of export without loops hold it; of long videos the graph would be large.
        options = {"return_sequences": True, "unroll": frames <= _UNROLLED, "dtype": "float32"}
        moving = layers.GRU(self.motion, **options)
        codes = moving(noise, initial_state=state)
        return self.draw(layers.Concatenate()([content, codes]), image_shape, modulate)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        count = min(self.image_frames, images.shape[1])
        frames = self.frames().maps(fold(RandomFrames(count)(images)))
        of_each = unfold(self.pooled(frames), count)
        of_video = self.pooled(self.maps(images))
        if self.frame_stddev:
            # The derivative of the square root is infinite at 0.
            stddev = ops.sqrt(ops.var(ops.cast(of_each, "float32"), axis=1) + 1e-8)
            of_video = layers.Concatenate()([of_video, stddev])
        both = [of_video, ops.mean(of_each, axis=1)]
        features = layers.Concatenate(name="features")(both)
        split = both[0].shape[-1]
        logits = [
            wrap(layers.Dense(1, **initialization.linear(True)))(part)
            for part in (features[:, :split], features[:, split:])
        ]
        x = layers.Concatenate()(logits)
        return layers.Activation("linear", dtype="float32", name="logits")(x)
