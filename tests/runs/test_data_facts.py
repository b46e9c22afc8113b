"""The facts about a run's data."""

import math

import pytest

from gan_tf.runs import data_facts


def test_possible_facts_are_accepted():
    data_facts.check([8, 8, 3], 10, [])
    data_facts.check([1024, 1024, 3], 10**9, ["a", "b"], [10**9, 0])
    traits = {"vocabulary": ["", "a"], "separator": " ", "rate": 8000, "fps": 12.5}
    data_facts.check([20], 10, [], traits=traits)


@pytest.mark.parametrize(
    "facts",
    [
        ([8.0, 8, 3], 10, []),
        ([10**6, 10**6], 10, []),
        ([8, 8, 3], 10**15, []),
        ([8, 8, 3], -1, []),
        ([8, 8, 3], 10, [["a"]]),
        ([8, 8, 3], 10, ["x" * 1001]),
        ([8, 8, 3], 10, ["a\0b"]),
        ([8, 8, 3], 10, ["a\ud800b"]),
        ([8, 8, 3], 10, ["x"] * 100_001),
        ([8, 8, 3], 10, ["a"], [1, 2]),
        ([8, 8, 3], 10, ["a"], [10**400]),
        ([8, 8, 3], 10, ["a"], [10], 5),
    ],
)
def test_impossible_ones_are_a_value_error(facts):
    with pytest.raises(ValueError):
        data_facts.check(*facts)


@pytest.mark.parametrize(
    "traits",
    [
        {"vocabulary": [1]},
        {"vocabulary": ["x" * 1001]},
        {"vocabulary": ["a"] * 1_000_001},
        {"vocabulary": {"a": 0}},
        {"rate": -1},
        {"rate": True},
        {"rate": math.inf},
    ],
)
def test_impossible_traits_are_a_value_error(traits):
    with pytest.raises(ValueError, match="a trait is not"):
        data_facts.check([20], 10, [], traits=traits)


def test_the_first_difference_is_named():
    before = {"sample_shape": [8, 8, 3], "num_examples": 10, "label_names": ["a", "b"]}
    for change, clause in (
        ({"label_names": ["a", "c"]}, "the class 'b' is 'c' now"),
        ({"label_names": []}, "its classes were a, b then and are none now"),
        ({"num_examples": 12}, "10 examples of [8, 8, 3] then, 12 of [8, 8, 3] now"),
        ({"content": "x"}, "as many, of the same shape, but other content"),
    ):
        assert data_facts.difference(before, before | change) == clause
