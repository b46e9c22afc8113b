"""Latents, labels and other choices that depend only on a seed and an index."""

import itertools

import numpy as np

from gan_tf.errors import UserError

# Independent random streams for what is drawn for an image besides its latent.
LABEL, RUN, ACCEPTANCE = 1, 2, 3


def draw(seed, indices, latent_dim, truncation=None):
    """Draws latents from N(0, I).

    Args:
        seed: an int, at least 0; or one per index.
        indices: an iterable of ints; latent k is the same in every call with this seed,
            regardless of the other indices.
        latent_dim: the length of a latent.
        truncation: None, or a threshold above 0: values whose magnitude exceeds it are redrawn
            until they are within it (the truncation trick: Brock et al., 2019,
            https://arxiv.org/abs/1809.11096, section 3.1). Other values are unchanged.

    Returns:
        float32 (len(indices), latent_dim).
    """
    rows = []
    for each, k in _pairs(seed, indices):
        random = np.random.default_rng((each, k))
        row = random.standard_normal(latent_dim)
        while truncation and (beyond := np.abs(row) > truncation).any():
            row[beyond] = random.standard_normal(np.count_nonzero(beyond))
        rows.append(row)
    return np.asarray(rows, np.float32).reshape(-1, latent_dim)


def with_code(normal, codes, count):
    """Returns latents with the given categorical codes (see `gan_tf.tricks.features.InfoGAN`).

    The code is the index of the largest of the first latents, which is swapped into place.

    Args:
        normal: float (n, latent_dim).
        codes: int (n,), from 0 to below count.
        count: the number of values of the code.
    """
    chosen, rows = np.array(normal), np.arange(len(normal))
    largest = chosen[:, :count].argmax(axis=1)
    chosen[rows, codes], chosen[rows, largest] = normal[rows, largest], normal[rows, codes]
    return chosen


def with_motion(normal, motions, content):
    """Returns latents of videos with the motion of others.

    Args:
        normal, motions: float (n, m), whose first numbers are content, and the others motion.
        content: how many.
    """
    return np.concatenate([normal[:, :content], motions[:, content:]], axis=1)


def draw_labels(seed, indices, frequencies, stream=LABEL):
    """Draws class labels, or other choices.

    Args:
        seed, indices: as for `draw`.
        frequencies: float (classes,): the relative frequency of each class.
        stream: the random stream; draws from different streams are independent.

    Returns:
        int64 (len(indices),).
    """
    bounds = np.cumsum(frequencies) / np.sum(frequencies)
    points = draw_uniform(seed, indices, stream)
    return np.searchsorted(bounds, points, side="right").astype(np.int64)


def draw_uniform(seed, indices, stream):
    """Draws from U[0, 1); arguments as for `draw_labels`. Returns float64 (len(indices),)."""
    points = [np.random.default_rng((*each, stream)).random() for each in _pairs(seed, indices)]
    return np.asarray(points, np.float64)


def parse_seeds(text):
    """Parses a list of seeds, such as "3,7,20-25"; ranges include both ends.

    Returns:
        A list of ints.

    Raises:
        UserError: when it is malformed, or has more than a million seeds.
    """
    seeds = []
    for part in text.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        if not first.isdecimal() or (dash and not (last.isdecimal() and int(first) <= int(last))):
            raise UserError(
                f"--seeds={text}: give numbers and ranges, such as 3,7,20-25 (not '{part}')."
            )
        seeds.append(range(int(first), int(last or first) + 1))
    if max(each[-1] for each in seeds) >= 2**31 or sum(map(len, seeds)) > 1_000_000:
        raise UserError(
            f"--seeds={text}: give at most a million seeds, each below {2**31:,}; for many images of "
            "one seed give --num_images."
        )
    return [each for part in seeds for each in part]


def _pairs(seed, indices):
    """(seed, index) of each image."""
    return zip(itertools.repeat(seed) if np.ndim(seed) == 0 else seed, indices)
