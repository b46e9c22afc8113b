"""How the program samples from a kind of GAN while it trains."""

import numpy as np

from gan_tf import latents

PREVIEWED = 64  # samples in a snapshot
MAX_ROWS = 20  # classes in a snapshot


class LatentSampling:
    """Mixed into `BaseGAN`: samples for snapshots, health and references, made from latents.

    A kind whose generator takes something else overrides these methods. They use `sampler`,
    `networks`, `latent_dim` and `conditional`.
    """

    def call(self, inputs, training=False):
        """Generates samples: latents, or [latents, labels] -> (batch, ...) in [-1, 1]."""
        return self.sampler(inputs, training=training)

    def reference_inputs(self, real, labels, drawn):
        """Returns the inputs that become the references of virtual batch normalization.

        Args:
            real: samples, scaled for networks.
            labels: their labels, or None.
            drawn: the same number of latents.

        Returns:
            [(network, its inputs)].
        """
        inputs = [drawn, labels] if self.conditional else drawn
        return [(self.networks["generator"], inputs), (self.sampler, inputs)]

    def sample_inputs(self, seed, indices, label_frequencies=None):
        """Returns the inputs of `sampler` for samples of a seed.

        Args:
            seed: an int, at least 0.
            indices: of the samples.
            label_frequencies: relative frequencies of the classes; used if conditional.

        Returns:
            Latents (n, latent_dim), or, conditional, [latents, labels]; and the labels, or None.
        """
        drawn = latents.draw(seed, indices, self.latent_dim)
        if not self.conditional:
            return drawn, None
        labels = latents.draw_labels(seed, indices, label_frequencies)
        return [drawn, labels], labels

    def monitored_inputs(self, examples, modality, seed, count, label_frequencies=None):
        """Returns the inputs of `sampler` for the samples that health is measured on.

        Args:
            examples, modality, seed: as for `preview_inputs`.
            count: how many samples.
            label_frequencies: as for `sample_inputs`.

        Returns:
            As `sample_inputs`.
        """
        del examples, modality
        return self.sample_inputs(seed, range(count), label_frequencies)

    def preview_inputs(self, examples, modality, seed):
        """Returns the inputs of `preview` for all snapshots; conditional: one row per class.

        Args:
            examples: the data set.
            modality: the `Modality` of its samples.
            seed: of the latents.

        Returns:
            The inputs, and the number of samples per row (None: about the number of rows).
        """
        if not self.conditional:
            return latents.draw(seed, range(PREVIEWED), self.latent_dim), None
        rows, columns = min(len(examples.label_names), MAX_ROWS), round(PREVIEWED**0.5)
        fixed = latents.draw(seed, range(columns), self.latent_dim)
        return [np.tile(fixed, (rows, 1)), np.repeat(np.arange(rows), columns)], columns

    def preview(self, inputs, training=False):
        """Returns the samples of a snapshot, given the result of `preview_inputs`."""
        return self.sampler(inputs, training=training)
