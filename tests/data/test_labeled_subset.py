"""The choice of labeled images."""

import numpy as np
import pytest

from gan_tf.data import labeled_subset
from gan_tf.errors import UserError
from tests.conftest import examples

LABELS = np.repeat([0, 1, 2], [50, 30, 20])
EXAMPLES = examples(np.zeros((100, 1, 1, 1), np.uint8), LABELS, ("a", "b", "c"))


@pytest.mark.parametrize("count, per_class", [(3, (1, 1, 1)), (30, (10, 10, 10))])
def test_each_class_has_its_share(count, per_class):
    rows = labeled_subset.class_balanced(EXAMPLES, count)
    assert len(set(rows.tolist())) == count
    assert tuple(np.bincount(LABELS[rows])) == per_class


def test_a_rest_and_a_class_that_runs_out_are_made_up_for():
    assert sorted(np.bincount(LABELS[labeled_subset.class_balanced(EXAMPLES, 8)])) == [2, 3, 3]
    assert tuple(np.bincount(LABELS[labeled_subset.class_balanced(EXAMPLES, 90)])) == (40, 30, 20)


def test_the_choice_depends_on_the_seed_alone():
    first, again, other = (
        labeled_subset.class_balanced(EXAMPLES, 12, seed).tolist() for seed in (0, 0, 1)
    )
    assert first == again and first != other


@pytest.mark.parametrize(
    "images, count, word",
    [
        (EXAMPLES, 2, "at least one label"),
        (EXAMPLES, 101, "at most the 100"),
        (examples(EXAMPLES.samples), 10, "needs a class"),
    ],
)
def test_impossible_counts_are_refused(images, count, word):
    with pytest.raises(UserError, match=word):
        labeled_subset.class_balanced(images, count)
