"""The options of samples of a trained run."""

import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.option import check
from gan_tf.options.sampling import SamplingOptions


def parse(*words):
    options, _ = flags.parse(SamplingOptions, ["", *words], "")
    check(options)
    return options


def test_samples_are_drawn_as_they_are_from_seed_0_by_default():
    options = parse()
    assert (options.seed, options.truncation, options.reject) == (0, None, None)


@pytest.mark.parametrize(
    "flag, words",
    [
        ("--seed=-1", "from 0 to 2147483647"),
        ("--seed=2147483648", "from 0 to 2147483647"),
        ("--truncation=0", "from 0.01 to 10"),
        ("--reject=dsr", "did you mean 'drs'"),
    ],
)
def test_what_cannot_be_is_refused(flag, words):
    with pytest.raises(UserError, match=words):
        parse(flag)


def test_the_ends_of_the_ranges_can_be_drawn():
    largest = parse("--seed=2147483647", "--truncation=0.01", "--reject=threshold(0.4)")
    drawn = latents.draw(largest.seed, range(3), 4, largest.truncation)
    assert drawn.shape == (3, 4) and abs(drawn).max() <= 0.01
