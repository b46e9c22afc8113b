"""Builds the evaluator that a configuration describes."""

import functools

from gan_tf.data import cache, pipeline
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.evaluation.paired_evaluator import PairedEvaluator
from gan_tf.evaluation.unpaired_evaluator import UnpairedEvaluator
from gan_tf.messages import show
from gan_tf.options.metric_needs import generator_knows
from gan_tf.registry import CONTENT_LOSSES, FEATURES, GANS


def evaluator(config, source, data, metrics=(), num_images=None, generated=True):
    """Returns the `Evaluator` of a resolved `Config`.

    Args:
        config: the `Config`.
        source: its data set.
        data: the decoded `Examples`.
        metrics: specs; (): all that the features allow.
        num_images: how many each metric compares, where its spec does not say; None: its default.
        generated: whether generators of this kind are scored, rather than samples of any origin.

    Raises:
        UserError: as for `Evaluator`.
    """
    _warn_of_losses(config)
    kind = GANS.entry(config.gan).attributes
    arguments = (
        source.cache_key,
        config.feature_spec(),
        metrics,
        {"num_images": num_images, "inception_weights": config.inception_weights},
        config.cache_dir or cache.default_dir(),
        source,
        generator_knows(config) if generated else (),
    )
    labeled = bool(config.conditional)
    if kind["pairing"] == "single":
        return Evaluator(data, *arguments, labeled=labeled)
    held_out = functools.partial(pipeline.load_held_out, source)
    if kind["pairing"] == "paired":
        return PairedEvaluator(data, held_out, *arguments, labeled=labeled)
    same = _same_classes(config, data)
    return UnpairedEvaluator(data, held_out, *arguments, labeled=same)


def _same_classes(config, data):
    """Whether both domains have the same classes, all of those that a classifier knows."""
    chosen = config.classes, config.leave_out, config.domains
    return chosen == (None, None, None) and data.same_classes


def _warn_of_losses(config):
    """Prints a line if a content loss compares the same features as the scores."""
    scored = FEATURES.entry(config.feature_spec()).name
    compared = (CONTENT_LOSSES.canonical(each)[1].get("features") for each in config.content_loss)
    if scored in [FEATURES.entry(each).name for each in compared if each]:
        show(
            f"--features={scored} are those of the run's content loss, so scores in them are better than "
            "the images are: give others to compare it with other runs."
        )
