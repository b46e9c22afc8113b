"""The callbacks of a training, and the rule by which they are ordered.

In the order of the list, at the end of each step:

1. `StopOnNonFinite`: nothing is logged, drawn or saved of weights that are no longer numbers.
2. `Progress`, then `Logs`: what later callbacks record stands behind the step's own values.
3. What draws or judges samples: `Samples`, `Health`, `ClassAccuracy`, `Evaluations`. What a signal
   interrupts stands behind what it does not, so that a resumed run catches up in the same order.
4. `Checkpoints`: a checkpoint has all that belongs to its step before it.
5. `StopOnSignal`, then `StopTogether`: whoever stops has saved what there was to save.
"""

import contextlib
import dataclasses
import functools

import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.data import cache
from gan_tf.data.examples import LABEL
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.files.atomic_write import write
from gan_tf.options.interval import interval
from gan_tf.registry import FEATURES
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.training.callbacks.checkpoints import Checkpoints
from gan_tf.training.callbacks.class_accuracy import ClassAccuracy
from gan_tf.training.callbacks.evaluations import Evaluations
from gan_tf.training.callbacks.finite import StopOnNonFinite
from gan_tf.training.callbacks.health_monitor import HealthMonitor
from gan_tf.training.callbacks.logs import Logs
from gan_tf.training.callbacks.progress import Progress
from gan_tf.training.callbacks.samples import Samples
from gan_tf.training.callbacks.stop_together import StopTogether
from gan_tf.training.health.sample_measures import SampleMeasures

MEASURED = 128  # samples by which health is judged
SHOWN = 64  # real samples that are shown beside the generated ones


class CallbackList:
    """Builds the callbacks of a run, and calls those that act before and after `fit`.

    Args:
        config: the resolved `Config`.
        run: the `RunDir`.
        workers: the `Workers`.
        source: the data set.
        data: all of it, decoded.
        schedule: the `Schedule`.
        rollback: the `Rollback`.
        stop: the `StopOnSignal`.

    Attributes:
        callbacks: the callbacks, in order.
        checkpoints, health, logs, progress, samples: those of these names.
        accuracy, evaluations: likewise, or None.
    """

    def __init__(self, config, run, workers, source, data, schedule, rollback, stop):
        self._config, self._run, self._workers, self._data = config, run, workers, data
        self._schedule, self._rollback, self._stop = schedule, rollback, stop
        self._gan, self._modality = rollback.gan, config.modality()
        reals = run.samples / f"reals{self._modality.snapshot_suffix}"
        write(reals, self._modality.snapshot(data.samples[:SHOWN]))
        self.logs = Logs(
            self._steps("log_every"),
            run.logs,
            run.metrics,
            schedule.steps_per_epoch,
            config.hyperparameters(),
            schedule.total_steps,
        )
        self.progress = Progress(
            schedule.total_steps,
            schedule.steps_per_epoch,
            schedule.samples_per_step,
            self._modality.plural,
        )
        self.samples = self._samples()
        self.checkpoints = Checkpoints(self._steps("checkpoint_every"), rollback.store, self.logs)
        with stop.interruptible():
            self.evaluations = config.evaluate_every and self._evaluations(source)
            self.health = self._health()
            self.accuracy = config.semi_supervised and self._accuracy(source)
        self.callbacks = self._in_order()

    def attach(self, gan, step):
        """Gives the callbacks the model, and catches up on what was due when it was stopped.

        Args:
            gan: the GAN.
            step: of the checkpoint that it resumes from, or 0.
        """
        for each in self.callbacks:
            each.set_model(gan)
        self.logs.on_train_begin()
        for each in filter(None, (self.accuracy, self.evaluations)):
            each.catch_up(step)

    def stopped_already(self, step):
        """Returns whether a worker has been stopped, or the run has ended by its scores, at `step`."""
        exhausted = self.evaluations and self.evaluations.exhausted(step)
        return self._workers.stops(self._stop, exhausted)

    def close(self):
        """Ends the progress bar, and writes the logs out."""
        self.progress.close()
        with contextlib.suppress(tf.errors.OpError):  # it would hide a better error
            self.logs.writer.flush()

    def conclude(self, first_step):
        """Does what is due at the end of a run, and prints its scores and verdict.

        Args:
            first_step: from which the run was resumed, or 0.
        """
        step = self._gan.steps_made
        if self.accuracy:
            self.accuracy.conclude(step)
        with self._stop.interruptible():
            if not self.samples.path(step).exists():
                self.samples.act(step, None)
            if first_step >= self._schedule.total_steps:
                longer = "--steps" if self._config.steps else "--epochs"
                print(
                    f"This run is at its end already: give a larger {longer} to train it further."
                )
            if self.evaluations:
                print(self.evaluations.summary(step))
            print(self.health.conclude())

    def _in_order(self):
        acting = [self.samples, self.health, self.accuracy, self.evaluations, self.checkpoints]
        callbacks = [StopOnNonFinite(self._rollback.store), self.progress, self.logs]
        callbacks += [*filter(None, acting), self._stop]
        if self._workers.count > 1:
            callbacks.append(StopTogether(self._workers, self._stop))
        return callbacks

    def _steps(self, name):
        """The interval that an option names, in steps."""
        return interval(getattr(self._config, name), self._schedule.steps_per_epoch, name)

    def _samples(self):
        inputs, columns = self._gan.preview_inputs(self._data, self._modality, self._config.seed)
        every, folder = self._steps("sample_every"), self._run.samples
        return Samples(every, folder, inputs, self._modality, self.logs, columns)

    def _health(self):
        """Watches the training, in the features that are the data set's own."""
        config, data = self._config, self._data
        own = dataclasses.replace(config, features=None).feature_spec()
        extractor = FEATURES.build(own, {"image_shape": data.samples.shape[1:]})
        frequencies = self._label_frequencies()
        inputs, wanted = self._gan.sample_inputs(config.seed, range(MEASURED), frequencies)
        measures = SampleMeasures(
            extractor, data.samples, MEASURED, data.classes, wanted, config.modality_name
        )
        return HealthMonitor(
            config.on_unhealthy,
            measures,
            inputs,
            self._modality,
            self.logs,
            self._rollback,
            self.progress,
        )

    def _accuracy(self, source):
        """Scores a classifying discriminator on held-out samples; None where there are none."""
        held_out = [(each[source.sample], each[LABEL]) for each in source.held_out()]
        if not held_out:
            print(f"{source.name} has no test split, so no test_accuracy is logged.")
            return None
        every = self._schedule.steps_per_epoch
        return ClassAccuracy(every, held_out, self._modality, self.logs, self.progress, self._stop)

    def _evaluations(self, source):
        config, frequencies = self._config, self._label_frequencies()
        labels = None
        if frequencies is not None:
            labels = functools.partial(latents.draw_labels, frequencies=frequencies)
        return Evaluations(
            self._steps("evaluate_every"),
            evaluator(config, source, self._data),
            CheckpointStore(self._run.best, keep=1),
            self.checkpoints,
            self.progress,
            self._stop,
            labels,
            config.stop_when_no_better,
        )

    def _label_frequencies(self):
        """How many samples of each class the data have; None: the run is not conditional."""
        return np.bincount(self._data.labels) if self._config.conditional else None


def evaluator(config, source, data):
    """Returns the `Evaluator` that a `Config` asks for."""
    return Evaluator(
        data,
        source.cache_key,
        config.feature_spec(),
        config.metric or ("fid",),
        {"inception_weights": config.inception_weights},
        config.cache_dir or cache.default_dir(),
    )
