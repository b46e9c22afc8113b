"""The options of paths through the latents."""

import dataclasses

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.option import check
from gan_tf.options.traversal import TraversalOptions
from gan_tf.sampling import traversals


def parse(*words):
    options, _ = flags.parse(TraversalOptions, ["", *words], "")
    check(options)
    return options


def test_no_path_is_the_default_and_each_has_a_plan():
    chosen = {each.name: each.default for each in dataclasses.fields(TraversalOptions)}
    assert set(chosen.values()) == {None}
    assert set(chosen) == {*traversals._PLANS, *traversals._BELONGS, "frames"}


@pytest.mark.parametrize(
    "flag, words",
    [
        ("--interpolate=slurp", "did you mean 'slerp'"),
        ("--walk=1", "from 2 to 1000"),
        ("--frames=0", "from 1 to 10000"),
        ("--sweep=1001", "from 1 to 1000"),
        ("--space=v", "--space=v"),
        ("--mix=corse", "did you mean 'coarse'"),
    ],
)
def test_what_cannot_be_is_refused(flag, words):
    with pytest.raises(UserError, match=words):
        parse(flag)


def test_paths_are_read():
    options = parse("--interpolate=lerp", "--walk=2", "--arithmetic=Smiling - Male")
    assert (options.interpolate, options.walk) == ("lerp", 2)
    assert options.arithmetic == "Smiling - Male"
