"""Scores that are computed after training, shown where those of training are."""

import time

import tensorflow as tf

from gan_tf.errors import writing
from gan_tf.runs import tracked_run
from gan_tf.runs.log_groups import tag


def publish(run, step, scores, ending=""):
    """Adds scores to TensorBoard's events of a run, whose hyperparameters it compares, and to its tracker.

    While the run is being trained they are not added: TensorBoard would no longer look at the events of
    the training.

    Args:
        run: the `RunDir`.
        step: of the checkpoint.
        scores: {name: float}.
        ending: of the names in the log, such as "_b_to_a" for one of two directions.

    Raises:
        UserError: when the directory cannot be written.
    """
    if run.is_in_use():
        return
    scores = {f"{name}{ending}": float(value) for name, value in scores.items()}
    if run.events():
        _wait_for_the_next_second(run)
        with writing(run.logs):
            writer = tf.summary.create_file_writer(str(run.logs))
            with writer.as_default(step=step):
                for name, value in scores.items():
                    tf.summary.scalar(tag(name), value)
            writer.close()
    tracked = tracked_run.of_trained(run)
    if tracked:
        tracked.add_scores(step, scores)


def _wait_for_the_next_second(run):
    """Makes sure that the next file of events sorts last, as TensorBoard reads them by their names.

    These have the second and the number of the writer, of which 10 sorts before 9.
    """
    seconds = {each.name.split(".tfevents.")[1].split(".")[0] for each in run.events()}
    while f"{int(time.time())}" in seconds:
        time.sleep(0.05)
