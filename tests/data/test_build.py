"""The data set that the flags of a run describe."""

import os

import pytest

from gan_tf.data.build import build
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from tests.conftest import tiny


def test_it_is_the_whole_or_the_part_that_is_chosen(photos, tmp_path):
    whole = build(tiny(photos, tmp_path))
    assert not isinstance(whole, Subset)
    assert (whole.num_examples, tuple(whole.label_names)) == (40, ("a", "b"))
    part = build(tiny(photos, tmp_path, classes="b", max_images=7))
    assert isinstance(part, Subset) and tuple(part.label_names) == ("b",)
    assert sum(len(each["label"]) for each in part.batches()) == 7


def test_a_run_s_order_of_classes_is_kept(photos, tmp_path):
    swapped = build(tiny(photos, tmp_path), ["b", "a"])
    assert tuple(swapped.label_names) == ("b", "a")
    labels = [each["label"].tolist() for each in build(tiny(photos, tmp_path)).batches()]
    assert [each["label"].tolist() for each in swapped.batches()] == [
        [1 - label for label in batch] for batch in labels
    ]


@pytest.mark.parametrize(
    "name, words", [("a\nb", "line break"), (os.fsdecode(b"\xff"), "is not UTF-8")]
)
def test_names_of_classes_that_files_cannot_hold_are_refused(photos, tmp_path, name, words):
    (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / name / "x.png").write_bytes(next(photos.rglob("*.png")).read_bytes())
    with pytest.raises(UserError, match=rf"The class .* {words}.*: rename it"):
        build(tiny(tmp_path / "data", tmp_path / "run"))
