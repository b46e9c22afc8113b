"""Watches whether the game goes well, says so, and stops or goes back when it does not."""

import dataclasses
import functools
import json
import sys
import time

import tensorflow as tf
from tqdm import tqdm

from gan_tf.errors import NonFiniteError, writing
from gan_tf.files.atomic_write import write
from gan_tf.gans.random_states import undisturbed
from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every
from gan_tf.training.health.diagnosis import Judge, UnhealthyError
from gan_tf.training.rollback import LIMIT

EVERY = 200  # steps between two measurements of samples, which cost about two steps each


class HealthMonitor(Every):
    """Judges what was logged, and measures of a fixed batch of samples, with a `Judge`.

    The measures are logged like any other value. The samples are made of the same latents each
    time, and drawing them leaves the model's own random numbers as they are, so that a run
    learns the same whether it is watched or not. The verdict goes to health.json and to
    TensorBoard's texts. Put it behind the callbacks that log and before the one that writes
    checkpoints, so that no checkpoint is made of a state that stops the run.

    Args:
        on_unhealthy: "warn", "stop" or "rollback".
        measures: a `gan_tf.training.health.sample_measures.SampleMeasures`.
        inputs: latents, or [latents, labels], of the samples to measure.
        modality: that of the samples.
        logs: the `Logs` callback.
        rollback: the `gan_tf.training.rollback.Rollback`.
        progress: the `Progress` callback, whose bar begins anew when the run goes back.

    Attributes:
        judge: the `Judge`.
        seconds: how long it has taken so far, in this process.
        began: when the training began in this process, by `time.perf_counter`.

    Raises:
        UnhealthyError: from `fit`, when something has gone wrong, except to "warn".
    """

    def __init__(self, on_unhealthy, measures, inputs, modality, logs, rollback, progress):
        super().__init__(EVERY)
        self.on_unhealthy = on_unhealthy
        self.measures = measures
        self.inputs = inputs
        self.modality = modality
        self.logs = logs
        self.rollback = rollback
        self.progress = progress
        self.seconds = 0.0
        self.began = time.perf_counter()
        self._forget()

    @functools.cached_property
    def _draw(self):
        return inference(self.model.sampler)

    def on_train_begin(self, logs=None):
        self._judge()  # what a run that goes on has logged before
        store = self.rollback.store
        if self.on_unhealthy != "warn" and not store.steps():
            store.save(self.model)  # where to go back to from a failure in the first epoch

    def on_train_batch_end(self, batch, logs=None):
        began = time.perf_counter()
        super().on_train_batch_end(batch, logs)
        if len(self.logs.rows) > self._judged:
            self._look(self.model.steps_made)
        self.seconds += time.perf_counter() - began

    def act(self, step, logs):
        with undisturbed(self.model):
            samples = self.modality.to_stored(self._draw(self.inputs))
        self.logs.record(step, self.measures(samples))

    def recover(self, error):
        """Goes back to the last healthy checkpoint, where --on_unhealthy says so.

        Args:
            error: the `UnhealthyError` or `NonFiniteError` that `fit` ended with; it is raised
                again where the run is not to go back.

        Raises:
            UnhealthyError: when the run has gone back too often, or there is nowhere to go.
        """
        step = self.model.steps_made
        if isinstance(error, NonFiniteError):
            self.judge.fail(step, error.evidence)
        self._publish(step)
        if self.on_unhealthy != "rollback":
            raise error
        cause, back = self.judge.active[0], self.rollback
        if len(back.past) == LIMIT:
            raise UnhealthyError(
                f"It has gone wrong again at step {step:,}, after {LIMIT} rollbacks, so the "
                f"training was stopped: {cause}. {cause.advice}"
            ) from error
        healthy = self._healthy_checkpoints()
        if not healthy:
            raise UnhealthyError(
                f"No healthy checkpoint is left to go back to, so the training was stopped at step "
                f"{step:,}: {cause}. {cause.advice}"
            ) from error
        reached = back.to(healthy, cause.name, cause.evidence)
        self.logs.drop_after(reached)
        self._forget()
        self._judge()
        self._publish(reached)
        self.progress.close()
        tqdm.write(
            f"Health: {cause}. Back from step {step:,} to {reached:,}, at {back.scale:g} times the "
            f"learning rates (rollback {len(back.past)} of {LIMIT}).",
            file=sys.stderr,
        )

    def conclude(self):
        """Judges what is left, for the last time; returns the verdict, a line."""
        self._judge()
        self._publish(self.judge.step)
        return self._line()

    def _forget(self):
        self.judge = Judge(self.modality.name)
        self._judged = 0

    def _judge(self):
        """Judges the new rows; returns whether that has changed the findings."""
        before = list(self.judge.findings)
        for row in self.logs.rows[self._judged :]:
            self.judge.add(row)
        self._judged = len(self.logs.rows)
        return self.judge.findings != before

    def _look(self, step):
        if self._judge():
            self._publish(step)
            tqdm.write(f"Step {step:,}. {self._line()}", file=sys.stderr)
        if self.judge.active and self.on_unhealthy != "warn":
            cause, healthy = self.judge.active[0], self._healthy_checkpoints()
            store = self.rollback.store
            kept = "no healthy checkpoint is left"
            if healthy:
                kept = f"the last healthy checkpoint is '{store.path(healthy[-1])}'"
            raise UnhealthyError(
                f"The training was stopped at step {step:,}: {cause}; {kept}. {cause.advice}"
            )

    def _line(self):
        advice = "".join(f" {each.advice}" for each in self.judge.active[:1])
        return f"Health: {self.judge.verdict()}{self._rolled_back()}.{advice}"

    def _rolled_back(self):
        """Tells of the times that the run went back, in a clause; "" of none."""
        past = [f"{each['finding']} at step {each['step']:,}" for each in self.rollback.past]
        if not past:
            return ""
        times = "once" if len(past) == 1 else f"{len(past)} times"
        return (
            f"; it went back {times} ({', '.join(past)}) and learns at {self.rollback.scale:g} times "
            "the rates"
        )

    def _healthy_checkpoints(self):
        steps = self.rollback.store.steps()
        return [step for step in steps if self.judge.healthy_at(step)]

    def _publish(self, step):
        disk = self.logs.disk.may_be_full
        with disk(), writing(self.logs.path), self.logs.writer.as_default(step=step):
            self._write(step)
            tf.summary.text("health", self.judge.markdown())

    def _write(self, step):
        facts = {
            "verdict": self.judge.verdict(),
            "step": step,
            "findings": [dataclasses.asdict(each) for each in self.judge.findings],
            "rollbacks": self.rollback.past,
            "seconds": {
                "health": round(self.seconds, 3),
                "training": round(time.perf_counter() - self.began, 3),
            },
        }
        write(self.rollback.run.health, (json.dumps(facts, indent=1) + "\n").encode())
