"""A grid of images whose styles are those of two others, by layer."""

import numpy as np

from gan_tf import latents
from gan_tf.runs import style_space
from gan_tf.runs.style_space import StyleSpace, layer_ranges
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.chosen import rows
from gan_tf.sampling.formats.format import Generated

_ROWS = 8


class StyleGrid:
    """Images with the styles of those of their row, but for some layers, which have their column's.

    The first row and the first column are the sources themselves; the image in the corner is that of
    the mean of all styles.

    Source: Karras et al., 2019 (https://arxiv.org/abs/1812.04948), figure 3.
    """

    format = "default_format"

    def __init__(self, options, run):
        style_space.check(run, f"--mix={options.mix}")
        self._layers = options.mix
        seeds, indices = rows(options, _ROWS)
        if options.mix_seeds:
            others = np.array(latents.parse_seeds(options.mix_seeds))
            other_indices = np.zeros(len(others), np.int64)
        else:  # the images of the seed behind those of the rows
            others = np.full(len(seeds), options.seed)
            other_indices = len(seeds) + np.arange(len(seeds))
        self._rows, self._others = (seeds, indices), (others, other_indices)
        self.columns = 1 + len(others)
        self.count = (1 + len(seeds)) * self.columns
        named = [options.seeds or options.seed, options.mix_seeds]
        named = "-".join(str(each) for each in named if each is not None)
        self.name = f"mix-{options.mix}-seed{named}"[:60]
        self.facts = {"mix": options.mix, "seeds": options.seeds or options.seed}
        self.facts |= {"mix_seeds": options.mix_seeds} if options.mix_seeds else {}

    def batches(self, ensemble, stream):
        del stream
        space = StyleSpace(ensemble.first)
        structure, labels = self._sources(ensemble, space, *self._rows)
        swapped, other_labels = self._sources(ensemble, space, *self._others)
        chosen = slice(*layer_ranges(space.rows)[self._layers])
        mean = np.tile(space.mean, (1, space.rows, 1))
        first = np.concatenate([mean, structure])  # of each row
        for at in range(0, self.count, CHUNK):
            row, column = np.divmod(np.arange(at, min(at + CHUNK, self.count)), self.columns)
            source = swapped[column - 1]
            mixed = first[row]
            mixed[column > 0, chosen] = source[column > 0, chosen]
            alone = (row == 0) & (column > 0)
            mixed[alone] = source[alone]
            columns, given = {"row": row, "column": column}, None
            if labels is not None:
                given = np.where(alone, other_labels[column - 1], labels[np.maximum(row - 1, 0)])
                columns["label"] = given
            yield Generated(space.samples(mixed, given), columns)

    def _sources(self, ensemble, space, seeds, indices):
        """The rows of w of some images, and their labels or None."""
        run = ensemble.first
        drawn = latents.draw(seeds, indices, run.latent_dim, ensemble.truncation)
        labels = run.choose_labels(seeds, indices, ensemble.label)
        return space.styles(drawn, labels), labels
