"""The run that a command works on."""

import dataclasses

import pytest

from gan_tf import anomaly, augment, evaluate, explore, export, generate, invert, restore
from gan_tf.errors import UserError
from gan_tf.options.run_choice import RunChoice

COMMANDS = anomaly, augment, evaluate, explore, export, generate, invert, restore


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.__name__)
def test_commands_ask_for_a_run_and_its_checkpoint_first(command):
    first, second, *_ = dataclasses.fields(command.Options)
    assert issubclass(command.Options, RunChoice)
    assert (first.name, second.name) == ("run_dir", "checkpoint")
    assert first.metadata["group"] == second.metadata["group"] == "Run"
    assert second.default == "last"


@pytest.mark.parametrize("command", [augment, explore, export, generate, invert])
def test_a_run_that_is_not_named_is_asked_for(command):
    with pytest.raises(UserError, match=r"Name the folder of a training run with --run_dir=\.\.\."):
        command.main([""])
