"""A training batch: samples, and the discriminator's outputs on them."""

import dataclasses

import tensorflow as tf

from gan_tf.gans.discriminator_output import DiscriminatorOutput


def trimmed(values, multiple):
    """Leaves out the last rows of a batch, so that `multiple` divides its size.

    The rows of a batch that is smaller than `multiple` are repeated to that size instead.

    Args:
        values: a tensor or array (batch, ...); all of its rows are returned if its static size is
            divisible.
        multiple: from 1.
    """
    values = tf.convert_to_tensor(values)
    if multiple == 1 or (values.shape[0] or 1) % multiple == 0:
        return values
    count = tf.shape(values)[0]
    rows = tf.range(tf.maximum(count // multiple, 1) * multiple)
    return tf.gather(values, rows % count)


@dataclasses.dataclass(frozen=True)
class Batch:
    """A training batch.

    Attributes:
        real: float32 (batch, *sample_shape), scaled for networks; None: there are only fakes.
        fake: generated samples, of the same shape.
        labels: int (batch,), of both, or None if no network takes or predicts labels.
        latents: float32 (batch, latent_dim) from which the fakes are generated.
        sources: what the fakes are generated from in a translation, in the size of the reals.
        source_labels: int (batch,), of the sources, where they are not those of the reals; None otherwise.
        codes: float32 (batch, ...), an encoder's codes of the reals, or of the sources; None without.
        others: a `Batch` of the same sources without targets, with other labels; None without.
        real_output, fake_output: `DiscriminatorOutput` on each, None before it is computed. In the
            generator's loss, that on the reals is from the discriminator's last update.
    """

    real: tf.Tensor | None
    fake: tf.Tensor
    labels: tf.Tensor | None = None
    latents: tf.Tensor | None = None
    codes: tf.Tensor | None = None
    sources: tf.Tensor | None = None
    source_labels: tf.Tensor | None = None
    others: "Batch | None" = None
    real_output: DiscriminatorOutput | None = None
    fake_output: DiscriminatorOutput | None = None

    def with_outputs(self, real_output, fake_output):
        """Returns the same batch with the discriminator's outputs."""
        return dataclasses.replace(self, real_output=real_output, fake_output=fake_output)
