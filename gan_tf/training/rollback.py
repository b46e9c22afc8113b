"""Back to a healthy checkpoint, at lower learning rates."""

from gan_tf.errors import UserError
from gan_tf.files.json_file import read_json
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan

LIMIT = 3  # times, in the whole life of a run


class Rollback:
    """Takes a run back to an earlier checkpoint and halves both learning rates.

    After k times the rates are those that the run began with, times 1/2^k, whatever the
    checkpoint holds. How often it has been done is known from health.json, so that a restart
    does not forget it.

    Args:
        gan: a compiled GAN.
        run: the `RunDir`.
        store: the `CheckpointStore`.

    Attributes:
        past: [{"finding", "evidence", "step", "to"}] of the times it was done.

    Raises:
        UserError: when health.json is damaged.
    """

    def __init__(self, gan, run, store):
        self.gan = gan
        self.run = run
        self.store = store
        self.past = _past(run.health)

    @property
    def scale(self):
        """What the learning rates are multiplied by."""
        return 0.5 ** len(self.past)

    def restore(self, steps=None):
        """Restores the newest whole checkpoint, of these steps where given; returns its step or 0."""
        step = self.store.restore(read_gan(self.gan), steps) or 0
        self.gan.scale_learning_rates(self.scale)
        return step

    def to(self, steps, finding, evidence):
        """Goes back to the newest whole checkpoint among `steps`, not empty; returns its step.

        What is newer is set aside.

        Args:
            steps: of healthy checkpoints, ascending.
            finding, evidence: the name of what went wrong, and the numbers, in a clause.
        """
        event = {"finding": finding, "evidence": evidence, "step": self.gan.steps_made}
        # Counted first, for the scale; a run that is killed before health.json says so comes
        # back to where it was, fails again and goes back again.
        self.past.append(event)
        event["to"] = self.restore(steps)
        self.store.set_aside_after(event["to"])
        CheckpointStore(self.run.best).set_aside_after(event["to"])
        self.run.drop_samples_after(event["to"])
        return event["to"]


def _past(path):
    try:
        past = read_json(path)["rollbacks"]
        if not isinstance(past, list) or len(past) > LIMIT:
            raise ValueError("it counts what cannot be")
        return past
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"'{path}' is damaged, so it is unknown how often the run went back: delete it."
        ) from error
