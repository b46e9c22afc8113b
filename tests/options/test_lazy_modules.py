"""Modules that are loaded when they are used."""

import importlib
import sys

import pytest

from gan_tf.options.lazy_modules import lazy


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two modules, each of which adds its name to the list `loaded`."""
    folder = tmp_path / "slow_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("loaded = []\n")
    for name in ("plots", "tables"):
        text = f"import slow_package\nslow_package.loaded.append('{name}')\nanswer = 42\n"
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("slow_package")
    for name in [each for each in sys.modules if each.startswith("slow_package")]:
        del sys.modules[name]


def test_a_lazy_module_is_loaded_when_an_attribute_is_read(package):
    finders = list(sys.meta_path)
    with lazy("slow_package.plots", "slow_package.missing"):
        from slow_package import plots, tables

        with pytest.raises(ImportError):
            importlib.import_module("slow_package.missing")
    assert sys.meta_path == finders
    assert package.loaded == ["tables"] and tables.answer == 42
    assert plots.answer == 42 and package.loaded == ["tables", "plots"]
    assert package.plots is plots
