"""Messages: no control character reaches a terminal."""

import sys

import pytest

from gan_tf.errors import UserError
from gan_tf.messages import printable, show
from gan_tf.options import flags

TITLE = "\x1b]0;owned\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ± ä 日本\n\tindented", "plain ± ä 日本\n\tindented"),
        (TITLE, "\\x1b]0;owned\\x07"),
        ("over\rwritten", "over\\rwritten"),
        ("\x9b31m", "\\x9b31m"),
        ("photo\u202egnp.exe", "photo\\u202egnp.exe"),
        ("not \udcff UTF-8", "not \\udcff UTF-8"),
        ("\x00\x7f", "\\x00\\x7f"),
    ],
)
def test_control_characters_are_escaped(capsys, text, shown):
    assert printable(text) == shown
    show(text)
    show(text, file=sys.stderr)
    assert tuple(capsys.readouterr()) == (f"{shown}\n", f"{shown}\n")


def test_errors_are_printed_without_control_characters(capsys):
    def refuse(argv):
        raise UserError(f"'{TITLE}' is refused.")

    def fail(argv):
        raise KeyError(f"a\rb {TITLE}")

    for main in (refuse, fail):
        with pytest.raises(SystemExit) as ended:
            flags.run(main)
        assert ended.value.code == 1
        shown = capsys.readouterr().err
        assert "\x1b" not in shown and "\x07" not in shown and "\r" not in shown
        assert "x1b]0;owned" in shown
