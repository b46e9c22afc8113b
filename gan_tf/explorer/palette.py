"""The colors that a run's sources are made of, to draw others with."""

import math

import numpy as np
from PIL import Image

_MOST_COLORS = 8
_MOST_PIXELS = 1 << 16  # of a source that count
_PAPER = 0.5  # the paper covers at least this part of a border
_OFTEN = 0.01  # a color of this part of the pixels is one to draw with;
_EXACT = 0.9  # where such colors cover this part, they are all there is
_ALIKE = 64  # distance of two clusters, of 255 per channel
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def palette(sources):
    """Chooses the paper and the pens for drawing sources.

    Args:
        sources: a list of uint8 (h, w, 1 or 3).

    Returns:
        The color (red, green, blue) that most of their borders have, else the most frequent; and a list
        of 1 to 8 others: black or white, then those of the sources, the most unlike the paper first.
    """
    if not sources:
        return _BLACK, [_WHITE]
    sources = [_thinned(each) for each in sources]
    colors, exact = _common(sources)
    paper = _paper(sources) or colors[0]
    pens = [_farthest([_BLACK, _WHITE], [paper])]
    others = dict.fromkeys(colors)
    while others and len(pens) < _MOST_COLORS:
        found = _farthest(others, [paper, *pens])
        if _apart(found, [paper, *pens]) <= (0 if exact else _ALIKE):
            break
        pens.append(found)
    return paper, [pens[0], *sorted(pens[1:], key=lambda each: -_apart(each, [paper]))]


def _thinned(source):
    """About as many pixels of a source as count, evenly spread: uint8 (h, w, 3)."""
    stride = math.ceil(math.sqrt(source.shape[0] * source.shape[1] / _MOST_PIXELS))
    return np.broadcast_to(source, (*source.shape[:2], 3))[::stride, ::stride]


def _paper(sources):
    """The color that most of the borders have, or None."""
    edges = [each[edge] for each in sources for edge in (0, -1)]
    edges += [each[:, edge] for each in sources for edge in (0, -1)]
    colors, counts = _counted(np.concatenate(edges))
    return colors[0] if counts[0] >= _PAPER * counts.sum() else None


def _common(sources):
    """The colors that are most frequent, if they are few, else clusters; and whether they are few."""
    pixels = np.concatenate([each.reshape(-1, 3) for each in sources])
    colors, counts = _counted(pixels)
    often = counts[:_MOST_COLORS] >= _OFTEN * counts.sum()
    if counts[:_MOST_COLORS][often].sum() >= _EXACT * counts.sum():
        return colors[: often.sum()], True
    clusters = Image.fromarray(pixels[None]).quantize(_MOST_COLORS).convert("RGB")
    return _counted(np.asarray(clusters)[0])[0], False


def _counted(pixels):
    """The distinct colors of pixels (n, 3), the most frequent first, and how many have each."""
    coded = pixels.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1])
    codes, counts = np.unique(coded, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [tuple(int(each).to_bytes(3, "big")) for each in codes[order]], counts[order]


def _farthest(colors, others):
    return max(colors, key=lambda each: _apart(each, others))


def _apart(color, others):
    """The distance from a color to the nearest of others."""
    return min(float(np.linalg.norm(np.subtract(color, each, dtype=float))) for each in others)
