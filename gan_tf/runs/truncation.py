"""Truncation in W: styles are moved towards their mean (--psi)."""

from gan_tf.runs import style_space


def check(run, psi):
    """Checks that a run's samples can be truncated in W, without loading it.

    Args:
        run: the `RunDir`.
        psi: see `gan_tf.networks.styles.truncated`; None: there is no truncation.

    Raises:
        UserError: when its generator has no space of styles.
    """
    if psi is not None:
        style_space.check(run, f"--psi={psi}", "give --truncation, ")


def truncate(trained, psi):
    """Makes a `TrainedRun` generate with truncated styles; None: it stays as it is."""
    if psi is None:
        return
    from gan_tf.networks import styles  # here, so that flags can be checked without TensorFlow
    from gan_tf.runtime.fixed_batch import FixedBatchModel

    trained.generator = styles.truncated(trained.generator, psi)
    trained.generate = FixedBatchModel(trained.generator)
