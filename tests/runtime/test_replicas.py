"""Several replicas learn what one learns, by steps on logical CPUs in a process of their own."""

import json

import keras
import numpy as np
import pytest

from gan_tf.runtime import replicas
from tests import forks
from tests.conftest import ROOT
from tests.replicas import cases

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[2, 3])
def found(request):
    threads = {"TF_NUM_INTRAOP_THREADS": "2"}  # with one, float32 is added up in another order
    result = forks.run("tests.replicas", [request.param], threads, folder=ROOT, timeout=900)
    assert result.returncode == 0, result.stderr[-3000:]
    return request.param, json.loads(result.stdout.splitlines()[-1])


def test_replicas_that_share_a_batch_learn_what_one_learns_of_it(found):
    count, found = found
    same = set(cases(count)) - {"batch norm of each replica"}
    assert same < found.keys()
    for case in same:
        differences = found[case]
        assert differences["weights"] < 1e-5, case  # after two steps
        assert differences["logs"] < 1e-5, case
        assert differences["kept"] < 1e-5, case
        assert differences["replicas"] == 0, case


def test_batch_norm_that_is_not_synchronized_is_another_game(found):
    different = found[1]["batch norm of each replica"]
    assert different["weights"] > 1e-3
    assert different["replicas"] == 0  # moving statistics are shared


def test_each_replica_draws_numbers_of_its_own_that_are_the_same_again(found):
    normal, dropout = found[1]["streams"]["normal"], found[1]["streams"]["dropout"]
    first = slice(None, None, len(normal) // 2)  # of each of the two steps
    assert normal[first] == found[1]["streams"]["plain"]
    assert len({tuple(each) for each in normal}) == len(normal)
    assert len({tuple(each) for each in dropout}) == len(dropout)


def test_rows_divide_each_part_of_a_batch_evenly():
    # Two parts of 4 rows, for two replicas.
    assert replicas.rows_per_replica(8, 2, 2).tolist() == [[0, 1, 4, 5], [2, 3, 6, 7]]
    assert replicas.rows_per_replica(6, 1, 3).tolist() == [[0, 1], [2, 3], [4, 5]]


def test_one_device_needs_nothing_of_it():
    assert replicas.replicas() == 1
    assert replicas.mean(3.0) == 3.0
    assert replicas.mean_gradients([None, 2.0]) == [None, 2.0]
    plain, own = keras.random.SeedGenerator(7), replicas.SeedGenerator(7)
    for _ in range(2):
        np.testing.assert_array_equal(plain.next(), own.next())
