"""An order that depends on the samples alone."""

import hashlib

import numpy as np

from gan_tf.evaluation import ranks


def test_a_rank_is_the_same_wherever_a_sample_occurs():
    samples = np.arange(1200, dtype=np.int16).reshape(600, 2)
    found = ranks.ranks(samples)
    assert found.dtype == np.uint64 and len(set(found.tolist())) == 600
    digest = hashlib.blake2b(b"\x02\0\x03\0", digest_size=8).digest()
    assert found[1] == int.from_bytes(digest, "little")
    np.testing.assert_array_equal(ranks.ranks(samples[::-2]), found[::-2])


def test_rows_are_sorted_by_rank_and_equal_samples_by_label():
    samples = np.random.default_rng(0).integers(0, 256, (600, 3), np.uint8)
    samples[7] = samples[3]
    found = ranks.ranks(samples)
    rows = ranks.sorted_rows(samples)
    np.testing.assert_array_equal(found[rows], np.sort(found))
    np.testing.assert_array_equal(np.sort(rows), np.arange(600))
    some = ranks.sorted_rows(samples, rows=np.array([599, 7, 3, 8]))
    np.testing.assert_array_equal(some, rows[np.isin(rows, [3, 7, 8, 599])])
    for labels in (np.arange(600), -np.arange(600)):
        of_equal = ranks.sorted_rows(samples, labels, np.array([7, 3]))
        np.testing.assert_array_equal(of_equal, [3, 7] if labels[7] > 0 else [7, 3])
