"""Generators that make samples of latents."""

import numpy as np

from gan_tf import latents
from gan_tf.exporters.exported import Exported, Input, check_repeatable
from gan_tf.modalities.image import png

CHECKED = 8  # samples compared
_ROWS, _COLUMNS = 8, 8  # of samples on the card


class FromLatents(Exported):
    """A generator: latents, or latents and labels -> samples."""

    def build(self, any_size):
        trained, what = self.trained, self.trained.modality.plural
        self.network = trained.build_network("generator", "float32")
        self.network.set_weights(trained.generator.get_weights())
        self.network = trained.modality.decoded(self.network)
        self.inputs = (Input("latent", "float32", (trained.latent_dim,), ", from N(0, 1)"),)
        self.takes, rows = "latents", ""
        if trained.conditional:
            self.inputs += (Input("label", "int32"),)
            self.takes, rows = "latents and labels", "; one row per class, in order"
        self.shape, self.title = trained.sample_shape, f"a generator of {what}"
        self.caption = (
            f"Above are {what} made by the generator{rows} (seed 0, not chosen): each is generated, "
            f"{trained.modality.disclaimer}."
        )
        check_repeatable(
            self,
            f"The {what} of '{trained.run.path}' are random even for given latents (dropout stays active "
            "in sampling), so an export could not be checked: train with "
            '--trick="generator_dropout(0.5, sampling=False)".',
        )

    def example(self):
        lines = [
            "random = np.random.default_rng(0)",
            f"latent = random.standard_normal((16, {self.trained.latent_dim}), np.float32)",
        ]
        if self.trained.conditional:
            lines.append(f"label = np.arange(16, dtype=np.int32) % {len(self.trained.label_names)}")
        return lines

    def cases(self):
        arrays = {"latent": latents.draw(0, range(CHECKED), self.trained.latent_dim)}
        if self.trained.conditional:
            arrays["label"] = np.arange(CHECKED, dtype=np.int32) % len(self.trained.label_names)
        return [arrays]

    def samples(self, arrays):
        return self.trained.samples(arrays["latent"], arrays.get("label"))

    def picture(self):
        """One row per class of a conditional run."""
        trained, labels = self.trained, None
        columns = trained.modality.abreast(_COLUMNS)
        if trained.conditional:
            labels = np.repeat(np.arange(min(len(trained.label_names), 10)), columns)
        count = _ROWS * columns if labels is None else len(labels)
        made = trained.samples(latents.draw(0, range(count), trained.latent_dim), labels)
        return png(trained.modality.sheet(made, columns))
