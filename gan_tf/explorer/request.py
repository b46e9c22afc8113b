"""Parsing and checking of requests for images."""

import dataclasses
import math
import re

MAX_SEED = 2**31 - 1
MOST_SEQUENCES = 100
MOST_CHARACTERS = 40
_LONGEST_PROMPT = 10_000  # characters
_NUMBER = r"-?\d{1,4}(?:\.\d{1,6})?"
_ONE = rf"\d{{1,3}}:{_NUMBER}(?::\d{{1,3}}-\d{{1,3}})?"
_MOVE = re.compile(rf"{_ONE}(?:,{_ONE})*", re.ASCII)


class BadRequestError(ValueError):
    """A parameter is invalid; the message is a sentence for the user."""


@dataclasses.dataclass(frozen=True)
class ImageRequest:
    """The image to generate.

    Attributes:
        seed: whose first image to generate, as with `gan_tf.generate --seeds=...`.
        label: index of the class; None: chosen by the seed, with the frequencies of the data.
        truncation: see `gan_tf.latents.draw`; None: none.
        moves: ((direction, standard deviations), ...); of styles, each can have a third item, the
            first and the last layer that it is for; without it, all.
        to: the seed at the other end of an interpolation; None: no interpolation.
        share: the fraction of the way there, from 0 to 1.
        space: "z": interpolates latents where it would interpolate styles; None: as it would.
        psi: of styles, see `gan_tf.networks.styles.truncated`; None: as trained.
        motion: of videos, the seed whose motion it has; None: that of `seed`.
    """

    seed: int
    label: int | None = None
    truncation: float | None = None
    moves: tuple = ()
    to: int | None = None
    share: float = 0.0
    space: str | None = None
    psi: float | None = None
    motion: int | None = None

    def note(self):
        """Returns the metadata of its file, without unset parameters."""
        facts = dataclasses.asdict(self) | {"moves": [list(each) for each in self.moves] or None}
        if self.to is None:
            del facts["share"]
        return {name: value for name, value in facts.items() if value is not None}


def parse_request(arguments, classes=0, directions=0, layers=0, moving=False):
    """Parses the parameters of a request for an image.

    Args:
        arguments: [(name, text)].
        classes: the number of the generator's classes; 0: none.
        directions: the number of directions.
        layers: the number of rows of styles; 0: the generator has none.
        moving: whether latents are content and motion.

    Returns:
        `ImageRequest`.

    Raises:
        BadRequestError: for an unknown, repeated, missing or invalid parameter.
    """
    read = {
        "seed": lambda text: _integer("seed", text, MAX_SEED),
        "to": lambda text: _integer("to", text, MAX_SEED),
        "label": lambda text: _integer("label", text, classes - 1),
        "truncation": lambda text: _real("truncation", text, 0.01, 10),
        "share": lambda text: _real("share", text, 0, 1),
        "move": lambda text: _moves(text, directions, layers),
    }
    if layers:
        read |= {"space": _space, "psi": lambda text: _real("psi", text, 0, 2)}
    if moving:
        read["motion"] = lambda text: _integer("motion", text, MAX_SEED)
    given = _known(arguments, read)
    if "seed" not in given:
        raise BadRequestError("The parameter seed is missing.")
    if ("to" in given) != ("share" in given):
        raise BadRequestError("to and share must be given together.")
    if "label" in given and not classes:
        raise BadRequestError("This generator takes no label.")
    values = {name: read[name](text) for name, text in given.items()}
    values["moves"] = values.pop("move", ())
    return ImageRequest(**values)


@dataclasses.dataclass(frozen=True)
class SequencesRequest:
    """The sequences to generate: the first of each of `count` seeds.

    Attributes:
        first: the first seed.
        count: how many, at most `MOST_SEQUENCES`.
        label: index of the class; None: chosen by the seed.
        temperature, prompt: see `gan_tf.runs.steering`; None: as trained.
        to: the seed at the other end of an interpolation of `count` sequences, which begins at `first`;
            None: no interpolation.
    """

    first: int
    count: int = 36
    label: int | None = None
    temperature: float | None = None
    prompt: str | None = None
    to: int | None = None


def parse_sequences(arguments, classes=0, smooth=False):
    """Parses the parameters of a request for sequences.

    Args:
        arguments, classes: as for `parse_request`.
        smooth: whether the generator's samples change smoothly with their latents.

    Returns:
        `SequencesRequest`.

    Raises:
        BadRequestError: for an unknown, repeated, missing or invalid parameter.
    """
    read = {
        "first": lambda text: _integer("first", text, MAX_SEED - MOST_SEQUENCES),
        "count": lambda text: _integer("count", text, MOST_SEQUENCES),
        "label": lambda text: _integer("label", text, classes - 1),
        "temperature": lambda text: _real("temperature", text, 0.01, 100),
        "prompt": _prompt,
        "to": lambda text: _integer("to", text, MAX_SEED),
    }
    given = _known(arguments, read)
    if "first" not in given:
        raise BadRequestError("The parameter first is missing.")
    if "label" in given and not classes:
        raise BadRequestError("This generator takes no label.")
    if "to" in given and not smooth:
        raise BadRequestError("Nothing lies between two samples of this generator.")
    return SequencesRequest(**{name: read[name](text) for name, text in given.items()})


@dataclasses.dataclass(frozen=True)
class TextRequest:
    """The picture of a text.

    Attributes:
        text: its characters, at most `MOST_CHARACTERS`.
        style: index of the style; None: the source font.
        to: index of the style at the other end of an interpolation; None: no interpolation.
        share: the fraction of the way there, from 0 to 1.
    """

    text: str
    style: int | None = None
    to: int | None = None
    share: float = 0.0


def parse_text(arguments, styles=0):
    """Parses the parameters of a request for the picture of a text.

    Args:
        arguments: [(name, text)].
        styles: the number of the styles.

    Returns:
        `TextRequest`.

    Raises:
        BadRequestError: for an unknown, repeated, missing or invalid parameter.
    """
    read = {
        "text": _characters,
        "style": lambda text: _integer("style", text, styles - 1),
        "to": lambda text: _integer("to", text, styles - 1),
        "share": lambda text: _real("share", text, 0, 1),
    }
    given = _known(arguments, read)
    if "text" not in given:
        raise BadRequestError("The parameter text is missing.")
    if ("to" in given) != ("share" in given) or ("to" in given and "style" not in given):
        raise BadRequestError("to and share must be given together, and with style.")
    return TextRequest(**{name: read[name](text) for name, text in given.items()})


def _known(arguments, read):
    """The arguments as a dict, if each is one of `read` and there once."""
    given = dict(arguments)
    if len(given) < len(arguments):
        raise BadRequestError("A parameter is given twice.")
    if set(given) - set(read):
        raise BadRequestError(f"Unknown parameter; the parameters are {', '.join(read)}.")
    return given


def _characters(text):
    if len(text) > MOST_CHARACTERS:
        raise BadRequestError(
            f"The text has {len(text)} characters: give at most {MOST_CHARACTERS}."
        )
    return text


def _prompt(text):
    if len(text) > _LONGEST_PROMPT:
        raise BadRequestError(f"prompt must have at most {_LONGEST_PROMPT:,} characters.")
    return text or None


def _integer(name, text, high):
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or int(text) > high:
        raise BadRequestError(f"{name} must be an integer from 0 to {high:,}.")
    return int(text)


def _real(name, text, low, high):
    value = float(text) if re.fullmatch(_NUMBER, text, re.ASCII) else math.nan
    if not low <= value <= high:
        raise BadRequestError(f"{name} must be a number from {low:g} to {high:g}.")
    return value


def _space(text):
    if text != "z":
        raise BadRequestError("space must be z, or left out.")
    return text


def _moves(text, directions, layers):
    if not _MOVE.fullmatch(text):
        raise BadRequestError(
            "move must be written as 0:1.5,3:-2, pairs of direction and distance."
        )
    moves = tuple(_moved(*each.split(":")) for each in text.split(","))
    if any(index >= directions or abs(distance) > 10 for index, distance, *_ in moves):
        raise BadRequestError(
            f"move must use directions below {directions}, and distances of at most 10."
        )
    if any(not first <= last < layers for *_, (first, last) in (m for m in moves if len(m) > 2)):
        raise BadRequestError(f"move must use layers below {layers}, the first one first.")
    if len({index for index, *_ in moves}) < len(moves):
        raise BadRequestError("move has a direction twice.")
    return moves


def _moved(index, distance, layers=None):
    """One move: its direction, its distance, and, if it is for some layers, their range."""
    some = (tuple(map(int, layers.split("-"))),) if layers else ()
    return int(index), float(distance), *some
