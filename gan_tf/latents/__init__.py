"""Latents: drawing by seed and index, paths between them, and priors.

drawing.py  latents, labels and other choices determined by a seed and an index
graph.py    latents inside compiled functions: training batches, exported samplers
paths.py    interpolations and closed paths
priors.py   the distributions, as functions of N(0, I)
"""

from gan_tf.latents.drawing import (
    ACCEPTANCE,
    LABEL,
    RUN,
    draw,
    draw_labels,
    draw_uniform,
    parse_seeds,
    with_code,
    with_motion,
)
from gan_tf.latents.paths import closed_path, lerp, slerp

__all__ = [
    "ACCEPTANCE",
    "LABEL",
    "RUN",
    "closed_path",
    "draw",
    "draw_labels",
    "draw_uniform",
    "lerp",
    "parse_seeds",
    "slerp",
    "with_code",
    "with_motion",
]
