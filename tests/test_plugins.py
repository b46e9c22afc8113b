"""Plug-ins: what they add, and what is said when something is wrong with one."""

import importlib
import sys
import textwrap

import pytest

from gan_tf.errors import UserError
from tests.conftest import assert_user_error
from tests.test_registry import ZOO, write_zoo

PACKAGES = {"zoo", "extra", "kennel"}


@pytest.fixture
def animals(tmp_path, monkeypatch):
    """The registry of a small package of its own; what was imported is forgotten afterwards."""
    write_zoo(tmp_path, ZOO)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("zoo").ANIMALS
    for module in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
        del sys.modules[module]


def plug_in(folder, monkeypatch, source, name="extra"):
    (folder / f"{name}.py").write_text(textwrap.dedent(source))
    monkeypatch.setenv("GAN_TF_PLUGINS", name)


def test_a_plug_in_adds_entries_and_is_imported_when_one_is_built(animals, tmp_path, monkeypatch):
    source = """
        from zoo import ANIMALS
        from zoo.cats import Base

        @ANIMALS.register("puma")
        class Puma(Base):
            '''A puma, from outside.'''
            sound = "growl"
    """
    plug_in(tmp_path, monkeypatch, source)
    assert animals.names() == ("cat", "dog", "lynx", "puma")
    entry = animals.entry("puma")
    assert (entry.module, entry.attributes) == ("extra", {"legs": 4, "sound": "growl"})
    assert "extra" not in sys.modules
    assert animals.build("puma(50)").weight == 50
    assert animals.build("dog") == ("dog", 3, True, ())


def test_a_plug_in_may_be_a_package_and_stand_beside_others(animals, tmp_path, monkeypatch):
    (tmp_path / "kennel").mkdir()
    (tmp_path / "kennel" / "__init__.py").touch()
    hound = 'from zoo import ANIMALS\n@ANIMALS.register("hound")\ndef hound():\n    return "woof"\n'
    (tmp_path / "kennel" / "hounds.py").write_text(hound)
    plug_in(tmp_path, monkeypatch, "from zoo import OTHERS")
    monkeypatch.setenv("GAN_TF_PLUGINS", " extra , kennel,")
    assert animals.names() == ("cat", "dog", "hound", "lynx")
    assert animals.build("hound") == "woof"


@pytest.mark.parametrize(
    "source, words",
    [
        ("def broken(:\n", "'extra' cannot be read .*extra.py, line 1"),
        ('@ANIMALS.register(len("x"))\ndef a(): pass', "'extra' cannot be read"),
        ('@ANIMALS.register("dog")\ndef a(): pass', "'extra' registers the animal 'dog'"),
        (
            '@ANIMALS.register("ant")\ndef a(): pass\nimport nowhere',
            r"'extra' cannot be imported \(NameError",
        ),
    ],
)
def test_what_is_wrong_with_a_plug_in_is_a_sentence(animals, tmp_path, monkeypatch, source, words):
    plug_in(tmp_path, monkeypatch, source)
    with pytest.raises(UserError, match=words):
        animals.build("ant")


@pytest.mark.parametrize("name", ["nowhere", "zoo.nowhere", "nowhere.at.all", ".cats", "no/where"])
def test_a_plug_in_that_cannot_be_found_is_a_sentence(animals, monkeypatch, name):
    monkeypatch.setenv("GAN_TF_PLUGINS", name)
    with pytest.raises(UserError, match=f"names the module '{name}', which cannot be found"):
        animals.names()


@pytest.mark.parametrize("arguments", [("--help",), ("--loss=hinge",)])
def test_commands_report_a_broken_plug_in(command, arguments):
    result = command("main", *arguments, env={"GAN_TF_PLUGINS": "nowhere"})
    assert_user_error(result, "GAN_TF_PLUGINS names the module 'nowhere'")
