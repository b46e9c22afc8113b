"""Command lines: flags from dataclasses, a short grouped help, one-sentence errors."""

import contextlib
import dataclasses
import gc
import io
import itertools
import os
import re
import sys
import tempfile
import traceback

from absl import flags

from gan_tf.errors import UserError, suggest
from gan_tf.messages import safe_output, show
from gan_tf.options import aliases, flagfile, help_text, keras_settings
from gan_tf.options.lazy_modules import lazy
from gan_tf.options.option import in_words, type_of

_DEFINE = {
    str: flags.DEFINE_string,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    bool: flags.DEFINE_bool,
    tuple: flags.DEFINE_multi_string,
}
# Of Keras, for plots and for scikit-learn, both of which they import: a third of the time of all imports.
_LAZY = ("keras.visualization", "keras.src.visualization", "keras.wrappers")
_in_command = False  # whether this process is a command's, not a program that imports gan_tf
_EXPECTED = {int: "a whole number", float: "a number", bool: "true or false"}


@dataclasses.dataclass(frozen=True)
class Command:
    """The interface of a command.

    Attributes:
        options: the dataclass type whose fields are the flags.
        description: what the command does.
        examples: command lines.
        extra: [(name, text)] of further boolean flags.
    """

    options: type
    description: str
    examples: tuple = ()
    extra: tuple = ()


class HelpShown(SystemExit):
    """Ends the program with status 0 after `--help`.

    Attributes:
        command: the `Command` whose help was printed.
    """

    def __init__(self, command):
        super().__init__(0)
        self.command = command


def parse(options, argv, description, examples=(), extra=()):
    """Parses a command line into a dataclass; `--help` prints and exits.

    Args:
        options: a dataclass type whose fields are the flags (see `gan_tf.options.option`).
        argv: the command line, program name first.
        description: what the command does, for the help.
        examples: command lines, for the help.
        extra: [(name, text)] of further boolean flags, default false.

    Returns:
        An instance of `options`, and a dict of the extra flags' values.

    Raises:
        UserError: for an unknown flag, a value of the wrong type, or a stray argument.
    """
    kind = help_text.asked(argv)
    if kind:
        command = Command(options, description, tuple(examples), tuple(extra))
        show(help_text.text(command, kind))
        raise HelpShown(command)
    values = _values(options, argv, extra)
    fields = {field.name: _value(field, values) for field in dataclasses.fields(options)}
    return options(**fields), {name: values[name].value for name, _ in extra}


def given(options, argv, extra=()):
    """Returns the names of the options that a command line sets, itself or by a file of flags.

    Args:
        options, argv, extra: as for `parse`, which has accepted them.
    """
    values = _values(options, argv, extra)
    return {each.name for each in dataclasses.fields(options) if values[each.name].present}


def _value(field, values):
    """The value of a field: of a repeated flag, what follows an empty one; with ~ expanded in a path."""
    value = values[field.name].value
    if type_of(field) is tuple:
        kept = itertools.takewhile(bool, reversed(value))
        value = tuple(kept)[::-1]
    if field.metadata["path"] not in (False, "existing") and value:
        repeated = isinstance(value, tuple)
        value = _paths(value) if repeated else os.path.expanduser(value)
    return value


def _paths(values):
    """The paths of a repeated flag: those in a value with commas, unless it is a file's name."""
    found = []
    for each in map(os.path.expanduser, values):
        parts = [each] if os.path.lexists(each) else each.split(",")
        found += [os.path.expanduser(part) for part in parts if part]
    return tuple(found)


def _of_training(options):
    """The names of the flags of `gan_tf.main`; () for its own options."""
    from gan_tf.options.config import Config  # imported here because it takes time

    if options is Config:
        return ()
    return {"preset", *(field.name for field in dataclasses.fields(Config))}


def command_of(main):
    """Returns the `Command` of an entry point, a function of argv, by calling it with `--help`.

    Raises:
        ValueError: when it does not print its help.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            main(["", "--help"])
    except HelpShown as shown:
        return shown.command
    raise ValueError(f"{main.__module__}.{main.__name__} has no --help")


def _values(options, argv, extra):
    """The values of all flags, as absl parses them; a `UserError` if it cannot."""
    values = flags.FlagValues()
    for field in dataclasses.fields(options):
        _DEFINE[type_of(field)](
            field.name, field.default, field.metadata["text"], flag_values=values
        )
    for name, text in extra:
        flags.DEFINE_bool(name, False, text, flag_values=values)
    takes_presets = getattr(options, "takes_presets", False)
    for name in ("flagfile", "preset")[: 1 + takes_presets]:
        flags.DEFINE_string(name, None, "read flags from a file", flag_values=values)
    repeatable = {field.name for field in dataclasses.fields(options) if type_of(field) is tuple}
    try:
        rest = values(_spread(flagfile.expand(argv, takes_presets), repeatable))
    except flags.UnrecognizedFlagError as error:
        advice = aliases.flag(error.flagname, set(values))
        if not advice and error.flagname in _of_training(options):
            advice = "it is one of gan_tf.main, and a run keeps what it was trained with"
        hint = f": {advice}" if advice else suggest(error.flagname, list(values))
        raise UserError(f"There is no flag --{error.flagname}{hint}; --help lists them.") from error
    except flags.IllegalFlagValueError as error:
        raise UserError(_illegal(options, str(error))) from error
    except (flags.Error, ValueError) as error:  # absl raises both
        raise UserError(" ".join(str(error).removeprefix("ERROR:: ").split())) from error
    if len(rest) > 1:
        raise UserError(f"'{rest[1]}' is not a flag: flags are written --name=value.")
    return values


def _spread(argv, repeatable):
    """Writes `--name a b` as `--name=a --name=b` for flags that may be repeated."""
    words, current = [], None
    for word in argv:
        name = word.lstrip("-").partition("=")[0]
        if word.startswith("-"):
            current = f"--{name}" if name in repeatable else None
            if current and "=" not in word:
                continue
        elif current:
            word = f"{current}={word}"
        words.append(word)
    return words


def run(main):
    """Runs a command and exits with its status: 0, 1 after a `UserError`, 130 after Ctrl-C."""
    global _in_command
    _in_command = True
    # TensorFlow logs its start-up in lines that users cannot act on.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with safe_output():
        try:
            status = main(sys.argv)
        except UserError as error:
            show(f"Error: {error}", file=sys.stderr)
            status = 1
        except KeyboardInterrupt:
            show("\nStopped.", file=sys.stderr)
            status = 130
        except Exception:
            show(traceback.format_exc().rstrip("\n"), file=sys.stderr)
            status = 1
    sys.exit(status)


@contextlib.contextmanager
def quiet_import():
    """Suppresses what importing TensorFlow writes to stderr, unless the import fails.

    TensorFlow's C++ start-up messages come before its log level takes effect. Garbage is not collected
    in the first import: a quarter of its time would go to looking through what stays; nor is that looked
    through later, in a command. Parts of Keras that take long to load, and that gan_tf does not use, are
    loaded when they are used.

    Raises:
        UserError: when Keras is set to another backend, or to channels first.
    """
    keras_settings.check()
    sys.stderr.flush()
    kept = os.dup(2)
    collects = gc.isenabled()
    first = "tensorflow" not in sys.modules
    if first:
        gc.disable()
    with tempfile.TemporaryFile() as messages, lazy(*_LAZY):
        os.dup2(messages.fileno(), 2)
        try:
            yield
        except BaseException:
            messages.seek(0)
            with contextlib.suppress(OSError):
                os.write(kept, messages.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            if first and _in_command:
                gc.freeze()
            if collects:
                gc.enable()


def _illegal(options, message):
    """Rewords absl's message, "flag --name=value: reason"."""
    match = re.match(r"flag --(\w+)=(.*?): ", message, re.DOTALL)
    field = match and next((f for f in dataclasses.fields(options) if f.name == match[1]), None)
    if not field:
        return message
    metadata = field.metadata
    limits = in_words(metadata["low"], metadata["high"])
    expected = _EXPECTED[type_of(field)] + (f", {limits}" if limits else "")
    return f"--{match[1]}={match[2]}: it must be {expected}."
