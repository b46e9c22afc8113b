"""The Python reference has everything that is public, and every entry that users combine."""

import ast
import pathlib
import re

import pytest

import gan_tf
from gan_tf import registry
from tests.conftest import ROOT

NAMED = {
    name
    for page in ("api.md", "api_parts.md")
    for name in re.findall(r"^::: (\S+)$", (ROOT / "docs" / page).read_text(), re.MULTILINE)
}


def test_public_names_are_in_the_reference():
    assert set(gan_tf._PUBLIC.values()) <= NAMED | {
        f"{module}.PatchGAN" for module in NAMED if module.endswith(".discriminators")
    }


@pytest.mark.parametrize(
    "entries",
    [
        registry.GANS,
        registry.ARCHITECTURES,
        registry.DISCRIMINATORS,
        registry.CONDITIONINGS,
        registry.LOSSES,
        registry.CONTENT_LOSSES,
        registry.PENALTIES,
        registry.REWARDS,
        registry.TRICKS,
        registry.PRIORS,
        registry.OPTIMIZERS,
        registry.METRICS,
    ],
    ids=lambda entries: entries.kind,
)
def test_modules_of_entries_are_in_the_reference(entries):
    modules = NAMED | {name.rpartition(".")[0] for name in NAMED}
    assert {entry.module for entry in entries.own_entries.values()} <= modules


def test_docstrings_have_no_sections_that_would_run_together():
    modules = NAMED | {name.rpartition(".")[0] for name in NAMED}
    paths = [ROOT / f"{name.replace('.', '/')}.py" for name in modules]
    documented = 0
    for path in filter(pathlib.Path.is_file, paths):
        for node in ast.walk(ast.parse(path.read_text())):
            text = isinstance(node, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node)
            for title in re.findall(r"^(\S[^\n]*:)\n    \S", text or "", re.MULTILINE):
                assert title in ("Args:", "Attributes:", "Returns:", "Raises:"), (path, title)
                documented += 1
    assert documented > 100
