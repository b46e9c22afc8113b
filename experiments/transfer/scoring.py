"""Scores against digits that no run was trained on, and the image of samples."""

import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.modalities import image as images
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.trained_run import TrainedRun

_SEED = 12345  # of the latents that are scored
_COLUMNS = 16


class Scorer:
    """Scores runs with the held-out images of the classes that they are trained on.

    FID is computed with features of `mnist_classifier`, with half as many fakes as held-out images.

    Args:
        config: the `Config` of one of the runs, for the data.
    """

    def __init__(self, config):
        tf.get_logger().setLevel("ERROR")  # many models in one process: functions are retraced
        source = datasets.build(config)
        self.training = pipeline.load(source, config.cache_mb << 20, config.cache_dir).samples
        held_out = pipeline.load_held_out(source)
        self._evaluator = Evaluator(held_out, "held out", config.feature_spec(), ("fid",))

    def scores(self, run):
        """Yields (step, {"fid": ..., "floor": ...}) of each checkpoint of a `RunDir`."""
        for step in CheckpointStore(run.checkpoints).steps():
            fakes = _samples(run, step, self._evaluator.num_images)
            batches = ((fakes[at : at + 500], None) for at in range(0, len(fakes), 500))
            [(_, result)] = self._evaluator.score(self._evaluator.sample(batches))
            yield step, {"fid": result.value, "floor": result.floor}


def picture(scorer, runs):
    """Returns a PNG: a row of the training images, then one of samples of each `RunDir`."""
    sheet = [scorer.training[:_COLUMNS], *(_samples(run, "last", _COLUMNS) for run in runs)]
    return images.png(images.grid(np.concatenate(sheet), _COLUMNS))


def _samples(run, step, count):
    trained = TrainedRun(run, step)
    return trained.samples(latents.draw(_SEED, range(count), trained.latent_dim))
