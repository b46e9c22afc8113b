"""What can be checked of a training before TensorFlow is imported."""

import os

from gan_tf.errors import UserError
from gan_tf.options.option import check_paths
from gan_tf.registry import DATASETS
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir


def check(config):
    """Checks the files and folders that a training reads and writes.

    Args:
        config: the resolved `Config`.

    Raises:
        UserError: when one to read does not exist, or when the run directory cannot be written, is
            another run's or not a run's.
    """
    check_paths(config)
    downloads = DATASETS.entry(config.dataset).attributes.get("download_host")
    if downloads and config.data_dir and not os.path.isdir(config.data_dir):
        raise UserError(
            f"There is no directory '{config.data_dir}': correct --data_dir, or make it."
        )
    run = RunDir(config.run_dir)
    run.check(config)
    if config.init_from and not choices.steps(run.checkpoints):
        choices.check(RunDir(config.init_from))
