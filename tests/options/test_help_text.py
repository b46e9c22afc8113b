"""The help of commands: the most used flags, all of them, or one."""

import dataclasses
import importlib

import pytest

from gan_tf.errors import UserError
from gan_tf.options import help_text
from gan_tf.options.commands import summaries
from gan_tf.options.config import Config
from gan_tf.options.flags import Command, command_of
from gan_tf.options.option import option
from gan_tf.registry import LOSSES


@dataclasses.dataclass(frozen=True)
class Options:
    count: int = option(3, "Numbers", "how many", low=1, high=9)
    size: int | None = option(None, "Numbers", "how large", low=4)
    flip: bool = option(False, "Words", "turn over")
    name: str | None = option(None, "Words", "a name", choices=("ann", "bob"))
    loss: tuple = option((), "Words", "some losses", registry=LOSSES)


class Few(Options):
    common = "name loss fast"


class Numbers(Options):
    common = "count size"


EXTRA = (("fast", "hurry"),)
ALL = Command(Options, "Does things.", ("program --flip",), EXTRA)
FEW = Command(Few, "Does things.", ("program --flip",), EXTRA)


@pytest.mark.parametrize(
    "words, kind",
    [
        (["--help"], "short"),
        (["-h"], "short"),
        (["--x=1", "-helpshort"], "short"),
        (["--helpfull"], "full"),
        (["--help=loss"], "loss"),
        (["--help=--loss"], "loss"),
        (["--help", "loss"], "loss"),
        (["--help", "--loss"], "short"),
        (["--helps"], None),
        ([], None),
    ],
)
def test_which_help_is_asked_for(words, kind):
    assert help_text.asked(["program", *words]) == kind


@pytest.mark.parametrize("command, kind", [(ALL, "short"), (ALL, "full"), (FEW, "full")])
def test_all_flags_are_grouped(command, kind):
    lines = help_text.text(command, kind).splitlines()
    entries = [f"        {line}" for line in LOSSES.help().splitlines()]
    assert lines == [
        "Does things.",
        "  program --flip",
        "",
        "Numbers:",
        "  --count=3",
        "      how many (from 1 to 9)",
        "  --size",
        "      how large (4 or more)",
        "",
        "Words:",
        "  --flip=false",
        "      turn over",
        "  --name",
        "      a name (ann, bob)",
        "  --loss",
        "      some losses (may be repeated)",
        *entries,
        "",
        "Other:",
        "  --fast",
        "      hurry",
        "  --flagfile=FILE",
        "      read flags from a file, one on each line",
        "  --help",
        "      print this; --help=NAME explains one flag",
    ]


def test_the_most_used_flags_come_first_and_the_others_by_name():
    lines = help_text.text(FEW, "short").splitlines()
    assert lines[2:5] == ["", "Most used:", "  --name                  a name"]
    assert lines[5].startswith("  --loss                  some losses (hinge, least_squares")
    assert lines[-7:] == [
        "",
        "Others:",
        "  Numbers: count, size",
        "  Words: flip",
        "  Other: flagfile",
        "",
        "--help=NAME explains one flag and what it accepts; --helpfull explains all.",
    ]
    assert "  --fast                  hurry" in lines


def test_help_of_training_lists_the_presets():
    command = command_of(importlib.import_module("gan_tf.main").main)
    lines = help_text.text(command, "preset").splitlines()
    assert lines[0] == "  --preset" and "        dcgan-mnist" in [each[:19] for each in lines]
    assert "  --preset=NAME" in help_text.text(command, "full").splitlines()
    with pytest.raises(UserError, match="no flag --preset"):
        help_text.text(ALL, "preset")


def test_headings_of_the_most_used_flags_alone_are_left_out():
    command = Command(Numbers, "Does things.", (), EXTRA)
    assert "Numbers" not in help_text.text(command, "short")


def test_one_flag_alone():
    assert help_text.text(FEW, "count") == "  --count=3\n      how many (from 1 to 9)"
    assert help_text.text(FEW, "fast") == "  --fast\n      hurry"
    assert LOSSES.entry("hinge").summary in help_text.text(ALL, "loss")
    with pytest.raises(UserError, match=r"no flag --cuont \(did you mean 'count'\?\)"):
        help_text.text(ALL, "cuont")


@pytest.mark.parametrize("name", summaries())
def test_the_short_help_of_each_command_names_every_flag(name):
    command = command_of(importlib.import_module(f"gan_tf.{name}").main)
    text = help_text.text(command, "short")
    lines = text.splitlines()
    assert max(map(len, lines)) < 120
    for field in dataclasses.fields(command.options):
        assert field.name in text


def test_the_help_of_main_fits_a_screen_or_two():
    command = command_of(importlib.import_module("gan_tf.main").main)
    assert command.options is Config
    assert len(help_text.text(command, "short").splitlines()) < 60
