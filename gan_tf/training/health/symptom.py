"""The interface of a symptom: a failure of GANs, and how it shows in the logged values."""

import abc


class Symptom(abc.ABC):
    """A failure of GANs, and how it shows.

    Attributes:
        name: of the failure.
        advice: what usually helps: a sentence.
        value: the logged value whose windows date the failure.
        modalities: names of the modalities in whose samples it can show; (): any.
    """

    name = None
    modalities = ()
    advice = None
    value = "discriminator_loss"

    @abc.abstractmethod
    def evidence(self, history, before=0):
        """Returns a clause with the values of a window that shows the symptom; or None.

        Args:
            history: the `History`.
            before: how many windows back, default 0: the last one.
        """

    def is_transient(self, history):
        """Returns whether the symptom in the last window is receding, as early in training."""
        del history
        return False

    def since(self, history):
        """Returns the step since which all windows have shown the symptom."""
        before = 0
        while history.recent(self.value, before + 1) and self.evidence(history, before + 1):
            before += 1
        return history.recent(self.value, before)[0][0]
