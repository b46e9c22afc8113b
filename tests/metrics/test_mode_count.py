"""How many classes there are."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.registry import METRICS
from tests.metrics.reference import of_classes

REAL = of_classes(np.arange(400) % 4)


@pytest.mark.parametrize(
    "spec, counts, modes",
    [
        ("mode_count", [100, 100, 100, 100], 4),
        ("mode_count", [385, 5, 10, 0], 2),  # 10 of 400 is just a tenth of a quarter
        ("mode_count(at_least=0.0)", [399, 0, 1, 0], 2),
        ("mode_count(at_least=1.0)", [101, 99, 100, 100], 3),
    ],
)
def test_classes_count_from_a_part_of_their_real_frequency_on(spec, counts, modes):
    fake = of_classes(np.repeat(np.arange(4), counts))
    assert METRICS.build(spec)(REAL, fake).value == modes


@pytest.mark.parametrize("at_least", [0, 0.1])
def test_modes_that_no_real_image_has_are_not_counted(at_least):
    metric = METRICS.build(f"mode_count(at_least={at_least})")
    real, fake = (of_classes(np.repeat(np.arange(3), each)) for each in ([50, 50, 0], [40, 40, 20]))
    assert metric(real, fake).value == 2


def test_senseless_arguments_are_refused():
    with pytest.raises(UserError, match="from 0 to 1"):
        METRICS.build("mode_count(at_least=2.0)")
