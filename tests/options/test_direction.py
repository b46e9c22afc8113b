"""Which of two directions a command works with."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.direction import DirectionChoice
from gan_tf.options.option import check


def test_a_direction_is_for_runs_that_have_two():
    both = Config(gan="cyclegan", dataset="glyphs", pair_by="edges")
    for direction in (None, "a_to_b", "b_to_a"):
        DirectionChoice(direction).check_direction(both)
    one = Config(gan="pix2pix", dataset="glyphs", pair_by="edges")
    DirectionChoice().check_direction(one)
    with pytest.raises(UserError, match=r"--gan=pix2pix trains one: .* or give a run of cyclegan"):
        DirectionChoice("a_to_b").check_direction(one)
    with pytest.raises(UserError, match="--direction=back: there is no such choice"):
        check(DirectionChoice("back"))
