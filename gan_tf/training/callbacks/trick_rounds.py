"""What tricks do between steps."""

from gan_tf.training.callbacks.every import Every


class TrickRounds(Every):
    """Calls a trick's `round` every `rounds` steps, and logs what it returns.

    Args:
        trick: the `gan_tf.tricks.trick.Trick`.
        modality: of the samples.
        logs: the `Logs` callback.
    """

    def __init__(self, trick, modality, logs):
        super().__init__(trick.rounds)
        self.trick = trick
        self.modality = modality
        self.logs = logs

    def act(self, step, logs):
        self.logs.record(step, self.trick.round(self.model, step, self.modality))
