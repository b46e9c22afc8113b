"""W, the space of styles, of a trained run: `StyleSpace`, and which layers a style is for."""

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.options.style_based import has_styles, style_based
from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime.chunk import CHUNK, chunks

RANGES = ("coarse", "middle", "fine")
_AT_ONCE = 1000  # latents that are drawn


def check(run, flag, instead=""):
    """Checks that a run's generator has a space of styles, without loading it.

    Args:
        run: the `RunDir`.
        flag: what needs it, such as "--mix=coarse".
        instead: what to give in its place, such as "give --truncation, "; default: nothing.

    Raises:
        UserError: when it has none.
    """
    if has_styles(run.config()):
        return
    raise UserError(
        f"{flag} is for generators with a space of styles, and that of '{run.path}' is "
        f"{ARCHITECTURES.entry(run.config().arch).name}: leave it out, {instead}or give a run of "
        f"{' or '.join(style_based())}."
    )


def layer_ranges(rows):
    """Returns the rows of w that are coarse, middle and fine styles: {name: (first, behind the last)}.

    There are two rows for each size of maps. Of the nine sizes from 4 to 1,024 pixels, the first two
    are coarse, the next two middle, the others fine; of other numbers of sizes, the same parts, and
    at least one size each.

    Source: Karras et al., 2019 (https://arxiv.org/abs/1812.04948), figure 3.

    Args:
        rows: the number of rows, at least 6.
    """
    sizes = rows // 2
    first = max(1, round(sizes * 2 / 9))
    second = max(first + 1, round(sizes * 4 / 9))
    bounds = (0, 2 * first, 2 * second, rows)
    return {name: bounds[at : at + 2] for at, name in enumerate(RANGES)}


class StyleSpace:
    """The two halves of the generator of a trained run: latents -> rows of w -> samples.

    Args:
        trained: a `TrainedRun`. Of one whose styles are truncated, so are those found here.

    Attributes:
        rows: how many rows of w there are, one for each convolution.
        dim: the length m of w.
        mean: float32 (m,): the moving average of w in training.
        synthesis: the second half, a `keras.Model`: see `gan_tf.networks.styles.synthesis`.

    Raises:
        UserError: when the generator is not style-based.
    """

    def __init__(self, trained):
        # Here, so that flags can be checked without TensorFlow.
        from gan_tf.networks import styles
        from gan_tf.runtime.fixed_batch import FixedBatchModel

        self._trained = trained
        self.synthesis = styles.synthesis(trained.generator)
        self._mapping = FixedBatchModel(styles.mapping(trained.generator))
        self._synthesis = FixedBatchModel(self.synthesis)
        self.rows, self.dim = self.synthesis.inputs[0].shape[1:]
        self.mean = styles.mean_w(trained.generator).numpy()

    def styles(self, normal, labels=None, batch_size=CHUNK):
        """Returns the rows of w of latents, float32 (n, rows, m); arguments as for `samples`.

        Args:
            normal, labels: as for `TrainedRun.inputs`.
            batch_size: how many are computed at once.
        """
        inputs = self._trained.inputs(normal, labels)
        inputs = inputs if self._trained.conditional else [inputs]
        return self._mapping(*inputs, size=batch_size)

    def drawn(self, count, seed=0, labels=None):
        """Returns the w of a seed's first latents, float32 (count, m), with labels int (count,)."""
        parts = []
        for part in chunks(count, _AT_ONCE):
            indices = range(count)[part]
            normal = latents.draw(seed, indices, self._trained.latent_dim)
            rows = self.styles(normal, None if labels is None else labels[part])
            parts.append(rows[:, 0])
        return np.concatenate(parts)

    def given(self, styles, labels=None):
        """Returns what `synthesis` takes: the rows, or, if labels also act there, [rows, labels]."""
        return styles if len(self.synthesis.inputs) == 1 else [styles, labels]

    def samples(self, styles, labels=None, batch_size=CHUNK):
        """Generates samples of rows of w.

        Args:
            styles: float32 (n, rows, m).
            labels: int (n,), of a conditional run.
            batch_size: how many are computed at once; the last batch is padded.

        Returns:
            Stored samples, (n, *sample_shape).
        """
        run, count = self._trained, len(styles)
        made = np.empty((count, *run.sample_shape), run.modality.stored_dtype)
        for part in chunks(count, batch_size):
            inputs = self.given(styles[part], None if labels is None else labels[part])
            inputs = inputs if isinstance(inputs, list) else [inputs]
            made[part] = run.modality.to_stored(self._synthesis(*inputs, size=batch_size))
        return made
