"""Ranks of samples: an order that depends on the samples alone, however they are stored or arrive."""

import hashlib

import numpy as np

_CHUNK = 500


def ranks(samples):
    """Returns a rank of each sample, the same wherever it occurs, as if drawn at random.

    Args:
        samples: stored samples (n, *shape).

    Returns:
        uint64 (n,): the first eight bytes of the BLAKE2 digests of the samples' bytes.
    """
    digests = (hashlib.blake2b(each.tobytes(), digest_size=8).digest() for each in samples)
    return np.frombuffer(b"".join(digests), "<u8")


def order(ranks, labels=None):
    """Returns the indices that sort ranks: int (n,); equal samples are sorted by their labels.

    Args:
        ranks: uint64 (n,).
        labels: int (n,); None: without labels, equal samples keep their order.
    """
    return np.lexsort((ranks,) if labels is None else (labels, ranks))


def sorted_rows(samples, labels=None, rows=None):
    """Returns the indices of samples, from the lowest rank to the highest: int (n,).

    Args:
        samples: stored samples, an array or a `DiskArray`.
        labels: int, of all samples; None: without labels.
        rows: the indices to sort; None: all.
    """
    rows = np.arange(len(samples)) if rows is None else np.sort(rows)  # as they lie on the disk
    found = [ranks(samples[rows[at : at + _CHUNK]]) for at in range(0, len(rows), _CHUNK)]
    found = np.concatenate([np.empty(0, np.uint64), *found])
    return rows[order(found, None if labels is None else labels[rows])]
