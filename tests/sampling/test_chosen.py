"""The images of the rows of a grid."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.sampling.chosen import only, rows


@pytest.mark.parametrize(
    "options, seeds, indices",
    [
        (dict(), [0] * 4, range(4)),
        (dict(num_images=2, seed=7), [7, 7], [0, 1]),
        (dict(seeds="3,5-6"), [3, 5, 6], [0, 0, 0]),
    ],
)
def test_rows_are_of_seeds_or_of_a_seed(options, seeds, indices):
    found = rows(Options(**options), 4)
    np.testing.assert_array_equal(found[0], seeds)
    np.testing.assert_array_equal(found[1], list(indices))


def test_a_number_that_is_set_already_is_refused():
    with pytest.raises(UserError, match="already set the number of images to 2"):
        rows(Options(seeds="3,4", num_images=5), 4)
    only(Options(), [1, 2])
