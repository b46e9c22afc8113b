"""Command lines: parsing into a dataclass, errors of one sentence, help, exit statuses."""

import dataclasses
import gc
import importlib.machinery
import os
import sys

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import option


@dataclasses.dataclass(frozen=True)
class Options:
    count: int = option(3, "Numbers", "how many", low=1, high=9)
    size: int | None = option(None, "Numbers", "how large", low=4)
    flip: bool = option(False, "Words", "turn over")
    name: str | None = option(None, "Words", "a name", choices=("ann", "bob"))


def parse(*arguments, **more):
    return flags.parse(Options, ["program", *arguments], "Does things.", **more)


def refusal(*arguments):
    with pytest.raises(UserError) as error:
        parse(*arguments)
    return str(error.value)


@pytest.mark.parametrize(
    "arguments, changes",
    [
        ([], {}),
        (["--count=5", "--size", "8"], {"count": 5, "size": 8}),
        (["-count=5"], {"count": 5}),
        (["--flip"], {"flip": True}),
        (["--flip=true", "--noflip"], {"flip": False}),
        (["--name=a b=c"], {"name": "a b=c"}),
        (["--name="], {"name": ""}),
        (["--count=1", "--count=2"], {"count": 2}),
        (["--count=100"], {"count": 100}),
    ],
)
def test_reads_flags_into_the_dataclass(arguments, changes):
    options, extra = parse(*arguments)
    assert options == Options(**changes)
    assert extra == {}


def test_extra_flags_are_returned_separately():
    options, extra = parse("--fast", extra=[("fast", "hurry"), ("dry", "do nothing")])
    assert (options, extra) == (Options(), {"fast": True, "dry": False})


def test_a_flagfile_is_read_where_it_stands(tmp_path):
    (tmp_path / "my flags.txt").write_text("# a comment\n\n--count=7\n--flip\n--name=a b\n")
    file = f"--flagfile={tmp_path / 'my flags.txt'}"
    assert parse(file)[0] == Options(count=7, flip=True, name="a b")
    assert parse("--count=1", file, "--noflip")[0] == Options(count=7, flip=False, name="a b")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--cuont=3"], "There is no flag --cuont (did you mean 'count'?); --help lists them."),
        (["--noflpi"], "There is no flag --noflpi (did you mean 'flip'?); --help lists them."),
        (["--xyzxyz"], "There is no flag --xyzxyz; --help lists them."),
        (["--count=many"], "--count=many: it must be a whole number, from 1 to 9."),
        (["--count=1.5"], "--count=1.5: it must be a whole number, from 1 to 9."),
        (["--size="], "--size=: it must be a whole number, 4 or more."),
        (["--flip=maybe"], "--flip=maybe: it must be true or false."),
        (["--noflip=3"], "--noflip=3 does not take an argument"),
        (["--count"], "Missing value for flag --count"),
        (["5", "--count=5"], "'5' is not a flag: flags are written --name=value."),
        (["--", "--count=5"], "'--count=5' is not a flag: flags are written --name=value."),
    ],
)
def test_refuses_in_one_sentence(arguments, message):
    assert refusal(*arguments) == message


def test_a_flag_of_the_training_is_told_apart_from_a_misspelt_one(tmp_path):
    """As when a command is given the flags.txt of a run."""
    message = "There is no flag --dataset: it is one of gan_tf.main, and a run keeps what it was"
    assert refusal("--dataset=mnist").startswith(message)
    (tmp_path / "flags.txt").write_text("--dataset=mnist\n--latent_dim=100\n")
    assert refusal(f"--flagfile={tmp_path / 'flags.txt'}").startswith(message)
    with pytest.raises(UserError, match="did you mean 'dataset'"):
        flags.parse(Config, ["", "--datasets=mnist"], "")


def test_refuses_a_flagfile_that_cannot_be_read(tmp_path):
    missing, binary = tmp_path / "missing", tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\n")
    assert refusal(f"--flagfile={missing}").startswith("Unable to open flagfile: ")
    assert str(missing) in refusal(f"--flagfile={missing}")
    assert "can't decode" in refusal(f"--flagfile={binary}")


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Config)])
def test_every_misspelt_flag_suggests_the_right_one(name):
    with pytest.raises(UserError, match=f"did you mean '{name}'"):
        flags.parse(Config, ["", f"--{name[0]}{name}=1"], "")


@pytest.mark.parametrize("word", ["--help", "-h", "-help", "--helpfull", "--helpshort"])
def test_help_is_printed_and_exits_with_0(word, capsys):
    with pytest.raises(SystemExit) as end:
        parse("--nonsense", word, examples=["program --flip"], extra=[("fast", "hurry")])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("Does things.\n  program --flip\n")


def test_given_flags_are_those_that_are_set_even_to_the_default(tmp_path):
    (tmp_path / "flags.txt").write_text("--size=4\n")
    argv = ["", f"--flagfile={tmp_path / 'flags.txt'}", "--count=3", "--noflip", "--fast"]
    assert flags.given(Options, argv, [("fast", "hurry")]) == {"size", "count", "flip"}
    assert flags.given(Options, [""]) == set()
    assert flags.given(Repeatable, ["", "--word="]) == {"word"}


@dataclasses.dataclass(frozen=True)
class Repeatable:
    word: tuple = option((), "Words", "some words")
    other: str | None = option(None, "Words", "another")


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], ()),
        (["--word=a"], ("a",)),
        (["--word=a", "--word=b"], ("a", "b")),
        (["--word", "a", "b"], ("a", "b")),
        (["--word=a", "b", "--other", "c"], ("a", "b")),
        (["--word", "f(1, k=2)", "--word="], ()),
        (["--word=a", "--word=b", "--word=", "--word=a"], ("a",)),
    ],
)
def test_flags_that_may_be_repeated(arguments, words):
    assert flags.parse(Repeatable, ["", *arguments], "")[0].word == words


def test_a_word_after_any_other_flag_is_stray():
    with pytest.raises(UserError, match="'c' is not a flag"):
        flags.parse(Repeatable, ["", "--word=a", "--other=b", "c"], "")


def test_help_says_what_may_be_repeated(capsys):
    with pytest.raises(SystemExit):
        flags.parse(Repeatable, ["", "--help"], "")
    assert "  --word\n      some words (may be repeated)" in capsys.readouterr().out


def raises(error):
    def main(argv):
        raise error

    return main


@pytest.mark.parametrize(
    "main, status, stderr",
    [
        (lambda argv: 0, 0, ""),
        (lambda argv: 143, 143, ""),
        (raises(UserError("Give more.")), 1, "Error: Give more.\n"),
        (raises(KeyboardInterrupt()), 130, "\nStopped.\n"),
    ],
)
def test_run_exits_with_the_status(main, status, stderr, capsys):
    with pytest.raises(SystemExit) as end:
        flags.run(main)
    assert end.value.code == status
    assert capsys.readouterr().err == stderr


def test_run_shows_a_programming_error_with_its_traceback(capsys):
    with pytest.raises(SystemExit) as end:
        flags.run(raises(ZeroDivisionError("oops")))
    assert end.value.code == 1
    assert "Traceback" in (err := capsys.readouterr().err)
    assert err.endswith("ZeroDivisionError: oops\n")


def test_run_passes_the_command_line(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program", "--x"])
    with pytest.raises(SystemExit) as end:
        flags.run(lambda argv: argv)
    assert end.value.code == ["program", "--x"]


def test_quiet_import_suppresses_native_output(capfd):
    with flags.quiet_import():
        os.write(2, b"native chatter\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_quiet_import_shows_native_output_when_the_import_fails(capfd):
    with pytest.raises(ImportError, match="no such library"), flags.quiet_import():
        os.write(2, b"native reason\n")
        raise ImportError("no such library")
    assert capfd.readouterr().err == "native reason\n"


def test_garbage_is_not_collected_in_the_first_import(monkeypatch):
    with flags.quiet_import():
        assert gc.isenabled()  # not the first
    monkeypatch.delitem(sys.modules, "tensorflow")
    for in_command, frozen in ((False, 0), (True, 1)):
        freezes = []
        monkeypatch.setattr(flags, "_in_command", in_command)
        monkeypatch.setattr(gc, "freeze", lambda freezes=freezes: freezes.append(1))
        with flags.quiet_import():
            assert not gc.isenabled()
        assert gc.isenabled() and len(freezes) == frozen


def test_parts_of_keras_that_are_imported_lazily_are_there():
    for name in flags._LAZY:
        parent = importlib.import_module(name.rpartition(".")[0])
        assert importlib.machinery.PathFinder.find_spec(name, parent.__path__)


@dataclasses.dataclass(frozen=True)
class Paths:
    files: tuple = option((), "Files", "which", path=True)


@pytest.mark.parametrize(
    "arguments, files",
    [
        (["--files=a,b"], ("a", "b")),
        (["--files=a", "--files=~/b,,c"], ("a", os.path.expanduser("~/b"), "c")),
        (["--files", "a", "one,two"], ("a", "one,two")),
    ],
)
def test_repeated_paths_can_be_separated_by_commas(arguments, files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one,two").touch()
    options, _ = flags.parse(Paths, ["program", *arguments], "Does things.")
    assert options.files == files
