"""The lists that come with CelebA, as its authors (.txt) or Kaggle (.csv) write them."""

import csv
import pathlib

import numpy as np

_FACES = (".jpg", ".jpeg")
_VALUES = {1: True, 0: False, -1: False}
_PARTITIONS = {"0", "1", "2"}  # training, validation, test


def face_name(file):
    """Returns the name of a face in the lists, such as "000001.jpg"; None if it is no JPEG file."""
    path = pathlib.PurePath(file)
    return f"{path.stem}.jpg" if path.suffix.lower() in _FACES else None


def read_attributes(text):
    """Reads `list_attr_celeba`.

    Args:
        text: its content: a row for each face, of its name and 1, 0 or -1 for each attribute. A row of
            the names of the columns comes before; in a .txt it has no name for the first, and the
            number of rows stands above it.

    Returns:
        The names of the attributes, sorted, and {name of a face: bool (attributes,)}.

    Raises:
        ValueError: when it is damaged; the message says how.
    """
    rows, separated = _rows(text)
    if separated:
        header, rows = rows[0][1:], rows[1:]
    elif len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].isdecimal():
        header, rows = rows[1], rows[2:]
    else:
        raise ValueError("it does not begin with the number of its rows")
    if len(set(header)) < len(header):
        raise ValueError("two columns have the same name")
    order = np.argsort(header)
    faces = {}
    for name, *values in _of_faces(rows):
        if len(values) != len(header):
            raise ValueError(f"the row of {name} has another number of columns")
        faces[name] = np.array([_value(name, each) for each in values])[order]
    return tuple(sorted(header)), faces


def read_partition(text):
    """Reads `list_eval_partition`.

    Args:
        text: its content: a row for each face, of its name and 0 (training), 1 or 2; in a .csv below
            a row of the names of the columns.

    Returns:
        {name of a face: "0", "1" or "2"}.

    Raises:
        ValueError: when it is damaged; the message says how.
    """
    rows, _ = _rows(text)
    rows = rows if face_name(rows[0][0]) else rows[1:]
    partition = {}
    for row in _of_faces(rows):
        if len(row) != 2 or row[1] not in _PARTITIONS:
            raise ValueError(f"the row of {row[0]} is not its name and 0, 1 or 2")
        partition[row[0]] = row[1]
    return partition


def _rows(text):
    """The rows, each a list of words, without empty ones; and whether commas separate the words."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("it is empty")
    separated = "," in lines[0]
    rows = csv.reader(lines) if separated else map(str.split, lines)
    return [[word.strip() for word in row] for row in rows], separated


def _of_faces(rows):
    """Yields rows, which begin with names of faces, each with its own."""
    if not rows:
        raise ValueError("it has no faces")
    seen = set()
    for row in rows:
        if not face_name(row[0]):
            raise ValueError(f"a row begins with '{row[0]}', which is not the name of a .jpg file")
        if row[0] in seen:
            raise ValueError(f"it names {row[0]} twice")
        seen.add(row[0])
        yield row


def _value(name, text):
    try:
        return _VALUES[float(text)]
    except (ValueError, KeyError) as error:
        raise ValueError(f"the row of {name} has '{text}' in place of 1, 0 or -1") from error
