"""Outlines of what is dark in a picture, as contours of quadratic curves: the ones fonts have."""

import contourpy
import numpy as np
from PIL import Image

_FINER = 4  # times the pixels of the picture, in which outlines are found
_TOLERANCE = 0.2  # pixels of the picture that an outline may be off
_CORNER = np.deg2rad(50)  # of turning, from which on a point is a corner
_REACH = 2.5  # pixels before and after a point within which the curve around it bends
_SMALLEST = 1.0  # square pixels: smaller spots are left out
_HALF = 128  # of 255: ink on one side of an outline
_MOST = 64  # contours: the largest; what is drawn has fewer, noise has more


def outlines(picture):
    """Traces a picture.

    Args:
        picture: uint8 (h, w), black on white.

    Returns:
        A list of closed contours, each float64 (n, 2), x and y in pixels from the upper left corner, and
        bool (n,), whether a point is on the outline; others are the control points of quadratic curves, and
        between two of them, in the middle, the outline passes. Contours around ink and around holes
        run in opposite directions.
    """
    height, width = picture.shape
    size = (_FINER * (width + 2), _FINER * (height + 2))
    padded = Image.fromarray(np.pad(picture, 1, constant_values=255))
    ink = 255 - np.asarray(padded.resize(size, Image.Resampling.BICUBIC), np.float32)
    found = []
    for line in contourpy.contour_generator(z=ink).lines(_HALF):
        points = (line[:-1] + 0.5) / _FINER - 1
        if len(points) > 3 and _area(points) >= _SMALLEST:
            found.append(points)
    found.sort(key=_area, reverse=True)
    corners = [points[_kept(points)] for points in found[:_MOST]]
    return [_curve(each) for each in corners if len(each) > 2]


def _area(points):
    x, y = points.T
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _kept(points):
    """The indices of the points of a closed polygon that are enough (Douglas and Peucker, 1973)."""
    # Two that surely are: the one farthest from the middle, and the one farthest from that.
    first = int(np.argmax(_lengths(points - points.mean(axis=0))))
    points = np.concatenate([points[first:], points[: first + 1]])
    second = int(np.argmax(_lengths(points - points[0])))
    kept, parts = {0, second}, [(0, second), (second, len(points) - 1)]
    while parts:
        start, end = parts.pop()
        if end - start < 2:
            continue
        along = points[end] - points[start]
        beside = np.array([-along[1], along[0]]) / max(np.hypot(*along), 1e-9)
        off = np.abs((points[start + 1 : end] - points[start]) @ beside)
        if off.max() > _TOLERANCE:
            middle = start + 1 + int(off.argmax())
            kept.add(middle)
            parts += [(start, middle), (middle, end)]
    return (np.array(sorted(kept)) + first) % (len(points) - 1)


def _curve(corners):
    """A polygon whose corners are smoothed, unless they are sharp."""
    steps = np.roll(corners, -1, axis=0) - corners  # to the next one
    lengths = np.maximum(_lengths(steps), 1e-9)
    angles = np.arctan2(*steps.T[::-1])
    turning = np.abs((angles - np.roll(angles, 1) + np.pi) % (2 * np.pi) - np.pi)
    points, is_on = [], []
    for corner, step, length, turn in zip(corners, steps, lengths, turning):
        points.append(corner)
        is_on.append(turn > _CORNER)
        if length > 2 * _REACH:  # straight between the bends
            points += [corner + step * _REACH / length, corner + step * (1 - _REACH / length)]
            is_on += [True, True]
    return np.array(points), np.array(is_on)


def _lengths(vectors):
    return np.hypot(*vectors.T)
