"""Latents that depend on a seed and their number alone."""

import numpy as np
import pytest
import scipy.stats

from gan_tf import latents
from gan_tf.errors import UserError


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


def test_truncated_values_are_drawn_again_and_the_others_stay():
    plain, cut = (latents.draw(5, range(300), 40, truncation) for truncation in (None, 0.7))
    within = np.abs(plain) <= 0.7
    np.testing.assert_array_equal(cut[within], plain[within])
    assert np.abs(cut).max() <= 0.7
    # The standard deviation of a normal distribution that ends at 0.7.
    assert cut.std() == pytest.approx(scipy.stats.truncnorm(-0.7, 0.7).std(), abs=0.006)
    np.testing.assert_array_equal(latents.draw(5, [7], 40, 0.7)[0], cut[7])


def test_a_seed_for_each_number():
    drawn = latents.draw([3, 4], [0, 9], 5)
    np.testing.assert_array_equal(drawn[0], latents.draw(3, [0], 5)[0])
    np.testing.assert_array_equal(drawn[1], latents.draw(4, [9], 5)[0])


def test_choices_have_their_shares_and_do_not_hang_together():
    labels, runs = (latents.draw_labels(0, range(4000), [1, 3], each) for each in (1, 2))
    for chosen in (labels, runs):
        assert chosen.mean() == pytest.approx(0.75, abs=0.035)  # 5 standard errors
    assert abs(np.corrcoef(labels, runs)[0, 1]) < 0.08


@pytest.mark.parametrize(
    "text, seeds", [("3", [3]), ("3,7,20-22", [3, 7, 20, 21, 22]), (" 5 - 6 , 1", [5, 6, 1])]
)
def test_lists_of_seeds(text, seeds):
    assert latents.parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "3,,4", "5-3", "-1", "1-", f"{2**31}", "0-99999999999"])
def test_senseless_lists_of_seeds_are_refused(text):
    with pytest.raises(UserError, match="--seeds="):
        latents.parse_seeds(text)


def test_a_code_changes_places_with_the_largest():
    normal = np.float32([[3, 1, 2, 9], [1, 3, 2, 9]])
    expected = [[1, 3, 2, 9], [1, 3, 2, 9]]
    np.testing.assert_array_equal(latents.with_code(normal, [1, 1], 3), expected)
    np.testing.assert_array_equal(
        latents.with_code(normal, [2, 0], 3), [[2, 1, 3, 9], [3, 1, 2, 9]]
    )
    np.testing.assert_array_equal(normal[0], [3, 1, 2, 9])
