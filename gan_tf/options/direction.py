"""Which of a run's two translations a command works with."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.option import option
from gan_tf.registry import GANS


@dataclasses.dataclass(frozen=True)
class DirectionChoice:
    """The direction of a run that translates between two domains in both."""

    direction: str | None = option(
        None,
        "Run",
        "which way, for runs that translate between domains A and B; default: a_to_b",
        choices=("a_to_b", "b_to_a"),
    )

    def check_direction(self, config):
        """Raises a `UserError` where a direction is given, and runs of a `Config` have only one."""
        kind = GANS.entry(config.gan)
        if self.direction and self.direction not in kind.attributes["directions"]:
            others = [each.name for each in GANS.entries.values() if each.attributes["directions"]]
            raise UserError(
                f"--direction={self.direction} chooses one of two translations, and --gan={kind.name} "
                f"trains one: leave it out, or give a run of {' or '.join(sorted(others))}."
            )
