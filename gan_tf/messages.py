"""Messages to the user, without control characters: the only place that prints."""

import logging
import sys


def show(text="", file=None):
    """Prints a message, above any progress bars, and flushes.

    Args:
        text: the message, of one or more lines; anything with a `str`. Parts of it may come from
            files of unknown origin: see `printable`.
        file: where to print it, default stdout.
    """
    file = file or sys.stdout
    # It takes a third of the start-up time; while it is not imported, there are no bars.
    bars = sys.modules.get("tqdm")
    (bars.tqdm.write if bars else print)(printable(text), file=file)
    file.flush()


def printable(text):
    """Returns text in which control characters are escaped, as `repr` does.

    Line feeds and tabs stay. A terminal obeys the others: they can change its title, its
    clipboard or what was printed before, or reverse the direction of text.
    """
    return "".join(
        each if each.isprintable() or each in "\n\t" else ascii(each)[1:-1] for each in str(text)
    )


class MessageHandler(logging.Handler):
    """Shows the records of a log on stderr, without control characters."""

    def emit(self, record):
        show(self.format(record), file=sys.stderr)
