"""The map of packages is complete, and the files and folders that pages name exist."""

import re

import pytest

from gan_tf.options import reference
from tests.conftest import ROOT
from tests.docs import markdown

PACKAGE = ROOT / "gan_tf"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
# Of a run directory: they exist when there is a run.
RUN_FOLDERS = ("runs", "samples", "best", "inverted", "anomalies", "restored", "mlflow")
MAP = PAGE.partition("## The map")[2].partition("\n## ")[0]


def test_the_map_has_every_package_and_every_module_at_the_top():
    named = set(markdown.spans(MAP))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {f"{name}/" for name in packages} <= named
    commands = set(reference.commands())
    modules = {path.stem for path in PACKAGE.glob("[!_]*.py")} - commands
    assert commands | {f"{name}.py" for name in modules} <= named


def test_the_order_of_imports_has_every_package():
    order = PAGE.partition("## Order of imports")[2].split("\n\n")[2].split()
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules = {path.stem for path in PACKAGE.glob("[!_]*.py")} - set(reference.commands())
    assert set(order) == packages | modules | {"commands"}
    assert len(set(order)) == len(order)


@pytest.mark.parametrize("page", markdown.PAGES, ids=markdown.name)
def test_files_and_folders_that_are_named_exist(page):
    paths = [
        span
        for span in markdown.spans(page.read_text())
        if re.fullmatch(r"[a-z_]+(/[a-z_.]+)*(/|\.py)", span) and "/" in span
    ]
    for path in paths:
        in_run = path.split("/")[0] in RUN_FOLDERS
        assert in_run or any((each / path).exists() for each in (ROOT, PACKAGE)), path
