"""What a request asks for, read and checked."""

import dataclasses
import math
import re

MAX_SEED = 2**31 - 1
_NUMBER = r"-?\d{1,4}(?:\.\d{1,6})?"
_MOVE = re.compile(rf"\d{{1,3}}:{_NUMBER}(?:,\d{{1,3}}:{_NUMBER})*", re.ASCII)


class BadRequestError(ValueError):
    """A parameter makes no sense; the message is a sentence for the user."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The image that is asked for.

    Attributes:
        seed: its first image is meant, that of `gan_tf.generate --seeds=...`.
        label: number of the class; None: that of the seed, as often as in the data.
        truncation: see `gan_tf.latents.draw`; None: none.
        moves: ((direction, standard deviations), ...).
        to: None, or the seed at the other end of an interpolation.
        share: how far on the way there, from 0 to 1.
    """

    seed: int
    label: int | None = None
    truncation: float | None = None
    moves: tuple = ()
    to: int | None = None
    share: float = 0.0

    def note(self):
        """Returns what is said of it in its file, without what is not set."""
        facts = dataclasses.asdict(self) | {"moves": [list(each) for each in self.moves] or None}
        if self.to is None:
            del facts["share"]
        return {name: value for name, value in facts.items() if value is not None}


def wanted(arguments, classes=0, directions=0):
    """Reads the parameters of a request for an image.

    Args:
        arguments: [(name, text)].
        classes: how many the generator takes; 0: none.
        directions: how many there are.

    Returns:
        `Wanted`.

    Raises:
        BadRequestError: for a parameter that is unknown, repeated, missing or out of range.
    """
    given = dict(arguments)
    if len(given) < len(arguments):
        raise BadRequestError("A parameter is there twice.")
    unknown = set(given) - {"seed", "label", "truncation", "move", "to", "share"}
    if unknown:
        raise BadRequestError(
            "There are no such parameters; there are seed, label, truncation, move, to and share."
        )
    if "seed" not in given:
        raise BadRequestError("The parameter seed is missing.")
    if ("to" in given) != ("share" in given):
        raise BadRequestError("to and share go together.")
    if "label" in given and not classes:
        raise BadRequestError("This generator takes no label.")
    read = {
        "seed": lambda text: _whole("seed", text, MAX_SEED),
        "to": lambda text: _whole("to", text, MAX_SEED),
        "label": lambda text: _whole("label", text, classes - 1),
        "truncation": lambda text: _real("truncation", text, 0.01, 10),
        "share": lambda text: _real("share", text, 0, 1),
        "move": lambda text: _moves(text, directions),
    }
    values = {name: read[name](text) for name, text in given.items()}
    values["moves"] = values.pop("move", ())
    return Wanted(**values)


def _whole(name, text, high):
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or int(text) > high:
        raise BadRequestError(f"{name} must be a whole number from 0 to {high:,}.")
    return int(text)


def _real(name, text, low, high):
    value = float(text) if re.fullmatch(_NUMBER, text, re.ASCII) else math.nan
    if not low <= value <= high:
        raise BadRequestError(f"{name} must be a number from {low:g} to {high:g}.")
    return value


def _moves(text, directions):
    if not _MOVE.fullmatch(text):
        raise BadRequestError("move must be written as 0:1.5,3:-2: direction and how far.")
    pairs = [each.split(":") for each in text.split(",")]
    moves = tuple((int(number), float(far)) for number, far in pairs)
    if any(number >= directions or abs(far) > 10 for number, far in moves):
        raise BadRequestError(
            f"move must name directions below {directions}, and go no farther than 10."
        )
    if len({number for number, _ in moves}) < len(moves):
        raise BadRequestError("move names a direction twice.")
    return moves
