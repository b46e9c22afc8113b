"""A training of an experiment, and what it cost."""

import datetime
import os
import shlex
import time

from gan_tf.options import flags


def train(config, shown):
    """Trains, or resumes, and returns what it cost.

    Args:
        config: the resolved `Config`.
        shown: the arguments of `gan_tf.main` for the command in the results.

    Returns:
        The exit status, and a dict of facts for the row of the training.
    """
    with flags.quiet_import():
        import keras

        from gan_tf.runtime import precision
        from gan_tf.training import loop

    began, used, load = time.monotonic(), os.times(), os.getloadavg()[0]
    status = loop.train(config)
    seconds, cpu = time.monotonic() - began, os.times()
    keras.utils.clear_session()  # so that memory does not grow from run to run
    images = config.steps * config.batch_size
    return status, {
        "steps": config.steps,
        "images": images,
        "seconds": round(seconds, 1),
        "images_per_second": round(images / seconds, 1),
        "cpu_seconds": round(cpu.user + cpu.system - used.user - used.system, 1),
        "load": [round(each, 1) for each in (load, os.getloadavg()[0])],
        "cpus": os.cpu_count(),
        "precision": precision.resolve(config.precision),
        "date": datetime.date.today().isoformat(),
        "command": shlex.join(["python", "-m", "gan_tf.main", *shown]),
    }
