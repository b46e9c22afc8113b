"""The commands of the package, and advice for names that are none.

`gan-tf`, and `python -m gan_tf`, lists them; `gan-tf generate` runs the module `gan_tf.generate`, and
`gan-tf train` runs `gan_tf.main`. `python -m gan_tf.train` and other names that are not commands end with
a sentence that names the right one, instead of doing nothing.
"""

import ast
import importlib.util
import pathlib
import re
import sys
import textwrap

from gan_tf.errors import UserError, suggest
from gan_tf.options import presets

_PACKAGE = pathlib.Path(__file__).parent.parent
_MEANT = {
    "main": "train, trainer, training, fit, run, resume, finetune, transfer, gans, losses, tricks",
    "generate": "sample, samples, sampling, sampler, infer, inference, predict, generator, interpolate, "
    "latents",
    "evaluate": "eval, evaluation, evaluator, score, scores, metrics, fid, test, compare, features",
    "explore": "explorer, runs, view, show, serve, server, web, app, gui, ui, demo, plot",
    "export": "exporter, exporters, convert, save, onnx, tflite",
    "invert": "inversion, project, projector, encode, reconstruct",
    "anomaly": "anomalies, detect",
    "translate": "translation, translator, pix2pix, img2img",
    "restore": "restoration, inpaint, denoise, superres, colorize",
    "augment": "augmentation, augmenter",
    "handwriting": "sheet, sheets, template, templates, scan, scans",
    "launch": "launcher, distributed, distribute, runtime, strategies",
}


def summaries():
    """Returns {name: what the command does}, training first, read without importing the commands."""
    return {
        name: ast.get_docstring(ast.parse(text)).partition(": `python")[0] + "."
        for name, text in _sources().items()
    }


def listing(program):
    """Returns the list of commands, a line each, and the names of the presets, as text.

    Args:
        program: what is typed before the name of a command: "gan-tf", "python -m gan_tf".
    """
    commands = {_typed(name): text for name, text in summaries().items()}
    width = max(map(len, commands))
    indent = {"width": 100, "initial_indent": "  ", "subsequent_indent": "  "}
    return "\n".join(
        [
            "Trains generative adversarial networks. The commands:",
            "",
            *(f"  {program} {name:<{width}}  {text}" for name, text in commands.items()),
            "",
            f"Each lists its flags with --help. The presets of {program} train (--preset=NAME; "
            "--help=preset explains them):",
            "",
            textwrap.fill(", ".join(presets.names()), break_on_hyphens=False, **indent),
            "",
            "A first run, with nothing to download:",
            "",
            f"  {program} train --preset=demo",
        ]
    )


def module(word):
    """Returns the name of the module that a command, such as "train" or "generate", runs.

    Raises:
        UserError: when there is no such command. The message names the one that does what the word
            says.
    """
    known = {name: name for name in _sources()} | {"train": "main"}
    if word.startswith("-"):
        raise UserError(
            f"Give a command before {word}, such as python -m gan_tf.main; without arguments they are "
            "listed."
        )
    if word not in known:
        raise UserError(f"'{word}' is not a command{_advice(word, map(_typed, _sources()))}")
    return known[word]


def spelling(program):
    """Returns a function that names commands in a text, `python -m gan_tf.NAME`, as they are typed.

    Args:
        program: as for `listing`.
    """
    names = "|".join(_sources())
    # Not what follows a -m of another spelling, such as the quoted path of a Python.
    command = re.compile(rf"(?:python -m\s+|(?<!-m )(?<!-m\n)\b)gan_tf\.({names})\b(?!\.\w)")
    return lambda text: command.sub(lambda match: f"{program} {_typed(match[1])}", text)


def check(name):
    """Checks what `python -m` was given.

    Args:
        name: a dotted name, such as "gan_tf.train".

    Raises:
        UserError: when it is in this package, and running it would do nothing. The message names the
            command that does what the name says.
    """
    package, _, below = name.partition(".")
    path = _PACKAGE.joinpath(*below.split("."))
    if package != _PACKAGE.name or (path / "__main__.py").is_file():
        return
    module = path.with_suffix(".py")
    if module.is_file() and "\nif __name__ ==" in module.read_text(encoding="utf-8"):
        return
    raise UserError(f"{name} is not a command{_advice(below, _sources())}")


def check_command_line():
    """Exits with status 1 when `python -m` is given a name in this package that is not a command.

    It also exits when a package that commands need is not installed.

    Python imports the package with `sys.argv[0]` set to "-m" while it looks for the module to run.
    """
    words = sys.orig_argv
    if sys.argv[:1] != ["-m"] or "-m" not in words[:-1]:
        return
    name = words[words.index("-m") + 1]
    try:
        check(name)
        if name.partition(".")[0] == _PACKAGE.name:
            check_installed()
    except UserError as error:
        sys.exit(f"Error: {error}")


def check_installed(needed=("absl", "tensorflow")):
    """Checks, without importing them, that the packages that all commands need are installed.

    Raises:
        UserError: when one is not.
    """
    missing = [each for each in needed if not importlib.util.find_spec(each)]
    if missing:
        raise UserError(
            f"{' and '.join(missing)} cannot be imported by {sys.executable}: activate the environment "
            "that gan_tf was installed in, or install it with pip install -e . in its folder."
        )


def _sources():
    """{name: source} of the modules that are commands, training first."""
    paths = sorted(_PACKAGE.glob("[!_]*.py"), key=lambda each: (each.stem != "main", each))
    sources = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    return {name: text for name, text in sources.items() if "\ndef main(argv)" in text}


def _typed(name):
    """What is typed after `gan-tf` to run a module."""
    return "train" if name == "main" else name


def _advice(name, names):
    """Which command does what a name says; else the one of `names` that is nearest to it."""
    meant = next((each for each, words in _MEANT.items() if name in words.split(", ")), None)
    if meant:
        return f": give python -m gan_tf.{meant}, which {_lower(summaries()[meant])}"
    names = list(names)
    return f"{suggest(name, names)}; the commands are: {', '.join(names)}."


def _lower(text):
    return text[0].lower() + text[1:]
