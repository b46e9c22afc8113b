"""Exact nearest neighbors, computed in blocks to limit memory."""

import numpy as np

_BLOCK = 1 << 23  # distances held at once
_TIES = (1 + 1e-6) ** 2  # squared distances that differ by less are equal, not decided by rounding


def squared_distances(queries, references):
    """Yields squared Euclidean distances, a block of queries at a time.

    Computed in float64 from products, so that points 1e-6 of their distance from the center apart
    are told apart; what is nearer is at distance 0.

    Args:
        queries: float (n, d).
        references: float (m, d).

    Yields:
        The slice of the queries, and float64 (up to n, m).
    """
    center = np.mean(references, axis=0, dtype=np.float64)
    references = np.subtract(references, center, dtype=np.float64)
    squares = np.sum(references**2, axis=1)
    rows = max(1, _BLOCK // len(references))
    for start in range(0, len(queries), rows):
        block = np.subtract(queries[start : start + rows], center, dtype=np.float64)
        sums = np.sum(block**2, axis=1)[:, None] + squares
        found = block @ references.T
        found *= -2
        found += sums
        found[found < 1e-13 * sums] = 0
        yield slice(start, start + len(block)), found


def squared_radii(features, k):
    """Returns the squared distance of each point to its k-th nearest neighbor: float64 (n,)."""
    found = np.empty(len(features))
    for rows, block in squared_distances(features, features):
        block.partition(k, axis=1)  # the 0-th is the point itself
        found[rows] = block[:, k]
    return found


def within(squared_distances, squared_radii):
    """Whether distances are at most the radii; the surface, to a millionth of the radius, is inside."""
    return squared_distances <= squared_radii * _TIES


def count_balls(queries, centers, squared_radii):
    """Returns the number of balls that contain each query: int (n,).

    Args:
        queries: float (n, d).
        centers: float (m, d).
        squared_radii: float (m,), see `within`.
    """
    found = np.empty(len(queries), np.int64)
    for rows, block in squared_distances(queries, centers):
        found[rows] = np.count_nonzero(within(block, squared_radii), axis=1)
    return found


def nearest(queries, references):
    """Returns the index of the nearest reference of each query, int (n,), and the squared distance.

    Args:
        queries: float (n, d).
        references: float (m, d).
    """
    indices = np.empty(len(queries), np.int64)
    found = np.empty(len(queries))
    for rows, block in squared_distances(queries, references):
        indices[rows] = np.argmin(block, axis=1)
        found[rows] = np.take_along_axis(block, indices[rows, None], axis=1)[:, 0]
    return indices, found
