"""One batch of a game: the samples in it, and the discriminator's outputs on them."""

import dataclasses

import tensorflow as tf

from gan_tf.gans.discriminator_output import DiscriminatorOutput


@dataclasses.dataclass(frozen=True)
class Batch:
    """One batch of a game.

    Attributes:
        real: float32 (batch, *sample_shape), as networks see samples.
        fake: likewise, generated.
        labels: int (batch,), of both, or None where no network takes labels.
        latents: float32 (batch, latent_dim) that the fakes are made from.
        codes: float32 (batch, latent_dim), what an encoder makes of the reals; None without one.
        real_output, fake_output: `DiscriminatorOutput` on each, None before it is computed. In the
            generator's loss, that on the reals is from the discriminator's last update.
    """

    real: tf.Tensor
    fake: tf.Tensor
    labels: tf.Tensor | None
    latents: tf.Tensor
    codes: tf.Tensor | None = None
    real_output: DiscriminatorOutput | None = None
    fake_output: DiscriminatorOutput | None = None

    def with_outputs(self, real_output, fake_output):
        """Returns the same batch with the discriminator's outputs."""
        return dataclasses.replace(self, real_output=real_output, fake_output=fake_output)
