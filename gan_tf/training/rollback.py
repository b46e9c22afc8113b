"""Rollback to a healthy checkpoint, with lower learning rates."""

from gan_tf.errors import UserError
from gan_tf.files.json_file import read_json
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan

LIMIT = 3  # rollbacks of a run, over all its restarts


class Rollback:
    """Takes a run back to an earlier checkpoint and halves all learning rates.

    After k rollbacks the rates are the initial ones times 1/2^k, whatever the checkpoint holds.
    Past rollbacks are read from health.json, so that they survive a restart.

    Args:
        gan: a compiled GAN.
        run: the `RunDir`.
        store: the `CheckpointStore`.

    Attributes:
        past: [{"finding", "evidence", "step", "to"}], the rollbacks so far.

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
        """The factor on the learning rates."""
        return 0.5 ** len(self.past)

    def restore(self, steps=None):
        """Restores the newest intact checkpoint, of `steps` if given; returns its step or 0."""
        step = self.store.restore(read_gan(self.gan), steps) or 0
        self.gan.scale_learning_rates(self.scale)
        return step

    def to(self, steps, finding, evidence):
        """Goes back to the newest intact checkpoint among `steps`; returns its step.

        Newer checkpoints are set aside.

        Args:
            steps: of healthy checkpoints, ascending, at least one.
            finding, evidence: the name of the problem, and a clause with the values.
        """
        event = {"finding": finding, "evidence": evidence, "step": self.gan.steps_made}
        # Counted first, for the scale. A run that is killed before health.json is written resumes
        # from where it was, fails again and rolls back again.
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
            raise ValueError("it has an impossible number of rollbacks")
        return past
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"'{path}' is damaged, so the number of past rollbacks is unknown: delete it."
        ) from error
