"""The request to `gan_tf.evaluate`, checked before TensorFlow is imported."""

import dataclasses
import pathlib

from gan_tf.errors import UserError
from gan_tf.options.compatibility import check_command, check_features
from gan_tf.options.config import Config
from gan_tf.options.data import DataSet
from gan_tf.options.modality import check_samples
from gan_tf.options.option import check, check_paths
from gan_tf.registry import METRICS
from gan_tf.runs import choices, kept_scores, metrics_log, preflight, steering, truncation
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling.acceptance import check as check_rejection


def read_request(options):
    """Checks the options of `gan_tf.evaluate`.

    Returns:
        [`RunDir`] of the runs to score, [] for a folder of images; and the `Config` of each, or of the
        folder, with the options of the real images.

    Raises:
        UserError: for the first invalid option.
    """
    check(options)
    given = [name for name in ("run_dir", "images", "compare") if getattr(options, name)]
    if len(given) != 1:
        raise UserError(
            "Say what to score with one of --run_dir=..., --images=... or --compare runs/a runs/b."
        )
    _check_outputs(options)
    if options.images:
        runs, configs = [], [_folder(options)]
    else:
        runs = [RunDir(each) for each in options.compare or (options.run_dir,)]
        configs = [_with_real_images(options, run.config()) for run in runs]
    for config in configs:
        check_command(config, "evaluate")
        for name in ("images", "memorization"):
            if getattr(options, name):
                check_samples(f"--{name}", ("image",), config)
        check_features(config, options.metric)
    for run in runs:
        choices.check(run, options.checkpoint)
        steering.check_path(run.config(), options)
        steering.read(run, options.temperature)
        truncation.check(run, options.psi)
        if options.reject:
            check_rejection(run, options.reject, options.location())
    check_paths(options)
    for config in configs:
        check_paths(config, reading=True)
        preflight.check_features(config)
    if options.plot:
        check_plot(runs)
    return runs, configs


def check_plot(runs):
    """Checks that there is something to plot.

    Raises:
        UserError: when none of the `RunDir`s was scored during training.
    """
    if not any(
        METRICS.entries.keys() & row for run in runs for row in metrics_log.rows(run.metrics)
    ):
        raise UserError(
            "None of these runs was scored during training, so there is nothing to plot: leave "
            "--plot out, or train with --evaluate_every=1epoch."
        )


def _check_outputs(options):
    if options.plot and not options.compare:
        raise UserError("--plot goes with --compare: give that too, or leave it out.")
    if options.memorization and options.compare:
        raise UserError("--memorization goes with --run_dir or --images: leave --compare out.")
    for name in kept_scores.SAMPLING:
        if getattr(options, name) is not None and (options.images or options.memorization):
            raise UserError(f"--{name} goes with scores of --run_dir or --compare: leave it out.")
    for name in ("json", "metric"):
        if getattr(options, name) and options.memorization:
            raise UserError(f"--{name} has no effect on --memorization: leave one of them out.")
    written = [each for each in (options.json, options.plot, options.memorization) if each]
    if len({pathlib.Path(each).resolve() for each in written}) < len(written):
        raise UserError(f"'{written[0]}' would be written twice: give each file its own name.")


def _folder(options):
    """The `Config` of the real images that a folder is compared with."""
    if not options.dataset:
        raise UserError("--images needs --dataset=...: the real images to compare with.")
    any_size = Config(dataset=options.dataset, arch="mlp")  # no network is built
    return _with_real_images(options, any_size).resolve()


def _with_real_images(options, config):
    """A `Config` with the options of the real images and of the evaluation."""
    names = {"features", "inception_weights"} | {each.name for each in dataclasses.fields(DataSet)}
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return dataclasses.replace(config, **given, **options.location())
