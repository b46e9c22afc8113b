"""Options: their metadata, and the checks that follow from them."""

import dataclasses
import os

import pytest

from gan_tf.errors import UserError
from gan_tf.options.option import check, check_paths, groups, in_words, is_path, option
from gan_tf.registry import LOSSES


@dataclasses.dataclass
class Options:
    count: int = option(3, "A", "how many", low=2, high=5)
    floor: int | None = option(None, "A", "at least", low=1)
    color: str = option("red", "B", "which", choices=("red", "green"), free=True)
    loss: str = option("minimax", "B", "which loss", registry=LOSSES)
    text: str | None = option(None, "B", "anything")


def test_an_option_is_a_field_with_its_default_and_metadata():
    fields = {field.name: field for field in dataclasses.fields(Options)}
    assert {name: field.default for name, field in fields.items()} == vars(Options())
    assert fields["count"].metadata == dict(
        group="A",
        text="how many",
        low=2,
        high=5,
        choices=None,
        registry=None,
        path=False,
        reads=None,
        writes=None,
        free=False,
    )
    assert [name for name, field in fields.items() if field.metadata["free"]] == ["color"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"count": 2},
        {"count": 5},
        {"floor": 1},
        {"floor": 10**9},
        {"color": "green"},
        {"loss": "minimax()"},
        {"text": ""},
    ],
)
def test_accepts_what_is_in_range(changes):
    check(Options(**changes))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"count": 1}, "--count=1 is out of range: it must be from 2 to 5."),
        ({"count": 6}, "--count=6 is out of range: it must be from 2 to 5."),
        ({"floor": 0}, "--floor=0 is out of range: it must be 1 or more."),
        (
            {"color": "gren"},
            "--color=gren: there is no such choice (did you mean 'green'?); there are: red, green.",
        ),
        (
            {"loss": "minmax"},
            "Unknown loss 'minmax' (did you mean 'minimax'?); "
            f"choose from: {', '.join(LOSSES.names())}.",
        ),
        ({"loss": "mlp", "count": 9}, "--count=9 is out of range: it must be from 2 to 5."),
    ],
)
def test_refuses_the_first_that_is_wrong(changes, message):
    with pytest.raises(UserError) as error:
        check(Options(**changes))
    assert str(error.value) == message


@pytest.mark.parametrize(
    "low, high, words", [(1, 4096, "from 1 to 4096"), (0, None, "0 or more"), (None, None, "")]
)
def test_a_range_in_words(low, high, words):
    assert in_words(low, high) == words


@dataclasses.dataclass(frozen=True)
class Shared:
    place: str | None = option(None, "Data", "where")
    number: int = option(1, "Run", "which")


@dataclasses.dataclass(frozen=True)
class Inheriting(Shared):
    headings = {"Data": "Real images"}
    number: int = option(2, "Run", "which one")
    name: str | None = option(None, "Output", "what")


def test_groups_are_in_the_order_of_their_fields_or_last_under_another_heading():
    names = {
        heading: [field.name for field in fields] for heading, fields in groups(Shared).items()
    }
    assert list(names.items()) == [("Data", ["place"]), ("Run", ["number"])]
    found = groups(Inheriting)
    assert list(found) == ["Run", "Output", "Real images"]
    assert [field.default for field in found["Run"]] == [2]
    assert [field.name for field in found["Real images"]] == ["place"]


@dataclasses.dataclass
class Paths:
    source: str | None = option(None, "A", "read", path=True, reads="directory")
    folder: str | None = option(None, "A", "written", path=True, writes="directory")
    picture: str | None = option(None, "A", "written", path=True, writes=".png .svg")
    any: tuple = option((), "A", "written", path=True, writes="")


@pytest.mark.parametrize(
    "paths, message",
    [
        (dict(source="gone"), "There is no directory 'gone': correct --source."),
        (
            dict(folder="file"),
            "--folder=file is a file, but a folder is written: give another name.",
        ),
        (
            dict(folder="x.PNG"),
            "--folder=x.PNG names a file, but a folder is written: give the name of one.",
        ),
        (
            dict(folder="digits.keras"),
            "--folder=digits.keras names a file, but a folder is written",
        ),
        (dict(picture="x.jpg"), "--picture=x.jpg: give a name that ends in .png or .svg, which is"),
        (dict(picture="home"), "--picture=home is a folder: give the name of a file in it."),
        (dict(any=("x", "file/x")), "--any=file/x cannot be written: "),
        (dict(any=("pipe",)), "--any=pipe is a device or a pipe, not a file: give another name."),
    ],
)
def test_refuses_paths_that_cannot_be_read_or_written(tmp_path, monkeypatch, paths, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "home").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError) as error:
        check_paths(Paths(**paths))
    assert str(error.value).startswith(message)


def test_paths_that_can_be_read_and_written_pass(tmp_path):
    here = str(tmp_path)
    check_paths(Paths(here, f"{here}/new/folder", f"{here}/new/x.PNG", (f"{here}/x",)))
    check_paths(Paths(folder=here))
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_read_can_be_checked():
    check_paths(Paths(picture="x.jpg"), reading=True)
    with pytest.raises(UserError, match="There is no directory 'gone'"):
        check_paths(Paths(source="gone"), reading=True)


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(UserError, match=r"cannot be written: you may not write to '.*'"):
        check_paths(Paths(folder=f"{tmp_path}/x"))


def test_some_values_are_paths_only_where_there_is_such_a_file(tmp_path, monkeypatch):
    @dataclasses.dataclass
    class Files:
        name: str = option("", "A", "a name")
        file: str = option("", "A", "a file", path=True)
        either: str = option("", "A", "a name or a file", path="existing")

    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").touch()
    name, file, either = dataclasses.fields(Files)
    found = [(is_path(each, "x"), is_path(each, "y")) for each in (name, file, either)]
    assert found == [(False, False), (True, True), (True, False)]
