"""Is the game going well? A verdict on a run, from its logged values alone.

A `Judge` is fed the rows of metrics.jsonl one by one, and keeps the `Finding`s of the
`Symptom`s that they show. The same rows give the same findings, so that a run which goes on
judges as one that was never interrupted.
"""

import dataclasses

from gan_tf import symptoms
from gan_tf.errors import UserError

NOT_FINITE = "not_finite"
_NOT_FINITE_ADVICE = (
    'Smaller learning rates, e.g. --discriminator_optimizer="adam(1e-4, beta_1=0.5)".'
)


class UnhealthyError(UserError):
    """The game went wrong, and the training was to be stopped where it does."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that went wrong.

    Attributes:
        name: of the symptom.
        since: the step from which on it was so.
        found: the step at which that was clear.
        evidence: the numbers, in a clause.
        advice: what usually helps, a sentence.
        until: the last step at which it was so, once it is over; else None.
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
        """Returns "since step 900", or "from step 900 to 1,500" when it is over."""
        if self.until is None:
            return f"since step {self.since:,}"
        return f"from step {self.since:,} to {self.until:,}"

    def covers(self, step):
        """Returns whether it was so at a step."""
        return self.since <= step and (self.until is None or step <= self.until)


class Judge:
    """Judges a run by its logged values.

    Attributes:
        findings: [`Finding`], in the order in which they were found.
        step: of the last row.
    """

    def __init__(self):
        self.findings = []
        self._history = symptoms.History()
        self._shown = {}  # name: the last step at which the symptom showed

    @property
    def step(self):
        return self._history.step

    @property
    def active(self):
        """The findings that are not over, causes first."""
        order = [NOT_FINITE, *(each.name for each in symptoms.SYMPTOMS)]
        lasting = [each for each in self.findings if each.until is None]
        return sorted(lasting, key=lambda each: order.index(each.name))

    @property
    def too_short(self):
        """Whether there is too little to judge by."""
        return self.step < symptoms.WARM_UP or not self._history.recent("discriminator_loss")

    def healthy_at(self, step):
        """Returns whether nothing was wrong at a step, as far as is known now."""
        return not any(each.covers(step) for each in self.findings)

    def fail(self, step, evidence):
        """Adds the finding that the values are no numbers any more."""
        self.findings.append(Finding(NOT_FINITE, step, step, evidence, _NOT_FINITE_ADVICE))

    def add(self, row):
        """Judges anew with one row of metrics.jsonl more."""
        self._history.add(row)
        if self.too_short:
            return
        lasting = {each.name: each for each in self.active}
        for symptom in symptoms.SYMPTOMS:
            name, evidence = symptom.name, symptom.evidence(self._history)
            if evidence and symptom.is_passing(self._history):
                evidence = None
            if evidence:
                self._shown[name] = self.step
            if evidence and name not in lasting:
                since = symptom.since(self._history)
                self.findings.append(Finding(name, since, self.step, evidence, symptom.advice))
            elif name in lasting and self.step - self._shown[name] >= symptoms.WINDOW:
                over = dataclasses.replace(lasting[name], until=self._shown[name])
                self.findings[self.findings.index(lasting[name])] = over

    def verdict(self):
        """Returns a line without a full stop: "healthy", or what went wrong and when."""
        if self.active:
            return "; ".join(map(str, self.active))
        if self.findings:
            return "healthy now, but there was " + "; ".join(map(str, self.findings))
        if self.too_short:
            return (
                f"not judged, since the run has {self.step:,} steps and it takes {symptoms.WARM_UP}"
            )
        return "healthy"

    def markdown(self):
        """Returns the verdict, and every finding with its evidence and advice, for TensorBoard."""
        lines = [f"**{'Unhealthy' if self.active else 'Healthy'}** at step {self.step:,}", ""]
        return "\n".join(lines + [f"* {each}. {each.advice}" for each in self.findings])
