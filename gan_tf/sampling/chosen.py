"""The images that the options of `gan_tf.generate` choose for the rows of a grid."""

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError


def rows(options, default):
    """Returns seeds and indices of the images of rows: of --seeds, or the first of --seed.

    Args:
        options: the options of `gan_tf.generate`.
        default: how many rows there are if they do not say.

    Returns:
        Two int arrays (n,).
    """
    if options.seeds:
        seeds = latents.parse_seeds(options.seeds)
        only(options, seeds)
        return np.array(seeds), np.zeros(len(seeds), np.int64)
    count = options.num_images or default
    return np.full(count, options.seed), np.arange(count)


def only(options, counted):
    """Refuses --num_images where other options determine the number of images.

    Args:
        options: the options of `gan_tf.generate`.
        counted: a sequence, as long as there are images.

    Raises:
        UserError: when it is given.
    """
    if options.num_images is not None:
        raise UserError(
            f"--num_images={options.num_images}: other options already set the number of images to "
            f"{len(counted):,}: leave it out."
        )
