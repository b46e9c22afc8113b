"""Plug-ins: modules outside the package that add entries to its registries.

The environment variable GAN_TF_PLUGINS lists them, separated by commas:

    GAN_TF_PLUGINS=my_losses,lab.signals python -m gan_tf.main --loss=mine

Registries read them like their own modules, and import one when an entry of it is built. A package
means all modules in it. They must be importable: on PYTHONPATH, in the current folder or
installed. Run files never name plug-ins, so that a run from an untrusted source cannot load code.
"""

import ast
import importlib
import importlib.util
import os
import pathlib

from gan_tf.errors import UserError

VARIABLE = "GAN_TF_PLUGINS"


def modules(name):
    """Returns [(dotted name, path)] of a module, or of the modules in a package."""
    spec = importlib.util.find_spec(name)
    path = pathlib.Path(spec.origin)
    if not spec.submodule_search_locations:
        return [(name, path)]
    return [(f"{name}.{each.stem}", each) for each in sorted(path.parent.glob("[!_]*.py"))]


def sources():
    """Returns {dotted name: `ast.Module`} of the plug-ins, without importing them.

    Raises:
        UserError: when one cannot be found or read.
    """
    trees = {}
    for name in filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(","))):
        try:
            found = modules(name)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise UserError(
                f"{VARIABLE} names the module '{name}', which cannot be found: correct the name, or "
                "add its folder to PYTHONPATH."
            ) from error
        for module, path in found:
            try:
                trees[module] = ast.parse(path.read_text(encoding="utf-8"), path.name)
            except (SyntaxError, ValueError, OSError) as error:
                raise unreadable(module, error) from error
    return trees


def unreadable(plugin, error):
    """Returns the `UserError` for a plug-in whose source cannot be parsed."""
    return UserError(
        f"The plug-in '{plugin}' cannot be read ({error}): fix it, or leave it out of {VARIABLE}."
    )


def load(module):
    """Imports a module, the package's own or a plug-in.

    Raises:
        UserError: when it is a plug-in that cannot be imported.
    """
    try:
        importlib.import_module(module)
    except Exception as error:
        if module not in sources():
            raise
        raise UserError(
            f"The plug-in '{module}' cannot be imported ({type(error).__name__}: {error}): fix it, or "
            f"leave it out of {VARIABLE}."
        ) from error
