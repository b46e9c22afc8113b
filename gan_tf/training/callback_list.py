"""The callbacks of a training run, and their order.

At the end of each step they run in this order:

1. `StopOnNonFinite`: nothing is logged, sampled or saved once weights are not finite.
2. `Progress`, then `Logs`: values recorded by later callbacks follow the step's own.
3. Those that generate or score samples: `TrickRounds`, `Samples`, `HealthMonitor`, `ClassAccuracy`,
   `Evaluations`. Those that a signal interrupts come last, so that a resumed run catches up in the
   same order.
4. `Checkpoints`: everything that belongs to a checkpoint's step comes before it. Then `Tracking`,
   which sends what the checkpoint has secured.
5. `StopOnSignal`, then `StopTogether`: a run stops only after saving its state.
"""

import contextlib
import dataclasses
import functools

import numpy as np
import tensorflow as tf

from gan_tf import latents, modalities
from gan_tf.data import pipeline
from gan_tf.data.examples import LABEL
from gan_tf.evaluation.build import evaluator
from gan_tf.files.atomic_write import write
from gan_tf.messages import show
from gan_tf.options.interval import interval
from gan_tf.registry import FEATURES
from gan_tf.runs import kept_examples
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.tracked_run import TrackedRun
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.sampling import ensemble
from gan_tf.sampling.image_translator import translated
from gan_tf.training.callbacks.checkpoints import Checkpoints
from gan_tf.training.callbacks.class_accuracy import ClassAccuracy
from gan_tf.training.callbacks.evaluations import Evaluations
from gan_tf.training.callbacks.health_monitor import HealthMonitor, Monitored
from gan_tf.training.callbacks.logs import Logs
from gan_tf.training.callbacks.progress import Progress
from gan_tf.training.callbacks.samples import Samples
from gan_tf.training.callbacks.stop_on_non_finite import StopOnNonFinite
from gan_tf.training.callbacks.stop_together import StopTogether
from gan_tf.training.callbacks.tracking import Tracking
from gan_tf.training.callbacks.trick_rounds import TrickRounds
from gan_tf.training.health.sample_measures import SampleMeasures
from gan_tf.training.health.translation_measures import TranslationMeasures

MEASURED = 128  # samples that health is measured on
HELD_OUT = 16  # held-out sources for these, at least; with fewer, they are those of training
DENSE = 100  # snapshots at the default interval, before it grows
SHOWN = 64  # real samples in the sheet next to the generated ones


class CallbackList:
    """Builds the callbacks of a run, and runs what they do before and after `fit`.

    Args:
        config: the resolved `Config`.
        run: the `RunDir`.
        workers: the `Workers`.
        source: the data set.
        data: the decoded data set.
        schedule: the `Schedule`.
        rollback: the `Rollback`.
        stop: the `StopOnSignal`.

    Attributes:
        callbacks: the callbacks, in order.
        checkpoints, health, logs, progress, samples: the callbacks of these kinds.
        accuracy, evaluations, tracking: likewise; None if not used.
    """

    def __init__(self, config, run, workers, source, data, schedule, rollback, stop):
        self._config, self._run, self._workers, self._data = config, run, workers, data
        self._schedule, self._rollback, self._stop = schedule, rollback, stop
        self._gan, self._modality = rollback.gan, modalities.of(data)
        self._shown = data
        if self._gan.source == "example":  # what it makes of examples that it is not trained on
            self._shown = pipeline.load_held_out(source, MEASURED) or data
            kept_examples.keep(run, self._shown, self._modality)
        spread = np.linspace(0, len(data) - 1, min(SHOWN, len(data))).round().astype(int)
        for suffix, content in self._modality.snapshot_files(data.samples[spread]).items():
            write(run.samples / f"reals{suffix}", content)
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
        self.tracking = self._tracking()
        with stop.interruptible():
            self.evaluations = config.evaluate_every and self._evaluations(source)
            self.health = self._health(source)
            self.accuracy = config.semi_supervised and self._accuracy(source)
        self.callbacks = self._in_order()

    def attach(self, gan, step):
        """Sets the callbacks' model, and catches up on what was due when the run was stopped.

        Args:
            gan: the GAN.
            step: of the checkpoint that the run resumes from, or 0.
        """
        for each in self.callbacks:
            each.set_model(gan)
        self.logs.on_train_begin()
        if self.tracking:
            self.tracking.on_train_begin()
        for each in filter(None, (self.accuracy, self.evaluations)):
            each.catch_up(step)

    def is_stopped(self, step):
        """Returns whether a signal stopped a worker, or the scores ended the run, at `step`."""
        exhausted = self.evaluations and self.evaluations.exhausted(step)
        return self._workers.agree_to_stop(self._stop, exhausted)

    def close(self):
        """Ends the progress bar, and flushes the logs."""
        self.progress.close()
        with contextlib.suppress(tf.errors.OpError):  # it would hide a more useful error
            self.logs.writer.flush()
        if self.tracking:
            self.tracking.conclude(complete=False)

    def conclude(self, first_step):
        """Does what is due at the end of a run, and prints its scores and health.

        Args:
            first_step: the step that the run was resumed from, or 0.
        """
        step = self._gan.steps_made
        if self.accuracy:
            self.accuracy.conclude(step)
        with self._stop.interruptible():
            if not self.samples.path(step).exists():
                self.samples.act(step, None)
            if first_step >= self._schedule.total_steps:
                longer = "--steps" if self._config.steps else "--epochs"
                show(f"This run is already complete: give a larger {longer} to train it further.")
            if self.evaluations:
                show(self.evaluations.summary(step))
            show(self.health.conclude())
            if self._schedule.longer:
                show(f"To train longer, repeat the command with {self._schedule.longer}.")

    def _in_order(self):
        tricks = [each for each in self._gan.tricks if each.rounds]
        rounds = [TrickRounds(each, self._modality, self.logs) for each in tricks]
        acting = [
            *rounds,
            self.samples,
            self.health,
            self.accuracy,
            self.evaluations,
            self.checkpoints,
            self.tracking,
        ]
        callbacks = [StopOnNonFinite(self._rollback.store), self.progress, self.logs]
        callbacks += [*filter(None, acting), self._stop]
        if self._workers.count > 1:
            every = [each.steps for each in (self.accuracy, self.evaluations) if each]
            callbacks.append(StopTogether(self._workers, self._stop, every))
        return callbacks

    def _steps(self, name):
        """The interval of an option, in steps."""
        return interval(getattr(self._config, name), self._schedule.steps_per_epoch, name)

    def _tracking(self):
        if not self._config.tracker or not self._workers.chief:
            return None
        tracked = TrackedRun(self._run, self._config)
        return Tracking(self._steps("checkpoint_every"), tracked, self.logs)

    def _samples(self):
        inputs, columns = self._gan.preview_inputs(self._shown, self._modality, self._config.seed)
        every, folder = self._steps("sample_every"), self._run.samples
        dense = None if self._config.sample_every else DENSE
        return Samples(every, folder, inputs, self._modality, self.logs, columns, dense)

    def _health(self, source):
        """The health monitor; it measures the outputs of both generators, if there are two."""
        held_out = None
        if "density" in self._gan.knows:
            held_out = pipeline.load_held_out(source, MEASURED)
        enough = min(map(len, self._shown.domains)) >= HELD_OUT
        of = self._config, self._data, self._shown if enough else self._data
        monitored = [self._monitored(*of)]
        if len(self._gan.directions) > 1:
            reversed_ = (each.reversed() for each in of)
            monitored.append(self._monitored(*reversed_, ending="_b_to_a"))
        return HealthMonitor(
            self._config.on_unhealthy,
            monitored,
            self._modality,
            self.logs,
            self._rollback,
            self.progress,
            held_out and held_out.samples,
        )

    def _monitored(self, config, data, shown, ending=""):
        """What is measured of a generator's samples, with the data set's default features."""
        spec = dataclasses.replace(config, features=None).feature_spec()
        extractor = FEATURES.build(spec, {"image_shape": data.samples.shape[1:]})
        frequencies = self._label_frequencies()
        count = min(MEASURED, *map(len, shown.domains))
        inputs, labels = self._gan.monitored_inputs(
            shown, self._modality, config.seed, count, frequencies
        )
        measures = SampleMeasures(
            extractor, data.samples, MEASURED, data.classes, labels, config.modality_name
        )
        if self._gan.source == "example":
            pairs = shown.sources, shown.samples
            pairs = [self._modality.to_network(each[:count]) for each in pairs]
            measures = TranslationMeasures(
                measures, *pairs, self._modality.to_network, self._gan.pairing == "paired"
            )
        return Monitored(inputs, measures, ending)

    def _accuracy(self, source):
        """Scores a classifying discriminator on held-out samples; None if there are none."""
        held_out = [(each[source.sample], each[LABEL]) for each in source.held_out()]
        if not held_out:
            show(f"{source.name} has no test split, so no test_accuracy is logged.")
            return None
        every = interval(None, self._schedule.steps_per_epoch)
        return ClassAccuracy(every, held_out, self._modality, self.logs, self.progress, self._stop)

    def _evaluations(self, source):
        config, metrics = self._config, self._config.metric or ("fid",)
        scored = evaluator(config, source, self._data, metrics)
        samplers, back = [*map(FixedBatchModel, self._gan.samplers.values())], None
        if len(self._gan.directions) > 1:
            other = evaluator(config.reversed(), source.reversed(), self._data.reversed(), metrics)
            back = other, self._fakes(other, samplers[0])
        return Evaluations(
            self._steps("evaluate_every"),
            scored,
            self._fakes(scored, *samplers[1:]),
            CheckpointStore(self._run.best, keep=1),
            self.checkpoints,
            self.progress,
            self._stop,
            config.stop_when_no_better,
            back,
        )

    def _fakes(self, scored, inverse=None):
        """A function from a generator to the stream of its samples that are scored.

        Args:
            scored: the evaluator.
            inverse: the `FixedBatchModel` that translates back, if any.
        """
        if self._gan.source == "example":
            return functools.partial(
                translated,
                modality=self._modality,
                examples=scored.pairs,
                count=scored.num_images,
                inverse=inverse,
            )
        labels, frequencies = None, self._label_frequencies()
        if frequencies is not None:
            labels = functools.partial(latents.draw_labels, frequencies=frequencies)
        return functools.partial(
            ensemble.generate, modality=self._modality, num_images=scored.num_images, labels=labels
        )

    def _label_frequencies(self):
        """How many samples of each class the data have; None if the run is not conditional."""
        return np.bincount(self._data.labels) if self._config.conditional else None
