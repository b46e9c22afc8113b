"""Monitors the health of training: warns, stops or rolls back when something goes wrong."""

import dataclasses
import functools
import json
import sys
import time
from typing import NamedTuple

import tensorflow as tf

from gan_tf.errors import NonFiniteError, writing
from gan_tf.files.atomic_write import write
from gan_tf.gans.random_states import preserved_random_states
from gan_tf.messages import show
from gan_tf.runs import likelihood
from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every
from gan_tf.training.health.diagnosis import Diagnosis, UnhealthyError
from gan_tf.training.rollback import LIMIT

EVERY = 200  # steps between measurements of samples, each of which costs about two steps


class Monitored(NamedTuple):
    """What is measured of a generator.

    Attributes:
        inputs: latents, or [latents, labels], or sources, of the samples to measure.
        measures: a `gan_tf.training.health.sample_measures.SampleMeasures`.
        ending: of the names of the measures.
    """

    inputs: object
    measures: object
    ending: str = ""


class HealthMonitor(Every):
    """Diagnoses a run by its logged values, and by measures of a fixed batch of samples.

    The measures are logged like any other value. The samples are generated from the same latents
    each time, and without changing the model's random state, so that monitoring does not affect
    training. The verdict is written to health.json and to TensorBoard's texts. Put it after the
    callbacks that log and before the one that writes checkpoints, so that no checkpoint is made of
    a state that stops the run.

    Args:
        on_unhealthy: "warn", "stop" or "rollback".
        monitored: [`Monitored`], one for each of the model's `samplers`.
        modality: of the samples.
        logs: the `Logs` callback.
        rollback: the `gan_tf.training.rollback.Rollback`.
        progress: the `Progress` callback, whose bar restarts after a rollback.
        held_out: stored samples whose likelihood is measured, too; None: it is not known, or no samples
            are held out.

    Attributes:
        diagnosis: the `Diagnosis`.
        seconds: how long monitoring has taken so far, in this process.
        began: when training began in this process, by `time.perf_counter`.

    Raises:
        UnhealthyError: from `fit`, when something goes wrong and `on_unhealthy` is not "warn".
    """

    def __init__(self, on_unhealthy, monitored, modality, logs, rollback, progress, held_out=None):
        super().__init__(EVERY)
        self.on_unhealthy = on_unhealthy
        self.monitored = monitored
        self.modality = modality
        self.logs = logs
        self.rollback = rollback
        self.progress = progress
        self.held_out = held_out
        self.seconds = 0.0
        self.began = time.perf_counter()
        self._advised = set()  # names of the findings whose advice was printed
        self._reset()

    @functools.cached_property
    def _samplers(self):
        return [inference(each) for each in self.model.samplers.values()]

    def on_train_begin(self, logs=None):
        self._update()  # with what a resumed run logged before
        store = self.rollback.store
        if self.on_unhealthy != "warn" and not store.steps():
            store.save(self.model)  # to roll back to after a failure in the first epoch

    def on_train_batch_end(self, batch, logs=None):
        began = time.perf_counter()
        super().on_train_batch_end(batch, logs)
        if len(self.logs.rows) > self._rows_read:
            self._check(self.model.steps_made)
        self.seconds += time.perf_counter() - began

    def act(self, step, logs):
        found = {}
        with preserved_random_states(self.model):
            for generate, (inputs, measures, ending) in zip(self._samplers, self.monitored):
                samples = self.modality.to_stored(generate(inputs))
                found |= {f"{name}{ending}": each for name, each in measures(samples).items()}
        if self.held_out is not None:
            kind, generator = type(self.model), self.model.sampler
            nats = likelihood.nll(kind, generator, self.modality, self.held_out)
            found["held_out_nll"] = float(nats.mean())
        self.logs.record(step, found)

    def recover(self, error):
        """Rolls back to the last healthy checkpoint, if --on_unhealthy=rollback.

        Args:
            error: the `UnhealthyError` or `NonFiniteError` that `fit` ended with; it is raised
                again if the run is not to roll back.

        Raises:
            UnhealthyError: when the limit of rollbacks is reached, or no healthy checkpoint is left.
        """
        step = self.model.steps_made
        if isinstance(error, NonFiniteError):
            self.diagnosis.fail(step, error.evidence)
        self._publish(step)
        if self.on_unhealthy != "rollback":
            raise error
        cause, rollback = self.diagnosis.active[0], self.rollback
        if len(rollback.past) == LIMIT:
            raise UnhealthyError(
                f"Training failed again at step {step:,}, after {LIMIT} rollbacks, and was "
                f"stopped: {cause}. {cause.advice}"
            ) from error
        healthy = self._healthy_checkpoints()
        if not healthy:
            raise UnhealthyError(
                f"No healthy checkpoint is left to roll back to, so training was stopped at step "
                f"{step:,}: {cause}. {cause.advice}"
            ) from error
        reached = rollback.to(healthy, cause.name, cause.evidence)
        self.logs.drop_after(reached)
        self._reset()
        self._update()
        self._publish(reached)
        self.progress.close()
        show(
            f"Health: {cause}. Rolled back from step {step:,} to {reached:,}, at {rollback.scale:g} times "
            f"the learning rates (rollback {len(rollback.past)} of {LIMIT}).",
            file=sys.stderr,
        )

    def conclude(self):
        """Diagnoses the remaining rows; returns the final verdict, a line."""
        self._update()
        self._publish(self.diagnosis.step)
        return self._line()

    def _reset(self):
        self.diagnosis = Diagnosis(self.modality.name)
        self._rows_read = 0

    def _update(self):
        """Adds the new rows to the diagnosis; returns whether the findings have changed."""
        before = list(self.diagnosis.findings)
        for row in self.logs.rows[self._rows_read :]:
            self.diagnosis.add(row)
        self._rows_read = len(self.logs.rows)
        return self.diagnosis.findings != before

    def _check(self, step):
        before = list(self.diagnosis.findings)
        if self._update():
            self._publish(step)
            for each in self.diagnosis.findings:
                if each not in before:
                    over = "" if each.until is None else "over: "
                    line = f"Step {step:,}. Health: {over}{each}.{self._advice(each)}"
                    show(line, file=sys.stderr)
        if self.diagnosis.active and self.on_unhealthy != "warn":
            cause, healthy = self.diagnosis.active[0], self._healthy_checkpoints()
            store = self.rollback.store
            kept = "no healthy checkpoint is left"
            if healthy:
                kept = f"the last healthy checkpoint is '{store.path(healthy[-1])}'"
            raise UnhealthyError(
                f"Training was stopped at step {step:,}: {cause}; {kept}. {cause.advice}"
            )

    def _line(self):
        advice = "".join(map(self._advice, self.diagnosis.active[:1]))
        return f"Health: {self.diagnosis.verdict()}{self._rolled_back()}.{advice}"

    def _advice(self, finding):
        """The advice on a finding, with a space before it; "" if it was printed before."""
        if finding.name in self._advised or finding.until is not None:
            return ""
        self._advised.add(finding.name)
        return f" {finding.advice}"

    def _rolled_back(self):
        """A clause about past rollbacks; "" if there were none."""
        past = [f"{each['finding']} at step {each['step']:,}" for each in self.rollback.past]
        if not past:
            return ""
        times = "once" if len(past) == 1 else f"{len(past)} times"
        return (
            f"; rolled back {times} ({', '.join(past)}), now training at {self.rollback.scale:g} times "
            "the learning rates"
        )

    def _healthy_checkpoints(self):
        steps = self.rollback.store.steps()
        return [step for step in steps if self.diagnosis.healthy_at(step)]

    def _publish(self, step):
        disk = self.logs.disk.may_be_full
        with disk(), writing(self.logs.path), self.logs.writer.as_default(step=step):
            self._write(step)
            tf.summary.text("health", self.diagnosis.markdown())

    def _write(self, step):
        facts = {
            "verdict": self.diagnosis.verdict(),
            "step": step,
            "findings": [dataclasses.asdict(each) for each in self.diagnosis.findings],
            "rollbacks": self.rollback.past,
            "seconds": {
                "health": round(self.seconds, 3),
                "training": round(time.perf_counter() - self.began, 3),
            },
        }
        write(self.rollback.run.health, (json.dumps(facts, indent=1) + "\n").encode())
