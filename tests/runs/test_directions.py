"""The other direction of a run."""

import numpy as np
import pytest

from gan_tf.runs.directions import inverse
from gan_tf.runs.trained_run import TrainedRun


@pytest.mark.slow
def test_the_other_direction_is_that_of_the_other_generator(cyclegan_run, plain_run):
    there = TrainedRun(cyclegan_run)
    back = inverse(there)
    assert (there.direction, back.direction, inverse(back).direction) == (
        "a_to_b",
        "b_to_a",
        "a_to_b",
    )
    assert there.step == back.step == 6
    images = np.zeros((2, 16, 16, 3), np.float32)
    made = [each.generate(images) for each in (there, back, TrainedRun(cyclegan_run, 6, "b_to_a"))]
    np.testing.assert_array_equal(made[1], made[2])
    assert not np.allclose(made[0], made[1])
    assert inverse(TrainedRun(plain_run)) is None
