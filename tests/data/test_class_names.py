"""Names of classes: order and look-alikes."""

import csv

import pytest

from gan_tf.data.class_names import natural_key, quoted, visual_key


@pytest.mark.parametrize(
    "names",
    [
        ["1", "2", "10"],
        ["01", "1", "2"],
        ["B", "a", "b"],
        ["img2", "img10", "img10b"],
        ["a", "a1", "ab"],
        ["1" * 5000, "2" * 5000],
        ["", "0", "00", "1"],
    ],
)
def test_natural_order(names):
    shuffled = names[::-1]
    assert sorted(shuffled, key=natural_key) == names


def test_names_that_look_the_same():
    assert (
        visual_key("caf\u00e9")
        == visual_key("cafe\u0301")
        == visual_key("caf\u00e9 ")
        == visual_key("\u200bcaf\u00e9")
    )
    assert visual_key("cafe") != visual_key("caf\u00e9")
    assert visual_key("a b") != visual_key("ab")


@pytest.mark.parametrize(
    "names, text", [(["cat", "dog"], "cat, dog"), (["a,b", 'c"d'], '"a,b", "c""d"')]
)
def test_a_list_of_names_can_be_given_back(names, text):
    assert quoted(names) == text
    assert next(csv.reader([text], skipinitialspace=True)) == names
