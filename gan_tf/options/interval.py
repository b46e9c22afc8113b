"""Parses intervals such as 500steps and 2epochs."""

import re

from gan_tf.errors import UserError

FEWEST = 100  # steps of a default interval: small data have epochs of a fraction of a second


def interval(text, steps_per_epoch, name="interval"):
    """Returns an interval in steps, at least 1.

    Args:
        text: "3epochs", "1epoch", "500steps", "500step", or "2" (epochs); None: the default, as many
            complete epochs as make `FEWEST` steps.
        steps_per_epoch: the length of an epoch.
        name: the flag's name, for the message.

    Raises:
        UserError: when it is none of these.
    """
    if text is None:
        return steps_per_epoch * -(-FEWEST // steps_per_epoch)
    match = re.fullmatch(r"\s*([1-9]\d{0,11})\s*(steps?|epochs?|)\s*", text)
    if not match:
        raise UserError(f"--{name}={text}: write an interval such as 1epoch, 2epochs or 500steps.")
    number, unit = int(match[1]), match[2]
    return number if unit.startswith("step") else number * steps_per_epoch
