"""Registries: what the source says, what a spec may say, and what is built."""

import importlib
import sys
import textwrap

import pytest

from gan_tf.errors import UserError
from gan_tf.registry import Registry

ZOO = {
    "__init__": """
        from gan_tf.registry import Registry
        ANIMALS = Registry("animal", "zoo", "ANIMALS")
        OTHERS = Registry("other", "zoo", "OTHERS")
    """,
    "cats": """
        from zoo import ANIMALS

        class Base:
            legs = 4
            sound = "none"
            mood = len("computed")

            def __init__(self, weight: float, name: str = "Tom"):
                self.weight, self.name = weight, name

        @ANIMALS.register("cat")
        class Cat(Base):
            '''A cat.

            It says nothing here that the summary should say.
            '''
            sound = "miaow"

        @ANIMALS.register("lynx")
        class Lynx(Base):
            '''A lynx, without arguments.'''

            def __init__(self):
                super().__init__(20.0)
    """,
    "dogs": """
        from zoo import ANIMALS, OTHERS

        @ANIMALS.register("dog")
        def dog(size: int = 3, barks: bool = True, *, tags=()):
            '''A dog.'''
            return ("dog", size, barks, tags)

        @OTHERS.register("wolf")
        def wolf():
            '''Of another registry.'''
    """,
    "broken": "raise RuntimeError('this module was imported')",
    "_hidden": "this is no Python",
}


def write_zoo(folder, sources):
    (folder / "zoo").mkdir(exist_ok=True)
    for name, source in sources.items():
        (folder / "zoo" / f"{name}.py").write_text(textwrap.dedent(source))


@pytest.fixture
def animals(tmp_path, monkeypatch):
    """The registry of a small package of its own."""
    write_zoo(tmp_path, ZOO)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("zoo").ANIMALS
    for module in [name for name in sys.modules if name.partition(".")[0] == "zoo"]:
        del sys.modules[module]


def refusal(animals, spec):
    with pytest.raises(UserError) as error:
        animals.parse(spec)
    return str(error.value)


def test_reads_names_without_importing_the_entries(animals):
    assert animals.names() == ("cat", "dog", "lynx")
    assert {name for name in sys.modules if name.startswith("zoo")} == {"zoo"}


def test_help_has_a_line_for_each_entry_and_one_for_its_arguments(animals):
    assert animals.help(hidden=["weight"]).splitlines() == [
        "cat   A cat.",
        "      takes name='Tom'",
        "dog   A dog.",
        "      takes size=3, barks=True, tags=()",
        "lynx  A lynx, without arguments.",
    ]
    assert "takes weight, name='Tom'\n" in animals.help()


def test_a_file_added_to_the_package_adds_an_entry(animals, tmp_path):
    source = '@ANIMALS.register("owl")\ndef owl():\n    """An owl."""\n    return "hoot"\n'
    write_zoo(tmp_path, {"owls": "from zoo import ANIMALS\n" + source})
    assert animals.names() == ("cat", "dog", "lynx", "owl")
    assert animals.build("owl") == "hoot"


def test_reads_arguments_and_attributes_through_base_classes(animals):
    cat, lynx, dog = (animals.entry(name) for name in ("cat", "lynx", "dog"))
    assert list(map(str, cat.arguments)) == ["weight", "name='Tom'"]
    assert [each.required for each in cat.arguments] == [True, False]
    assert [each.type for each in cat.arguments] == ["float", "str"]
    assert cat.attributes == {"legs": 4, "sound": "miaow"}
    assert (lynx.arguments, lynx.attributes) == ((), {"legs": 4, "sound": "none"})
    assert list(map(str, dog.arguments)) == ["size=3", "barks=True", "tags=()"]
    assert (dog.module, dog.summary, dog.attributes) == ("zoo.dogs", "A dog.", {})


def test_the_arguments_of_a_dataclass_are_its_fields(animals, tmp_path):
    source = """
        import dataclasses
        from zoo import ANIMALS

        @dataclasses.dataclass
        class Bird:
            wings = 2
            weight: float
            name: str = "Tom"

        @ANIMALS.register("duck")
        @dataclasses.dataclass(eq=False)
        class Duck(Bird):
            swims = True
            name: str = "Donald"
            speed: float = 1.5
    """
    write_zoo(tmp_path, {"birds": source})
    duck = animals.entry("duck")
    assert list(map(str, duck.arguments)) == ["weight", "name='Donald'", "speed=1.5"]
    assert [each.type for each in duck.arguments] == ["float", "str", "float"]
    assert duck.attributes == {"wings": 2, "swims": True}
    made = animals.build("duck(3, speed=2)")
    assert (made.weight, made.name, made.speed) == (3.0, "Donald", 2.0)


def test_a_registry_may_live_in_one_module(animals):
    assert Registry("animal", "zoo.dogs", "ANIMALS").names() == ("dog",)


@pytest.mark.parametrize(
    "spec, arguments",
    [
        ("dog", {}),
        (" dog( ) ", {}),
        ("dog(5)", {"size": 5}),
        ("dog(-5, tags=(1, 'x'))", {"size": -5, "tags": (1, "x")}),
        ("dog(barks=False, size=2)", {"size": 2, "barks": False}),
        ("cat(2, 'Kim')", {"weight": 2.0, "name": "Kim"}),
        ("cat(weight=2e-4)", {"weight": 0.0002}),
    ],
)
def test_reads_a_spec(animals, spec, arguments):
    entry, values = animals.parse(spec)
    assert entry.name == spec.strip()[:3]
    assert values == arguments
    assert {name: type(value) for name, value in values.items()} == {
        name: type(value) for name, value in arguments.items()
    }


@pytest.mark.parametrize(
    "spec",
    ["", "cat dog", "cat(", "zoo.cat", "'cat'", "3", "cat()()", "\0", "import os", "cat;dog"],
)
def test_refuses_what_is_no_spec(animals, spec):
    message = refusal(animals, spec)
    assert message.startswith(f"Invalid animal '{spec}': ")
    assert message.endswith("choose from: cat, dog, lynx.")


def test_an_unknown_name_suggests_the_nearest(animals):
    expected = "Unknown animal 'lynks' (did you mean 'lynx'?); choose from: cat, dog, lynx."
    assert refusal(animals, "lynks") == refusal(animals, "lynks(1)") == expected


@pytest.mark.parametrize(
    "spec, words",
    [
        ("dog(sise=3)", "Unknown argument 'sise' of the animal 'dog' (did you mean 'size'?); it "),
        ("dog(1, size=2)", "Repeated argument 'size' of the animal 'dog'"),
        ("dog(**{'size': 1})", "Unknown argument"),
        ("dog(1, True, (), 4)", "Too many arguments for the animal 'dog': size=3, barks=True, ta"),
        ("lynx(1)", "Too many arguments for the animal 'lynx': no arguments."),
        (
            "dog(2.5)",
            "The argument 'size' of the animal 'dog' must be of type int, not 2.5; it takes: size=",
        ),
        ("dog('3')", "The argument 'size' of the animal 'dog' must be of type int, not '3'"),
        ("dog(True)", "The argument 'size' of the animal 'dog' must be of type int, not True"),
        ("dog(barks=1)", "The argument 'barks' of the animal 'dog' must be of type bool, not 1"),
        (
            "cat(True)",
            "The argument 'weight' of the animal 'cat' must be of type float, not True",
        ),
        ("cat(nan)", "The argument 'weight' of the animal 'cat' must be of type float, not nan"),
        (
            "cat(1, name=Kim)",
            "The argument 'name' of the animal 'cat' must be of type str, not Kim",
        ),
        (
            "cat({[]: 1})",
            "The argument 'weight' of the animal 'cat' must be of type float, not {[]: 1}",
        ),
        (
            "cat(*[1])",
            "The argument 'weight' of the animal 'cat' must be of type float, not *[1]",
        ),
        (
            "dog(tags=open('x'))",
            "The argument 'tags' of the animal 'dog' must be a literal, not open('x')",
        ),
    ],
)
def test_refuses_wrong_arguments_and_says_what_there_is(animals, spec, words):
    assert words in refusal(animals, spec)


def test_builds_classes_and_functions_with_their_arguments(animals):
    cat = animals.build("cat(2.5, name='Kim')")
    assert (type(cat).__name__, cat.weight, cat.name) == ("Cat", 2.5, "Kim")
    assert animals.build("dog(7)") == ("dog", 7, True, ())


def test_building_one_entry_imports_its_module_only(animals):
    animals.build("lynx")
    assert {"zoo.cats"} == {name for name in sys.modules if name.startswith("zoo.")}


def test_available_values_fill_in_what_the_spec_leaves_out(animals):
    available = {"size": 8, "barks": None, "weight": 1.5, "unheard": 0}
    assert animals.build("dog", available) == ("dog", 8, True, ())
    assert animals.build("dog(size=2)", available) == ("dog", 2, True, ())
    assert animals.build("cat", available).weight == 1.5
    assert available == {"size": 8, "barks": None, "weight": 1.5, "unheard": 0}


def test_a_name_is_registered_once(animals, tmp_path):
    with pytest.raises(ValueError, match="'cat' is registered twice"):
        animals.register("cat")(object)
        animals.register("cat")(object)
    write_zoo(tmp_path, {"more": '@ANIMALS.register("dog")\ndef other():\n    """Another."""'})
    with pytest.raises(ValueError, match="'dog' is registered twice"):
        animals.names()
