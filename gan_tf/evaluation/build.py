"""Builds the evaluator that a configuration describes."""

import functools

from gan_tf.data import cache, pipeline
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.evaluation.paired_evaluator import PairedEvaluator
from gan_tf.registry import GANS


def evaluator(config, source, data, metrics=(), num_images=None):
    """Returns the `Evaluator` of a resolved `Config`.

    Args:
        config: the `Config`.
        source: its data set.
        data: the decoded `Examples`.
        metrics: specs; (): all that the features allow.
        num_images: how many each metric compares, where its spec does not say; None: its default.

    Raises:
        UserError: as for `Evaluator`.
    """
    arguments = (
        source.cache_key,
        config.feature_spec(),
        metrics,
        {"num_images": num_images, "inception_weights": config.inception_weights},
        config.cache_dir or cache.default_dir(),
    )
    if GANS.entry(config.gan).attributes["source"] == "latent":
        return Evaluator(data, *arguments)
    return PairedEvaluator(data, functools.partial(pipeline.load_held_out, source), *arguments)
