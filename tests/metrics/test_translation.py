"""What a translation keeps of its source, by hand."""

import numpy as np
import pytest

from gan_tf.metrics.metric import Sample
from gan_tf.metrics.translation import ClassKept, CycleL1, RobustCycleL1

NOTHING = np.zeros((4, 1), np.float32)


def test_distances_of_cycles_are_averaged():
    cycles = np.float32([[0.1, 0.2], [0.3, 0.4], [0, 0.6], [0, 0]])
    made = Sample(None, NOTHING, cycles=cycles)
    assert CycleL1()(made, made).value == pytest.approx(0.1)
    assert RobustCycleL1()(made, made).value == pytest.approx(0.3)
    assert not CycleL1.higher_is_better and not RobustCycleL1.higher_is_better


def test_classes_that_are_kept_are_counted():
    probabilities = np.float32([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.5, 0.6]])
    made = Sample(None, NOTHING, probabilities, np.array([0, 1, 1, 1]))
    score = ClassKept()(made, made)
    assert score.value == 0.75 and ClassKept.higher_is_better
