"""Which trained run a command works on."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.option import option


@dataclasses.dataclass(frozen=True)
class RunChoice:
    """A run directory and one of its checkpoints."""

    run_dir: str | None = option(None, "Run", "the folder of a training run (needed)", path=True)
    checkpoint: str = option("last", "Run", "last, best, or the step of a checkpoint")

    def check_run_dir(self):
        """Raises a `UserError` where no run is named."""
        if not self.run_dir:
            raise no_run()


def no_run():
    """Returns the `UserError` of a command without a run."""
    return UserError("Name the folder of a training run with --run_dir=...")
