"""Truncation in W: styles are moved towards their mean (--psi)."""

from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES


def check(run, psi):
    """Checks that a run's samples can be truncated in W, without loading it.

    Args:
        run: the `RunDir`.
        psi: see `gan_tf.networks.styles.truncated`; None: there is no truncation.

    Raises:
        UserError: when its generator has no space of styles.
    """
    architecture = ARCHITECTURES.entry(run.config().arch)
    if psi is not None and not architecture.attributes.get("styles"):
        able = [e.name for e in ARCHITECTURES.entries.values() if e.attributes.get("styles")]
        raise UserError(
            f"--psi={psi} is for generators with a space of styles, and that of '{run.path}' is "
            f"{architecture.name}: leave it out, give --truncation, or a run of {' or '.join(able)}."
        )


def truncate(trained, psi):
    """Makes a `TrainedRun` generate with truncated styles; None: it stays as it is."""
    if psi is None:
        return
    from gan_tf.networks import styles  # here, so that flags can be checked without TensorFlow
    from gan_tf.runtime.fixed_batch import FixedBatchModel

    trained.generator = styles.truncated(trained.generator, psi)
    trained.generate = FixedBatchModel(trained.generator)
