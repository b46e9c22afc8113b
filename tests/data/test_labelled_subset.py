"""The choice of labelled images."""

import numpy as np
import pytest

from gan_tf.data import labelled_subset
from gan_tf.data.pipeline import Images
from gan_tf.errors import UserError

LABELS = np.repeat([0, 1, 2], [50, 30, 20])
IMAGES = Images(np.zeros((100, 1, 1, 1), np.uint8), LABELS, ("a", "b", "c"))


@pytest.mark.parametrize("count, shares", [(3, (1, 1, 1)), (30, (10, 10, 10))])
def test_each_class_has_its_share(count, shares):
    rows = labelled_subset.choose(IMAGES, count)
    assert len(set(rows.tolist())) == count
    assert tuple(np.bincount(LABELS[rows])) == shares


def test_a_rest_and_a_class_that_runs_out_are_made_up_for():
    assert sorted(np.bincount(LABELS[labelled_subset.choose(IMAGES, 8)])) == [2, 3, 3]
    assert tuple(np.bincount(LABELS[labelled_subset.choose(IMAGES, 90)])) == (40, 30, 20)


def test_the_choice_depends_on_the_seed_alone():
    first, again, other = (labelled_subset.choose(IMAGES, 12, seed).tolist() for seed in (0, 0, 1))
    assert first == again and first != other


@pytest.mark.parametrize(
    "images, count, word",
    [
        (IMAGES, 2, "at least one label"),
        (IMAGES, 101, "at most the 100"),
        (Images(IMAGES.pixels, None), 10, "needs a class"),
    ],
)
def test_what_cannot_be_chosen_is_refused(images, count, word):
    with pytest.raises(UserError, match=word):
        labelled_subset.choose(images, count)
