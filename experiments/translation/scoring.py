"""Scores of outputs for held-out pairs."""

import numpy as np

from experiments.translation import baselines
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.data.examples import SOURCE
from gan_tf.evaluation.build import evaluator
from gan_tf.modalities import image as images
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import translated

METRICS = ("psnr", "ssim", "l1", "fid", "color_histogram")
_SHOWN = 12


class Scorer:
    """Scores translations of the held-out pairs of one data set, in their order.

    Args:
        config: the resolved `Config` of a run.
    """

    def __init__(self, config):
        source = datasets.build(config)
        self._training = pipeline.load(source, config.cache_mb << 20, config.cache_dir)
        self.evaluator = evaluator(config, source, self._training, METRICS)

    @property
    def pairs(self):
        count = self.evaluator.num_images
        pairs = self.evaluator.pairs
        return pairs.arrays[SOURCE][:count], pairs.samples[:count]

    def outputs(self, run):
        """Returns a run's outputs, uint8 (n, H, W, D)."""
        trained, count = TrainedRun(run), self.evaluator.num_images
        made = translated(trained.generate, trained.modality, self.evaluator.pairs, count)
        return np.concatenate([batch for batch, _ in made])

    def baseline(self, name):
        """Returns the outputs of one of `baselines`."""
        training = self._training.arrays[SOURCE], self._training.samples
        return getattr(baselines, name)(*self.pairs, training)

    def scores(self, outputs):
        """Returns {metric: value} of outputs, and how many pairs there are."""
        batches = ((outputs[at : at + 500], None) for at in range(0, len(outputs), 500))
        found = self.evaluator.score(self.evaluator.sample(batches))
        scores = {name: round(result.value, 4) for name, result in found}
        return scores | {"pairs": len(outputs)}

    def picture(self, outputs):
        """Returns a JPEG of the first pairs, each in a column: source, outputs (one row each), target.

        Args:
            outputs: list of what `outputs` or `baseline` returned.
        """
        sources, targets = (each[:_SHOWN] for each in self.pairs)
        rows = [baselines.untranslated(sources, targets, None)]
        rows += [each[:_SHOWN] for each in outputs]
        sheet = images.grid(np.concatenate([*rows, targets]), _SHOWN)
        return images.encode(sheet, "JPEG", quality=90)
