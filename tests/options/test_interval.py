"""Times between events."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.interval import interval


@pytest.mark.parametrize(
    "text, steps",
    [
        ("1epoch", 40),
        ("3epochs", 120),
        ("2", 80),
        ("500steps", 500),
        ("1step", 1),
        (" 5 steps ", 5),
    ],
)
def test_an_interval_in_steps(text, steps):
    assert interval(text, 40) == steps


@pytest.mark.parametrize("epoch, steps", [(1, 100), (2, 100), (9, 108), (99, 198), (468, 468)])
def test_the_default_is_complete_epochs_of_100_steps_or_more(epoch, steps):
    assert interval(None, epoch) == steps


@pytest.mark.parametrize("text", ["", "0", "0steps", "-1", "1.5epochs", "5 days", "steps", "1e3"])
def test_refuses_what_is_no_interval(text):
    with pytest.raises(UserError, match=f"^--keep_every={text}: write an interval such as"):
        interval(text, 40, "keep_every")
