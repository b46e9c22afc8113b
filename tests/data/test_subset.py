"""A part of a data set: classes and numbers of images."""

import dataclasses

import numpy as np
import pytest

from gan_tf.data import build, pipeline
from gan_tf.data.source import Source
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.conftest import tiny

NAMES = ("cat", "2", "ant")


class Numbers(Source):
    """30 images, image k all k, of the classes 0, 1, 2, 0, ...; 6 more are held out."""

    name = "numbers"
    sample_shape = (2, 2, 1)
    num_examples = 30
    label_names = NAMES
    skipped = ()

    @property
    def cache_key(self):
        return type(self).__name__

    def batches(self):
        yield from self._images(range(30))

    def held_out(self):
        yield from self._images(range(100, 106))

    def _images(self, numbers):
        for start in range(0, len(numbers), 7):
            chosen = np.array(numbers[start : start + 7])
            images = np.tile(chosen.astype(np.uint8)[:, None, None, None], (1, 2, 2, 1))
            yield {"image": images} | self._labels(chosen)

    def _labels(self, numbers):
        return {"label": numbers % 3}


class Odd(Numbers):
    label_names = ("cats, dogs", '5" nails', "caf\u00e9", "4")

    def _labels(self, numbers):
        return {"label": numbers % 4}


class Unlabeled(Numbers):
    label_names = ()

    def _labels(self, numbers):
        return {}


class Attributes(Numbers):
    def _labels(self, numbers):
        return {"label": np.zeros((len(numbers), 3), bool)}


def numbers(images):
    assert (images.samples == images.samples[:, :1, :1]).all()
    return images.samples[:, 0, 0, 0].tolist()


@pytest.mark.parametrize(
    "arguments, kept",
    [
        ({"classes": "ant"}, [2]),
        ({"classes": "ant, cat"}, [0, 2]),
        ({"classes": "2"}, [1]),  # a name comes before a number
        ({"classes": "0,1,1"}, [0, 1]),
        ({"classes": '"cat", "ant"'}, [0, 2]),
        ({"leave_out": "cat"}, [1, 2]),
        ({"leave_out": "1"}, [0, 2]),
    ],
)
def test_images_of_some_classes_are_renumbered(arguments, kept):
    subset = Subset(Numbers(), **arguments)
    images = pipeline.load(subset)
    expected = [each for each in range(30) if each % 3 in kept]
    assert numbers(images) == expected
    assert images.labels.tolist() == [kept.index(each % 3) for each in expected]
    assert images.label_names == tuple(NAMES[each] for each in kept)
    held_out = pipeline.load_held_out(subset)
    assert held_out.samples[:, 0, 0, 0].tolist() == [k for k in range(100, 106) if k % 3 in kept]


@pytest.mark.parametrize(
    "classes, kept",
    [
        ('"cats, dogs"', [0]),
        ('"5"" nails",4', [1, 3]),
        ("cafe\u0301", [2]),
        ("0,2", [0, 2]),
        ('"cats, dogs",1', [0, 1]),
    ],
)
def test_any_name_can_be_given(classes, kept):
    assert Subset(Odd(), classes).label_names == tuple(Odd.label_names[each] for each in kept)


@pytest.mark.parametrize(
    "source, classes, said",
    [
        (Numbers(), "2", True),
        (Numbers(), "1", False),
        (Numbers(), "cat", False),
        (Numbers(), "ant,2", True),
        (Odd(), "4", False),  # there is no index 4
    ],
)
def test_numbers_that_are_names_are_pointed_out(source, classes, said):
    notes = Subset(source, classes).notes
    assert (
        notes
        == [f"--classes={classes} is read as names of classes, which take precedence over indices."]
        * said
    )


def test_notes_of_the_other_source_come_last_because_reading_adds_some():
    source = Numbers()
    source.notes = ["first"]
    notes = Subset(source, "2").notes
    source.notes.append("while it is read")
    assert Subset(source, "2").notes == [*notes, "while it is read"]


@pytest.mark.parametrize("source, labels", [(Numbers(), True), (Unlabeled(), False)])
def test_fewer_images_are_a_part_of_more(source, labels):
    def load(count):
        return pipeline.load(Subset(source, max_images=count))

    few, more = load(5), load(12)
    assert len(few) == 5
    assert numbers(few) == numbers(more)[:5] != sorted(numbers(few))
    assert numbers(few) == numbers(load(5))
    assert sorted(numbers(load(99))) == list(range(30))
    assert (few.labels is not None) == labels
    if labels:
        assert few.labels.tolist() == [each % 3 for each in numbers(few)]
    other = pipeline.load(Subset(source, max_images=5, seed=1))
    assert numbers(other) != numbers(few)
    assert len(list(Subset(source, max_images=1).held_out())) == 1  # as many as ever


def test_every_image_is_as_likely_as_the_others():
    subsets = [Subset(Numbers(), None, None, 10, seed) for seed in range(300)]
    drawn = [batch["image"][:, 0, 0, 0] for subset in subsets for batch in subset.batches()]
    counts = np.bincount(np.concatenate(drawn), minlength=30)
    assert counts.mean() == 100
    # Hypergeometric: the standard deviation is sqrt(300 * 1/3 * 2/3) = 8.2.
    assert np.all(abs(counts - 100) < 4 * 8.2)


def test_classes_and_a_number():
    images = pipeline.load(Subset(Numbers(), classes="cat,ant", max_images=6))
    assert len(images) == 6
    assert images.labels.tolist() == [(each % 3) // 2 for each in numbers(images)]
    assert not [each for each in numbers(images) if each % 3 == 1]


def test_the_cache_key_distinguishes_subsets():
    parts = [{}, {"classes": "cat"}, {"classes": "ant"}, {"max_images": 3}]
    parts += [{"max_images": 3, "seed": 1}, {"classes": "cat", "max_images": 3}]
    keys = [Subset(Numbers(), **each).cache_key for each in parts]
    assert len(set(keys)) == len(keys)
    assert keys[0] == Numbers().cache_key
    assert Subset(Numbers(), leave_out="2,ant").cache_key == keys[1]


@pytest.mark.parametrize(
    "source, arguments, words",
    [
        (
            Numbers(),
            {"classes": "cta"},
            "has no class 'cta' (did you mean 'cat'?); it has: cat, 2, ant",
        ),
        (Numbers(), {"classes": "3"}, "has no class '3'"),
        (Numbers(), {"leave_out": "-1"}, "has no class '-1'"),
        (Numbers(), {"leave_out": "0,1,ant"}, "leaves no class"),
        (Numbers(), {"classes": "0,2"}, "'2' is the name of a class and '0' is not"),
        (Numbers(), {"classes": '"cat'}, "with a comma in double quotes"),
        (Odd(), {"classes": "cats"}, 'it has: "cats, dogs", "5"" nails", caf\u00e9, 4'),
        (Unlabeled(), {"leave_out": "0"}, "needs labels"),
        (Attributes(), {"classes": "0"}, "not mutually exclusive"),
    ],
)
def test_what_is_refused(source, arguments, words):
    with pytest.raises(UserError) as caught:
        pipeline.load(Subset(source, **arguments))
    assert words in str(caught.value)


def test_a_run_on_a_part_of_the_data(photos, tmp_path, capsys):
    config = tiny(
        photos, tmp_path / "run", classes="b", max_images=12, conditional="concat", epochs=1
    )
    assert loop.train(config) == 0
    run = RunDir(config.run_dir)
    facts = run.read_data()
    assert facts["num_examples"] == 12
    assert facts["label_names"] == ["b"]
    assert facts["label_counts"] == [12]
    assert build.build(run.config()).cache_key == build.build(config).cache_key
    with pytest.raises(UserError, match="--classes=b"):
        loop.train(dataclasses.replace(config, classes="a"))
