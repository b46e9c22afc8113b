"""Scores of the generator during training; the best checkpoint is kept."""

import functools

import numpy as np

from gan_tf.evaluation.generator_measures import GeneratorMeasures
from gan_tf.gans.random_states import preserved_random_states
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.training.callbacks.every import Every
from gan_tf.training.callbacks.stop_on_signal import Interrupted


class Evaluations(Every):
    """Scores the generator, logs the scores, and keeps the checkpoint with the best one.

    The first metric decides which is best, in the first direction of a GAN that translates both ways.
    The fakes are made from the same latents, or the same examples, each time, and without changing the
    model's random state, so that scoring does not affect training.

    Args:
        steps: the interval in training steps.
        evaluator: the `gan_tf.evaluation.evaluator.Evaluator`.
        fakes: a function from a `FixedBatchModel` of the generator to the samples that are scored: a
            stream of (stored samples, labels or None), the same each time.
        store: a `CheckpointStore` that keeps one checkpoint, the best.
        checkpoints: the `Checkpoints` callback: a best checkpoint is a regular one too, so that
            a run never resumes from before it.
        progress: the `Progress` callback, which shows the scores.
        stop: the `StopOnSignal`, which interrupts scoring; a resumed run scores again.
        patience: stop after this many scores in a row without improvement; None: never.
        back: of a GAN that translates both ways, the evaluator and the fakes of the other direction, whose
            scores are logged with "_b_to_a" in their names; None: there is no other.
    """

    def __init__(
        self, steps, evaluator, fakes, store, checkpoints, progress, stop, patience=None, back=None
    ):
        super().__init__(steps)
        self.evaluator = evaluator
        self.store = store
        self.checkpoints = checkpoints
        self.progress = progress
        self.stop = stop
        self.fakes = fakes
        self.patience = patience
        self.back = back
        self.name, metric = next(iter(evaluator.metrics.items()))
        self._sign = 1 if metric.higher_is_better else -1

    def scores(self, step):
        """Returns [(step, value)] of the first metric up to a step."""
        rows = [each for each in self.checkpoints.logs.rows if self.name in each]
        return [(row["step"], row[self.name]) for row in rows if row["step"] <= step]

    def best(self, step):
        """Returns (step, value) of the best score up to a step, the first on a tie; or None."""
        return max(self.scores(step), key=lambda each: self._sign * each[1], default=None)

    def exhausted(self, step):
        """Returns whether the scores up to `step` have exhausted the patience."""
        if not self.patience or not self.scores(step):
            return False
        best, _ = self.best(step)
        return sum(each > best for each, _ in self.scores(step)) >= self.patience

    def summary(self, step):
        """Returns a sentence on the best score of a run at `step`."""
        if not self.scores(step):
            return f"No {self.name} yet: the run is shorter than --evaluate_every."
        best, value = self.best(step)
        text = f"Best {self.name}:     {value:.4g}, at step {best:,} (--checkpoint=best)"
        if self.exhausted(step):
            text += f"; {self.patience} scores in a row were no better, so the run has ended"
        return text + "."

    @functools.cached_property
    def _samplers(self):
        return [FixedBatchModel(each) for each in self.model.samplers.values()]

    @property
    def _measures(self):
        data = self.evaluator.data
        frequencies = np.bincount(data.labels) if self.model.conditional else None
        modality = self.evaluator.modality
        return GeneratorMeasures(type(self.model), self.model.sampler, modality, frequencies)

    def catch_up(self, step):
        """Does what was due at the step that a run resumes from, if it was interrupted."""
        if step and step % self.steps == 0 and step not in dict(self.scores(step)):
            self.act(step, None)
            self.checkpoints.save(step)
        best = self.best(step)
        regular = self.checkpoints.store
        if best and self.store.steps() != [best[0]] and best[0] in regular.steps():
            self.store.copy(regular, best[0])

    def act(self, step, logs):
        try:
            with self.stop.interruptible(), preserved_random_states(self.model):
                fakes = self.evaluator.sample(self.fakes(self._samplers[0]), self._measures)
                results = dict(self.evaluator.score(fakes))
                if self.back:
                    evaluator, made = self.back
                    found = evaluator.score(evaluator.sample(made(self._samplers[1])))
                    results |= {f"{name}_b_to_a": result for name, result in found}
        except Interrupted:
            return
        values = {name: result.value for name, result in results.items()}
        self.checkpoints.logs.record(step, values)
        for name, value in values.items():
            self.progress.note(name, value)
        if self.best(step)[0] == step:
            self.checkpoints.request(self.store)
        if self.exhausted(step):
            self.checkpoints.logs.flush(
                step
            )  # the run ends here, so no more values enter the means
            self.model.stop_training = True
