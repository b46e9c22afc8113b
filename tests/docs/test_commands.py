"""Commands in the documentation: their flags, entries and files exist, and go together."""

import dataclasses
import functools
import importlib
import inspect
import re

import pytest

from gan_tf.errors import UserError
from gan_tf.launch import _split
from gan_tf.options import flags, reference
from gan_tf.options.config import Config
from gan_tf.options.option import check
from tests.conftest import ROOT
from tests.docs import markdown

FLAG = re.compile(r'--(\w+)(?:=("[^"]*"|\S+))?')
PAGES = [page for page in markdown.PAGES if page.name != "options.md"]  # which is generated


def lines(page, program):
    return markdown.commands(page.read_text(), program)


@functools.cache
def command(module):
    """The `flags.Command` of a module, or None where it has flags of another kind."""
    main = getattr(importlib.import_module(module), "main", None)
    if main is None:  # a package that is run by its __main__
        main = importlib.import_module(f"{module}.__main__").main
    return flags.command_of(main) if inspect.signature(main).parameters else None


@functools.cache
def flag_fields():
    """{name: [field]} of the flags of all commands, and of those that the pages run."""
    modules = {words[2] for page in PAGES for words in lines(page, "python -m")}
    found = {"help": [], "flagfile": []}
    of_pages = filter(None, map(command, sorted(modules)))
    for each in [*reference.commands().values(), *of_pages]:
        for field in dataclasses.fields(each.options):
            found.setdefault(field.name, []).append(field)
        found |= {name: [] for name, _ in each.extra}
    return found


def parse(module, arguments):
    """Parses and checks a command line as far as it goes without the files that it names."""
    known = command(module)
    if known is None:
        return
    arguments = [each for each in arguments if not each.endswith("=...")]  # which stands for any
    options, _ = flags.parse(known.options, ["", *arguments], "", extra=known.extra)
    if isinstance(options, Config):
        options.resolve()
    else:
        check(options)


@pytest.mark.parametrize("page", markdown.PAGES, ids=markdown.name)
def test_commands_are_understood(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    problems = []
    for _, _, module, *arguments in lines(page, "python -m"):
        try:
            if module == "gan_tf.launch":
                own, arguments = _split(["", *arguments])
                parse(module, own[1:])
                module = "gan_tf.main"
            parse(module, [each for each in arguments if "--flagfile=runs/" not in each])
        except (UserError, ImportError) as error:
            problems.append((module, arguments, str(error)))
    assert not problems


@pytest.mark.parametrize("page", PAGES, ids=markdown.name)
def test_flags_within_sentences_exist(page):
    problems = []
    for span in markdown.spans(page.read_text()):
        flags_of_span = FLAG.findall(span) if span.startswith("--") else ()
        for name, value in flags_of_span:
            value = value.strip('"')
            fields = flag_fields().get(name, flag_fields().get(name.removeprefix("no")))
            registries = [each.metadata["registry"] for each in fields or ()]
            looked_up = value and "..." not in value and registries and all(registries)
            if fields is None or (looked_up and not any(_parses(r, value) for r in registries)):
                problems.append((name, value))
    assert not problems


def _parses(registry, spec):
    try:
        return registry.parse(spec)
    except UserError:
        return False


def test_targets_of_make_exist():
    made = [word for page in PAGES for words in lines(page, "make") for word in words[1:]]
    targets = {word for word in made if "=" not in word}
    assert len(targets) > 5
    makefile = (ROOT / "Makefile").read_text()
    assert targets <= set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--lsos=hinge"], "There is no flag --lsos"),
        (["--loss=hing"], "Unknown loss 'hing'"),
        (["--conditional=concat", "--dataset=celeb_a"], "needs a class for each image"),
    ],
)
def test_wrong_commands_are_found(arguments, message):
    with pytest.raises(UserError, match=message):
        parse("gan_tf.main", arguments)
