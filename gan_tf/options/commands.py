"""The commands of the package, and advice for names that are none.

`python -m gan_tf` lists them. `python -m gan_tf.train` and other names that are not commands end with a
sentence that names the right one, instead of doing nothing.
"""

import ast
import importlib.util
import pathlib
import sys

from gan_tf.errors import UserError, suggest

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
    found = {}
    for path in sorted(_PACKAGE.glob("[!_]*.py"), key=lambda each: (each.stem != "main", each)):
        text = path.read_text(encoding="utf-8")
        if "\ndef main(argv)" in text:
            found[path.stem] = ast.get_docstring(ast.parse(text)).partition(": `python")[0] + "."
    return found


def listing():
    """Returns the list of commands, a line each, as text."""
    commands = summaries()
    width = max(map(len, commands))
    return "\n".join(
        [
            "Trains generative adversarial networks. The commands:",
            "",
            *(f"  python -m gan_tf.{name:<{width}}  {text}" for name, text in commands.items()),
            "",
            "Each lists its flags with --help. A first run, with nothing to download:",
            "",
            "  python -m gan_tf.main --dataset=glyphs --epochs=5",
        ]
    )


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
    raise UserError(f"{name} is not a command{_advice(below)}")


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


def _advice(name):
    meant = next((each for each, words in _MEANT.items() if name in words.split(", ")), None)
    commands = summaries()
    if meant:
        return f": give python -m gan_tf.{meant}, which {_lower(commands[meant])}"
    return f"{suggest(name, commands)}; the commands are: {', '.join(commands)}."


def _lower(text):
    return text[0].lower() + text[1:]
