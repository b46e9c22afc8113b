"""Commands in the documentation: their flags, entries and files exist, and go together."""

import dataclasses
import functools
import importlib
import inspect
import itertools
import re
import shlex

import pytest

from gan_tf.errors import UserError
from gan_tf.launch import _split
from gan_tf.options import flags, reference
from gan_tf.options.config import Config
from gan_tf.options.option import check
from tests.conftest import ROOT
from tests.docs import markdown

FLAG = re.compile(r'--(\w+)(?:=("[^"]*"|\S+))?')
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = [page for page in markdown.PAGES if page.name != "options.md"]  # which is generated
USER_PAGES = [page for page in PAGES if page.parent in (ROOT, ROOT / "docs")]
FIRST_PAGES = ("README.md", "docs/quick_start.md", "docs/recipes.md")


def lines(page, program):
    return markdown.commands(page.read_text(), program)


@functools.cache
def command(module):
    """The `flags.Command` of a module, or None where it has flags of another kind."""
    if module == "gan_tf":  # which lists the commands
        return None
    run = importlib.import_module(module)
    if hasattr(run, "__path__"):  # a package is run by its __main__
        run = importlib.import_module(f"{module}.__main__")
    main = run.main
    return flags.command_of(main) if inspect.signature(main).parameters else None


@functools.cache
def flag_fields():
    """{name: [field]} of the flags of all commands, and of those that the pages run."""
    modules = {words[2] for page in PAGES for words in lines(page, "python -m")}
    found = {"help": [], "helpfull": [], "flagfile": [], "preset": []}
    of_pages = filter(None, map(command, sorted(modules)))
    for each in [*reference.commands().values(), *of_pages]:
        for field in dataclasses.fields(each.options):
            found.setdefault(field.name, []).append(field)
        found |= {name: [] for name, _ in each.extra}
    return found


def parse(module, arguments):
    """Parses and checks a command line as far as it goes without the files that it names.

    Returns:
        The options, or None where the module has flags of another kind.
    """
    if module == "gan_tf.launch":
        own, arguments = _split(["", *arguments])
        parse_own(module, own[1:])
        module = "gan_tf.main"
    return parse_own(module, [each for each in arguments if "--flagfile=runs/" not in each])


def parse_own(module, arguments):
    known = command(module)
    if known is None:
        return None
    arguments = [each for each in arguments if not each.endswith("=...")]  # which stands for any
    options, _ = flags.parse(known.options, ["", *arguments], "", extra=known.extra)
    if isinstance(options, Config):
        return options.resolve()
    check(options)
    return options


def command_lines(page):
    """Yields the module and the arguments of each command of a page, those of make among them."""
    for _, _, module, *arguments in lines(page, "python -m"):
        yield module, arguments
    for _, *words in lines(page, "make"):
        given = dict(each.split("=", 1) for each in words if "=" in each)
        for target in words:
            preset = re.search(
                rf"^{target}:.*\n\t\$\(TRAIN\) (.+) \$\(ARGS\)$", MAKEFILE, re.MULTILINE
            )
            if preset:
                yield "gan_tf.main", [preset[1], *shlex.split(given.get("ARGS", ""))]


def options_of(page):
    """Yields (module, arguments, options) of each command of a page that has options."""
    for module, arguments in command_lines(page):
        options = parse(module, arguments)
        if options is not None:
            yield module, arguments, options


@pytest.mark.parametrize("page", markdown.PAGES, ids=markdown.name)
def test_commands_are_understood(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    problems = []
    for module, arguments in command_lines(page):
        try:
            parse(module, arguments)
        except (UserError, ImportError) as error:
            problems.append((module, arguments, str(error)))
    assert not problems


@functools.cache
def trainings():
    """{page: [`Config`]} of the trainings of the user's pages."""
    return {
        page: [options for _, _, options in options_of(page) if isinstance(options, Config)]
        for page in USER_PAGES
    }


@pytest.mark.parametrize("page", USER_PAGES, ids=markdown.name)
def test_runs_that_are_used_are_made_on_the_page_or_on_the_first_pages(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    pages = [page, *(ROOT / each for each in FIRST_PAGES)]
    made = {config.run_dir for each in pages for config in trainings()[each]}
    assert "runs/demo" in made
    for module, arguments, options in options_of(page):
        if module.startswith("gan_tf."):
            assert runs_used(options) <= made, arguments


def runs_used(options):
    """The names of the runs that a command works on."""
    training = isinstance(options, Config)
    names = ("init_from",) if training else ("run_dir", "compare")
    used = [getattr(options, name, None) or () for name in names]
    return {each for value in used for each in ((value,) if isinstance(value, str) else value)}


def test_trainings_of_the_pages_do_not_meet_in_one_run_directory(monkeypatch):
    monkeypatch.chdir(ROOT)
    found = {}
    for page in USER_PAGES:
        for _, arguments, options in options_of(page):
            repeats = any(each.startswith("--flagfile=runs/") for each in arguments)
            if isinstance(options, Config) and not repeats:
                found.setdefault(options.run_dir, []).append(options)
    assert max(map(len, found.values())) > 5
    for path, configs in found.items():
        for one, other in itertools.combinations(configs, 2):
            assert not one.conflicts(other), path


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
    assert targets <= set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))


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
