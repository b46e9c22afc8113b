"""Arguments and attributes, read from source."""

import ast
import textwrap

import pytest

from gan_tf.signatures import definitions, signature

SOURCE = textwrap.dedent(
    """
    import dataclasses

    def leap(height: float, *, steps=3): ...

    class Animal:
        legs = 4
        noise = compute()

        def __init__(self, name: str = "Tom", age=None): ...

    class Dog(Animal):
        noise = "woof"

    @dataclasses.dataclass
    class Bird:
        legs = 2
        wings: int = 2

    @dataclasses.dataclass(eq=False)
    class Duck(Bird):
        name: str
        wings: int = 3
    """
)
FOUND = definitions(ast.parse(SOURCE))


@pytest.mark.parametrize(
    "name, arguments, attributes",
    [
        ("leap", ["height", "steps=3"], {}),
        ("Animal", ["name='Tom'", "age=None"], {"legs": 4}),
        ("Dog", ["name='Tom'", "age=None"], {"legs": 4, "noise": "woof"}),
        ("Bird", ["wings=2"], {"legs": 2}),
        ("Duck", ["wings=3", "name"], {"legs": 2}),
    ],
)
def test_arguments_and_literal_attributes_with_those_of_bases(name, arguments, attributes):
    found, literals = signature(FOUND[name], FOUND.get)
    assert (list(map(str, found)), literals) == (arguments, attributes)


def test_types_are_names_and_arguments_without_a_default_are_required():
    height, steps = signature(FOUND["leap"])[0]
    assert (height.type, height.required) == ("float", True)
    assert (steps.type, steps.required, steps.default) == ("", False, 3)


def test_a_default_that_is_no_literal_is_a_value_error():
    node = definitions(ast.parse("def run(x=compute()): ..."))["run"]
    with pytest.raises(ValueError):
        signature(node)
