"""Latents that depend on a seed and their number alone."""

import numpy as np
import pytest

from gan_tf import latents


def test_a_latent_is_the_same_in_every_batch():
    together = latents.draw(3, range(10), 5)
    assert (together.shape, together.dtype) == ((10, 5), np.float32)
    for number in range(10):
        np.testing.assert_array_equal(latents.draw(3, [number], 5)[0], together[number])
    np.testing.assert_array_equal(latents.draw(3, [7, 2, 7], 5), together[[7, 2, 7]])


def test_numbers_and_seeds_give_different_latents():
    drawn = np.concatenate([latents.draw(seed, range(50), 1) for seed in range(4)])
    assert len(np.unique(drawn)) == 200


def test_the_largest_seed_is_accepted():
    assert np.isfinite(latents.draw(2**63 - 1, [10**9], 4)).all()


def test_no_numbers_give_no_latents():
    assert latents.draw(0, [], 5).shape == (0, 5)


def test_latents_are_standard_normal():
    drawn = latents.draw(0, range(2000), 50)  # standard errors below: 0.0032, 0.0045, 0.0022
    assert drawn.mean() == pytest.approx(0, abs=0.016)
    assert drawn.var() == pytest.approx(1, abs=0.023)
    assert (np.abs(drawn) < 1).mean() == pytest.approx(0.6827, abs=0.008)


def test_latents_are_independent_of_each_other():
    drawn = latents.draw(0, range(2000), 50)
    along, across = np.corrcoef(drawn.T), np.corrcoef(drawn[:50])
    assert np.abs(along - np.eye(50)).max() < 0.12  # 5 standard errors of 1 / sqrt(2000)
    assert np.abs(across - np.eye(50)).max() < 0.75  # 5 standard errors of 1 / sqrt(50)
