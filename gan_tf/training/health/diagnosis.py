"""Diagnosis of failing GANs from the logged values alone.

A `Diagnosis` is fed the rows of metrics.jsonl one by one, and keeps the `Finding`s of the
`symptoms` that they show. The same rows give the same findings, so that resuming a run does not
change its diagnosis.
"""

import dataclasses
import heapq
import statistics

from gan_tf.errors import UserError
from gan_tf.training.health.symptoms import SYMPTOMS, symptoms_of

WINDOW = 500  # steps that a symptom must show to be found, and be absent to be over
FEWEST = 3  # values in a window, however far back they reach
WARM_UP = 500  # steps before the diagnosis starts, except for values that are not finite
LEGIBLE = 2000  # steps after which samples of DCGANs are what they are of, more or less
HINDSIGHT = 1500  # steps that can pass before a failure is found
NOT_FINITE = "not_finite"
_NOT_FINITE_ADVICE = (
    'Smaller learning rates, e.g. --generator_optimizer="adam(1e-4, beta_1=0.5)" '
    '--discriminator_optimizer="adam(1e-4, beta_1=0.5)", or --trick="gradient_clipping(1)".'
)


class UnhealthyError(UserError):
    """Training went wrong, and was to be stopped if it does."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """A problem that was found.

    Attributes:
        name: of the symptom.
        since: the step at which it began.
        found: the step at which it was found.
        evidence: a clause with the values.
        advice: what usually helps, a sentence.
        until: its last step, once it is over; otherwise None.
    """

    name: str
    since: int
    found: int
    evidence: str
    advice: str
    until: int | None = None

    def __str__(self):
        """A clause without the advice, such as "mode_collapse since step 900 (...)"."""
        return f"{self.name} {self.when()} ({self.evidence})"

    def when(self):
        """Returns "since step 900", or "from step 900 to 1,500" if it is over."""
        if self.until is None:
            return f"since step {self.since:,}"
        return f"from step {self.since:,} to {self.until:,}"

    def covers(self, step):
        """Returns whether the problem existed at a step."""
        return self.since <= step and (self.until is None or step <= self.until)


class History:
    """The logged values, by name.

    Attributes:
        step: of the last row; 0 if there are none.
    """

    def __init__(self):
        self.step = 0
        self._values = {}

    def add(self, row):
        """Adds a row of metrics.jsonl."""
        self.step = row["step"]
        for name, value in row.items():
            self._values.setdefault(name, []).append((row["step"], value))

    def views(self):
        """Returns [(words, `History`)]: this one, and the two of a translation both ways.

        In these, values whose names end in the direction, such as `cycle_loss_b_to_a`, take the place of
        those without. The words say which it is: "b_to_a: "; "" of this one.
        """
        found = [("", self)]
        for direction in ("a_to_b", "b_to_a"):
            ending = f"_{direction}"
            own = {name.removesuffix(ending): self._values[name] for name in self.names(ending)}
            if own:
                view = History()
                view.step, view._values = self.step, self._values | own
                found.append((f"{direction}: ", view))
        return found

    def names(self, ending):
        """Returns the names of the logged values that end so."""
        return [each for each in self._values if each.endswith(ending)]

    def recent(self, name, before=0):
        """Returns the values of a window: the last `WINDOW` steps, at least `FEWEST` values.

        Args:
            name: of the value.
            before: how many windows further back, default 0: the last one.

        Returns:
            [(step, value)]; [] if there are too few.
        """
        values = self._values.get(name, ())
        step, end = self.step, len(values)
        for _ in range(before + 1):
            start = end
            while start > 0 and (end - start < FEWEST or values[start - 1][0] > step - WINDOW):
                start -= 1
            window, end, step = values[start:end], start, values[start][0] - 1 if values else 0
        return window if len(window) >= FEWEST else []

    def median(self, name, before=0):
        """Returns the median of `recent`; without values NaN, for which every comparison is false."""
        values = [value for _, value in self.recent(name, before)]
        return statistics.median(values) if values else float("nan")

    def peak(self, name):
        """Returns the highest level that `FEWEST` values have reached; NaN if there are fewer."""
        values = [value for _, value in self._values.get(name, ())]
        return heapq.nlargest(FEWEST, values)[-1] if len(values) >= FEWEST else float("nan")

    def low(self, name):
        """Returns the lowest level that `FEWEST` values have reached; NaN if there are fewer."""
        values = [value for _, value in self._values.get(name, ())]
        return heapq.nsmallest(FEWEST, values)[-1] if len(values) >= FEWEST else float("nan")


class Diagnosis:
    """The diagnosis of a run by its logged values.

    Args:
        modality: the name of the samples' modality; symptoms of others are skipped.

    Attributes:
        findings: [`Finding`], in the order found.
        step: of the last row.
    """

    def __init__(self, modality="image"):
        self.findings = []
        self._symptoms = symptoms_of(modality)
        self._history = History()
        self._last_shown = {}  # name: the last step at which the symptom showed

    @property
    def step(self):
        return self._history.step

    @property
    def active(self):
        """The findings that are not over yet, causes first."""
        order = [NOT_FINITE, *(each.name for each in SYMPTOMS)]
        lasting = [each for each in self.findings if each.until is None]
        return sorted(lasting, key=lambda each: order.index(each.name))

    @property
    def too_short(self):
        """Whether there are too few values for a diagnosis."""
        return self.step < WARM_UP or not any(
            self._history.recent(name) for name in self._history.names("_loss")
        )

    def healthy_at(self, step):
        """Returns whether no finding so far covers a step."""
        return not any(each.covers(step) for each in self.findings)

    def fail(self, step, evidence):
        """Adds the finding that a value is not finite."""
        self.findings.append(Finding(NOT_FINITE, step, step, evidence, _NOT_FINITE_ADVICE))

    def add(self, row):
        """Updates the findings with a row of metrics.jsonl."""
        self._history.add(row)
        if self.too_short:
            return
        lasting = {each.name: each for each in self.active}
        views = self._history.views()
        for symptom in self._symptoms:
            name, shown = symptom.name, _shown(symptom, views)
            if shown:
                self._last_shown[name] = self.step
            if shown and name not in lasting:
                since, evidence = shown
                self.findings.append(Finding(name, since, self.step, evidence, symptom.advice))
            elif name in lasting and self.step - self._last_shown[name] >= WINDOW:
                over = dataclasses.replace(lasting[name], until=self._last_shown[name])
                self.findings[self.findings.index(lasting[name])] = over

    @property
    def state(self):
        """The verdict in a word or two: "unhealthy", "not judged", "healthy so far" or "healthy"."""
        if self.active:
            return "unhealthy"
        if self.too_short and not self.findings:
            return "not judged"
        enough = self.findings or self._history.recent("diversity", before=1)
        return "healthy" if enough else "healthy so far"

    def verdict(self):
        """Returns a line without a period: "healthy", or what went wrong and when."""
        if self.active:
            return "; ".join(map(str, self.active))
        if self.findings:
            return "healthy now; earlier: " + "; ".join(map(str, self.findings))
        if self.step < WARM_UP:
            return f"not judged: {self.step:,} steps are too few, it takes {WARM_UP}"
        if self.too_short:
            return f"not judged: the log has fewer than {FEWEST} lines, give a smaller --log_every"
        if self.state == "healthy so far":
            return "healthy so far, but too early to assess the samples"
        return "healthy"

    def markdown(self):
        """Returns the verdict, and every finding with its evidence and advice, for TensorBoard."""
        lines = [f"**{self.state.capitalize()}** at step {self.step:,}", ""]
        return "\n".join(lines + [f"* {each}. {each.advice}" for each in self.findings])


def _shown(symptom, views):
    """Since when a symptom has shown, and the evidence; None if it does not show, or recedes."""
    for words, history in views:
        evidence = symptom.evidence(history)
        if evidence and not symptom.is_transient(history):
            return symptom.since(history), words + evidence
    return None
