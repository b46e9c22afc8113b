"""How the program samples from a kind of GAN whose generator takes examples of the data."""

import tensorflow as tf

_PREVIEWED = 16  # examples in a snapshot
_COLUMNS = 6  # two examples per row: source, output, target


class ExampleSampling:
    """Mixed into a kind before `BaseGAN`: replaces `LatentSampling`."""

    def call(self, inputs, training=False):
        """Translates sources (batch, h, w, C) in [-1, 1] to outputs (batch, H, W, D).

        A conditional kind is given [sources, int labels (batch,)].
        """
        return self.sampler(inputs, training=training)

    def reference_inputs(self, real, labels, drawn):
        """None: translators have no virtual batch normalization."""
        return []

    def monitored_inputs(self, examples, modality, seed, count, label_frequencies=None):
        """Returns the inputs of `sampler` for `count` examples, and their labels if conditional."""
        sources = modality.to_network(examples.sources[:count])
        if not self.conditional:
            return sources, None
        labels = examples.labels[:count]
        return [sources, labels], labels

    def preview_inputs(self, examples, modality, seed):
        """Returns sources, targets and, if conditional, labels of a snapshot; and its columns."""
        parts = examples.sources, examples.samples
        inputs = [modality.to_network(each[:_PREVIEWED]) for each in parts]
        return inputs + ([examples.labels[:_PREVIEWED]] if self.conditional else []), _COLUMNS

    def preview(self, inputs, training=False):
        """Returns source, output and target of each example, in turns."""
        sources, targets, *labels = inputs
        made = self.sampler([sources, *labels] if labels else sources, training=training)
        shown = beside(sources, targets)
        triples = tf.stack([shown, made, targets], axis=1)
        return tf.reshape(triples, (-1, *targets.shape[1:]))


def beside(sources, targets):
    """Returns sources as they are shown beside targets: in their size and with their channels.

    Args:
        sources: float32 (batch, h, w, 1 or 3).
        targets: (batch, H, W, 1 or 3).

    Returns:
        float32 (batch, H, W, D): pixels are repeated, gray becomes RGB, RGB becomes its mean.
    """
    sources = resized(sources, targets.shape[1:3])
    if sources.shape[-1] < targets.shape[-1]:
        return tf.repeat(sources, targets.shape[-1], axis=-1)
    if sources.shape[-1] > targets.shape[-1]:
        return tf.reduce_mean(sources, axis=-1, keepdims=True)
    return sources


def resized(images, size):
    """Returns images (batch, h, w, C) in another size, (H, W): their pixels are repeated."""
    if tuple(images.shape[1:3]) == tuple(size):
        return images
    return tf.image.resize(images, size, "nearest")
