"""Streams of samples are collected, and sorted by rank."""

import numpy as np

from gan_tf.evaluation import ranks
from gan_tf.evaluation.collection import batches_of, by_rank, collect
from gan_tf.registry import FEATURES


def collected(count):
    samples = np.random.default_rng(0).integers(0, 256, (9, 8, 8, 1), np.uint8)
    extractor = FEATURES.build("pixels", {"image_shape": (8, 8, 1)})
    return samples, collect(batches_of(samples, np.arange(9), range(9)), count, extractor, True)


def test_as_many_as_asked_for_are_taken():
    samples, found = collected(7)
    np.testing.assert_array_equal(found.samples, samples[:7])
    np.testing.assert_array_equal(found.labels, np.arange(7))
    assert len(found.features) == 7 and found.probabilities is None


def test_sorting_moves_all_that_belongs_to_a_sample_and_nothing_else():
    samples, found = collected(9)
    order = np.argsort(ranks.ranks(samples))
    likelihoods = np.arange(4.0)  # of other samples
    own = {"held_out_nll": likelihoods, "path_distances": likelihoods[:2]}
    ordered = by_rank(found.__class__(**vars(found) | own))
    np.testing.assert_array_equal(ordered.labels, order)
    np.testing.assert_array_equal(ordered.samples, samples[order])
    np.testing.assert_array_equal(ordered.features, found.features[order])
    np.testing.assert_array_equal(ordered.held_out_nll, likelihoods)
    np.testing.assert_array_equal(ordered.path_distances, likelihoods[:2])
