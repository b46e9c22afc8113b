"""A grid of videos: contents by motions."""

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES
from gan_tf.sampling.chosen import rows
from gan_tf.sampling.formats.format import Generated

_ROWS = 8


class MotionGrid:
    """Videos with the content of their row, and of it the label, and the motion of their column.

    Source: Tulyakov et al., "MoCoGAN", 2018 (https://arxiv.org/abs/1707.04993), figures 1 and 6.
    """

    format = "default_format"

    def __init__(self, options, run):
        check(run.config(), options.motions)
        self._seeds, self._indices = rows(options, _ROWS)
        self.columns = options.motions
        self.count = len(self._seeds) * self.columns
        self._motion_seed = options.seed
        self.name = f"motions{options.motions}-seed{options.seeds or options.seed}"[:60]
        self.facts = {"seeds": options.seeds or options.seed}

    def batches(self, ensemble, stream):
        del stream
        run = ensemble.first
        contents = latents.draw(self._seeds, self._indices, run.latent_dim, ensemble.truncation)
        labels = run.choose_labels(self._seeds, self._indices, ensemble.label)
        motions = latents.draw(
            self._motion_seed, range(self.columns), run.latent_dim, ensemble.truncation
        )
        for at in range(0, self.count, run.chunk):
            row, column = np.divmod(np.arange(at, min(at + run.chunk, self.count)), self.columns)
            columns, given = {"content": row, "motion": column}, None
            if labels is not None:
                columns["label"] = given = labels[row]
            mixed = latents.with_motion(contents[row], motions[column], run.config.latent_dim)
            yield Generated(run.samples(mixed, given), columns)


def check(config, motions):
    """Checks that the latents of a run are content and motion.

    Args:
        config: the run's `Config`.
        motions: the value of --motions, for the message.

    Raises:
        UserError: when they are not.
    """
    architecture = ARCHITECTURES.entry(config.arch)
    if not architecture.attributes["moves"]:
        able = [e.name for e in ARCHITECTURES.entries.values() if e.attributes.get("moves")]
        raise UserError(
            f"--motions={motions} is for generators whose latents are content and motion, and "
            f"'{architecture.name}' is not one: leave it out, or give a run of {' or '.join(able)}."
        )
