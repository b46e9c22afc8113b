"""Scores of images, and pictures of them."""

import dataclasses

import numpy as np

from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.data.examples import Examples
from gan_tf.evaluation import memorization
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.files.atomic_write import write
from gan_tf.modalities import image as images

METRICS = ("fid", "precision", "recall", "density", "coverage")
_COMPARED = 1000  # images whose nearest training images are found
_SHOWN = 64
_BATCH = 250


class Scorer:
    """Scores images against the data of a `Config`, or, of few images, against the others.

    Args:
        config: the resolved `Config`.
        folder: of the pictures, a `pathlib.Path`.
        count: images that are scored; default: half of those that they are compared with.
    """

    def __init__(self, config, folder, count=None):
        self._folder, self._flip = folder, config.flip
        source = datasets.build(config)
        self.training = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
        compared, key = self.training, source.cache_key
        if config.max_images:
            compared = _others(config, self.training)
            key = f"all but {key}"
        spec, options = config.feature_spec(), {"num_images": count}
        self._evaluator = Evaluator(compared, key, spec, METRICS, options, config.cache_dir)
        held_out = pipeline.load_held_out(source, _COMPARED)
        self._held_out = held_out and held_out.samples
        self.count = self._evaluator.num_images

    def score(self, generate, minutes):
        """Returns {score: value}, and draws the first images and pairs of nearest training images.

        Args:
            generate: a function: count -> uint8 (count, H, W, C), the same first images each time.
            minutes: of training, which name the pictures.
        """
        made = generate(self.count)
        parts = ((made[at : at + _BATCH], None) for at in range(0, len(made), _BATCH))
        found = self._evaluator.score(self._evaluator.sample(parts))
        scores = {name: round(result.value, 4) for name, result in found}
        training = np.asarray(self.training.samples)
        compared = made[:_COMPARED]
        nearest = memorization.compare(compared, training, self._held_out, self._flip)
        grids = {"samples": images.grid(made[:_SHOWN]), "nearest": nearest.picture(made, training)}
        for name, grid in grids.items():
            write(self._folder / f"{name}-{minutes:g}.png", images.png(grid))
        return scores | {"copies": round(nearest.copies, 4), "closer": round(nearest.closer, 4)}


def _others(config, training):
    """The images of a data set that are not among a few of it."""
    source = datasets.build(dataclasses.replace(config, max_images=None))
    everything = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
    seen = {each.tobytes() for each in np.asarray(training.samples)}
    samples = np.asarray(everything.samples)
    rows = [row for row, each in enumerate(samples) if each.tobytes() not in seen]
    return Examples({everything.sample: samples[rows]}, modality=everything.modality)
