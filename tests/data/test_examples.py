"""Named arrays of equal length, and how streams of them are joined."""

import numpy as np
import pytest

from gan_tf.data.examples import Examples, collect, select

IMAGES = np.arange(12, dtype=np.uint8).reshape(3, 2, 2, 1)


def test_samples_and_labels_are_arrays_by_name():
    examples = Examples({"image": IMAGES, "label": np.array([1, 0, 1])}, ("a", "b"))
    assert len(examples) == 3
    assert examples.samples is IMAGES
    assert examples.labels.tolist() == examples.classes.tolist() == [1, 0, 1]
    assert Examples({"image": IMAGES}).labels is None


def test_attributes_are_no_classes():
    examples = Examples({"image": IMAGES, "label": np.zeros((3, 2), bool)}, ("a", "b"))
    assert examples.labels.shape == (3, 2) and examples.classes is None
    assert Examples({"image": IMAGES}).classes is None


def test_a_generator_imitates_the_array_that_is_named():
    target = np.zeros((3, 4, 4, 1), np.uint8)
    examples = Examples({"image": IMAGES, "target": target}, sample="target")
    assert examples.samples is target


@pytest.mark.parametrize(
    "arrays, words",
    [({"target": IMAGES}, "no 'image'"), ({"image": IMAGES, "label": [0]}, "differ")],
)
def test_arrays_that_do_not_fit_are_refused(arrays, words):
    with pytest.raises(ValueError, match=words):
        Examples(arrays)


def stream(consumed):
    for start in (0, 2, 4):
        consumed.append(start)
        yield {"image": np.array([start, start + 1]), "label": -np.array([start, start + 1])}


@pytest.mark.parametrize("count, batches", [(None, 3), (1, 1), (2, 1), (3, 2), (6, 3), (100, 3)])
def test_as_many_of_a_stream_are_collected_as_asked_for(count, batches):
    consumed = []
    arrays = collect(stream(consumed), count)
    expected = list(range(6))[:count]
    assert arrays["image"].tolist() == expected
    assert arrays["label"].tolist() == [-each for each in expected]
    assert len(consumed) == batches  # no more are read than needed


def test_of_an_empty_stream_there_is_nothing():
    assert collect(iter(())) == collect([], 5) == {}


def test_rows_are_selected_in_all_arrays():
    chosen = select({"image": IMAGES, "label": np.array([5, 6, 7])}, [2, 0])
    np.testing.assert_array_equal(chosen["image"], IMAGES[[2, 0]])
    assert chosen["label"].tolist() == [7, 5]
