"""Measures of a batch of videos: how much moves, how their brightness jumps, how they differ."""

import math

import numpy as np

_MOST = 256  # real videos that are measured
_MOST_VALUES = 1 << 25  # of these
_EPSILON = 1e-6


class VideoMeasures:
    """Measures batches of videos against real ones.

    Args:
        reals: stored videos, uint8 (n, frames, height, width, C), n at least 1.
    """

    modalities = ("video",)

    def __init__(self, reals):
        most = max(2, min(_MOST, _MOST_VALUES // math.prod(reals.shape[1:])))
        self._usual = _measures(np.asarray(reals[:most]))

    def __call__(self, samples):
        """Returns {name: float}.

        motion: the mean difference of neighboring frames, relative to real videos.
        flicker: the mean change of a frame's brightness, relative to brightness, above that of real videos.
        variety: the mean difference of two videos, relative to real ones.

        Args:
            samples: stored videos, uint8 (n, frames, height, width, C).
        """
        found = _measures(np.asarray(samples))
        ratios = {
            name: found[name] / max(self._usual[name], _EPSILON) for name in ("motion", "variety")
        }
        return ratios | {"flicker": max(0.0, found["flicker"] - self._usual["flicker"])}


def _measures(videos):
    values = videos.astype(np.float32)
    brightness = values.mean(axis=(2, 3, 4))
    changes = np.abs(np.diff(brightness, axis=1))
    moves = np.abs(np.diff(values, axis=1))
    return {
        # Of a single frame, 0.
        "motion": float(moves.mean()) if moves.size else 0.0,
        "flicker": float(changes.mean() / (brightness.mean() + 1)) if changes.size else 0.0,
        "variety": float(np.abs(values - np.roll(values, 1, axis=0)).mean()),
    }
