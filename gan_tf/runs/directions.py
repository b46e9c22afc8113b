"""The two directions of a run that translates both ways."""

from gan_tf.runs.trained_run import TrainedRun


def inverse(trained):
    """Returns the `TrainedRun` of a run's other direction, at the same step; None if it has no two."""
    others = [each for each in trained.kind.cls.directions if each != trained.direction]
    return TrainedRun(trained.run, trained.step, others[0]) if others else None
