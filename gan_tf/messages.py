"""Messages and progress bars: the only place that prints.

Output never ends a program: what cannot be written is dropped, because the pipe is closed, the
terminal is gone or the disk is full. Control characters are escaped.
"""

import contextlib
import io
import logging
import os
import select
import sys

_PIECE = 512  # bytes, which a pipe takes whole if it takes any: PIPE_BUF of POSIX
_PATIENCE = 1.0  # seconds for a reader that has stopped, before output is dropped
_MINUTE = 60
_rewrite = str  # see `rewritten`


def show(text="", file=None):
    """Prints a message, above any progress bars.

    Args:
        text: the message, of one or more lines; anything with a `str`. Parts of it may come from
            files of unknown origin: see `printable`.
        file: where to print it, default stdout.
    """
    file = file or sys.stdout
    # It takes a third of the start-up time; while it is not imported, there are no bars.
    bars = sys.modules.get("tqdm")
    with bars.tqdm.external_write_mode(file) if bars else contextlib.nullcontext():
        _safe(file).write(f"{_rewrite(printable(text))}\n")


@contextlib.contextmanager
def rewritten(function):
    """Shows `function(text)` instead of each text that the code inside shows."""
    global _rewrite
    before, _rewrite = _rewrite, function
    try:
        yield
    finally:
        _rewrite = before


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


def progress_bar(*arguments, leave=False, **options):
    """Returns a `tqdm` progress bar on stderr.

    On a terminal it is redrawn in place, and in the output of a notebook's cell; elsewhere, such as in
    a file, it is a line per minute.

    Args:
        *arguments, **options: of `tqdm.tqdm`.
        leave: whether its last state stays; otherwise nothing does of what takes under a minute,
            elsewhere than on a terminal.
    """
    from tqdm import tqdm  # slow to import

    output = _safe(sys.stderr)
    in_place = {"dynamic_ncols": True} if output.isatty() else {}
    if output.in_notebook:  # with messages, not among errors
        output, in_place = _safe(sys.stdout), {"ncols": 100}
    if in_place:
        return tqdm(*arguments, file=output, leave=leave, mininterval=0.5, **in_place, **options)
    once_a_minute = {"mininterval": _MINUTE, "maxinterval": _MINUTE, "ncols": 120}
    delay = 0 if leave else _MINUTE
    file = _Lines(output)
    return tqdm(*arguments, file=file, leave=leave, delay=delay, **once_a_minute, **options)


@contextlib.contextmanager
def safe_output(waits=True):
    """Makes stdout and stderr safe for all code inside, whoever prints.

    If they are closed, they lead nowhere: otherwise the next file to be opened would take their
    place, and messages would be written into it.

    Args:
        waits: whether to wait for a reader that has stopped, such as a pager; otherwise output is
            dropped until it reads on.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets this number
    before = sys.stdout, sys.stderr, _Output.waits
    sys.stdout, sys.stderr = map(_safe, before[:2])
    _Output.waits = waits and _Output.waits
    try:
        yield
    finally:
        sys.stdout, sys.stderr, _Output.waits = before


class _Output:
    """A text stream that drops what cannot be written; otherwise like the stream it is made of."""

    waits = True

    def __init__(self, stream):
        self._stream = stream._stream if isinstance(stream, _Output) else stream
        self._handle = None  # the file behind it
        self._patience = _PATIENCE
        # A notebook's stream names another file: that which its kernel was started with.
        if isinstance(self._stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                self._handle = stream.fileno()
        self.flush()

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __eq__(self, other):
        return other is self or other is self._stream

    __hash__ = object.__hash__

    @property
    def in_notebook(self):
        """Whether it leads to the output of a notebook's cell."""
        return type(self._stream).__module__ == "ipykernel.iostream"

    def isatty(self):
        try:
            return self._handle is not None and os.isatty(self._handle)
        except OSError:
            return False

    def flush(self):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            self._stream.flush()

    def write(self, text):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            if self._handle is None:
                self._stream.write(text)
            else:
                # Not to the stream, which would keep what it cannot write.
                self._send(text.encode(self._stream.encoding, "backslashreplace"))
        return len(text)

    def _send(self, content):
        # A terminal that takes anything takes a byte; a longer write can block.
        size = _PIECE if self.waits or not self.isatty() else 1
        rest = memoryview(content)
        while rest and self._is_ready():
            rest = rest[os.write(self._handle, rest[:size]) :]

    def _is_ready(self):
        poll = select.poll()
        poll.register(self._handle, select.POLLOUT)
        ready = bool(poll.poll(None if self.waits else 1000 * self._patience))
        self._patience = _PATIENCE if ready else 0
        return ready


class _Lines(_Output):
    """Where each state of a progress bar is a line of its own."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return other is self  # so that `show` does not redraw the bar

    def write(self, text):
        line = text.strip()
        if line:
            super().write(f"{line}\n")
        return len(text)


def _safe(stream):
    return stream if isinstance(stream, _Output) else _Output(stream)
