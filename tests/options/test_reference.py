"""The page of all options: it is up to date, complete, and made without TensorFlow."""

import dataclasses
import re
import subprocess
import sys

from gan_tf.options import docstrings, flags, reference
from gan_tf.options.config import Config
from gan_tf.options.option import option
from gan_tf.registry import LOSSES, TRICKS
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "options.md"


def test_the_page_is_up_to_date():
    stale = f"{PAGE} is stale: refresh it with `make options` (python -m gan_tf.options.reference)"
    assert PAGE.read_text() == reference.markdown(), stale


def test_the_page_has_each_flag_and_each_entry():
    page = reference.markdown()
    section = page.partition("### gan_tf.main\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `--(\w+)`", section, re.MULTILINE)
    assert rows == [each.name for each in dataclasses.fields(Config)] + ["dry_run"]
    for kind, registry in (("Loss", LOSSES), ("Trick", TRICKS)):
        section = page.partition(f"### {kind}\n")[2].partition("\n### ")[0]
        section = section.partition("| argument |")[0]
        assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == list(registry.names())
    assert "| `dragan` | `weight=10.0` | Gradient penalty of DRAGAN" in page
    (row,) = re.findall(r"^\| `dragan` .*", page, re.MULTILINE)
    assert "Source: https://arxiv.org/abs/1705.07215" in row
    assert "| `limit=0.01` | `weight_clip` | above 0, default 0.01, as in the paper. |" in page
    assert "\n`--loss` of `gan_tf.main`; `gan_tf.losses.adversarial`, registry `LOSSES`.\n" in page


def test_each_argument_of_an_entry_is_explained_there_or_by_its_flag():
    flags_of_all = {
        field.name
        for command in reference.commands().values()
        for field in dataclasses.fields(command.options)
    }
    for entries in reference.registries().values():
        for name, entry in entries.own_entries.items():
            explained = {
                each for text in entries.docstrings(name) for each in docstrings.arguments(text)
            }
            arguments = {each.name for each in entry.arguments if each.default is not None}
            assert arguments <= explained | flags_of_all, (entries.kind, name)


def test_each_module_that_a_user_can_run_is_a_command():
    runs = {
        path.stem
        for path in (ROOT / "gan_tf").glob("[!_]*.py")
        if "flags.run(main)" in path.read_text()
    }
    assert set(reference.commands()) == runs
    assert next(iter(reference.commands())) == "main"


def test_a_row_says_default_range_choices_and_registry():
    @dataclasses.dataclass(frozen=True)
    class Options:
        count: int = option(3, "Numbers", "how many |x|", low=1, high=9)
        name: str | None = option(None, "Words", "a name", choices=("ann", "bob"))
        loss: tuple = option((), "Words", "some losses", registry=LOSSES)
        flip: bool = option(True, "Words", "turn over", free=True)

    rows = [
        reference._flag(field, {LOSSES: "loss"}, resumes=True)
        for field in dataclasses.fields(Options)
    ]
    assert rows == [
        r"| `--count` | `3` | how many \|x\| (from 1 to 9) |",
        "| `--name` |  | a name (`ann`, `bob`) |",
        "| `--loss` |  | some losses ([loss](#loss); may be repeated) |",
        r"| `--flip`\* | `true` | turn over |",
    ]


def test_the_command_writes_the_page_without_tensorflow(tmp_path):
    code = (
        "import sys; from gan_tf.options import reference; reference.main(sys.argv);"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    command = [sys.executable, "-c", code, "--out=page.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "page.md\n"
    assert (tmp_path / "page.md").read_text() == reference.markdown()


def test_command_of_returns_the_options_of_a_command():
    def main(argv):
        flags.parse(Config, argv, "Trains.", ["an example"], [("fast", "hurry")])

    command = flags.command_of(main)
    assert command == flags.Command(Config, "Trains.", ("an example",), (("fast", "hurry"),))
