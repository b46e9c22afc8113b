"""Scores that are computed after training, shown where those of training are."""

import re

import tensorflow as tf

from gan_tf.errors import writing
from gan_tf.runs import tracked_run
from gan_tf.runs.log_groups import tag

_NAME = re.compile(r"events\.out\.tfevents\.(\d{10})\.")


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
    before = run.events()
    if before:
        with writing(run.logs):
            writer = tf.summary.create_file_writer(str(run.logs))
            with writer.as_default(step=step):
                for name, value in scores.items():
                    tf.summary.scalar(tag(name), value)
            writer.close()
            _put_last(run, before)
    tracked = tracked_run.of_trained(run)
    if tracked:
        tracked.add_scores(step, scores)


def _put_last(run, before):
    """Renames the events that are not of `before`, if TensorBoard would skip them: it reads by names.

    A name begins with the second in which the file was made, and the number of its writer, of which 10
    sorts before 9, distinguishes those of a second. The clock may also have been set back.
    """
    named = [each for each in before if _NAME.match(each.name)]
    for path in set(run.events()) - set(before):
        last = max(named, key=lambda each: each.name, default=path)
        if path.name < last.name:
            seconds = int(_NAME.match(last.name)[1]) + 1
            path.rename(path.with_name(_NAME.sub(f"events.out.tfevents.{seconds}.", path.name)))
