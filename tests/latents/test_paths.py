"""Paths between latents."""

import numpy as np
import pytest

from gan_tf import latents


def test_a_line_and_a_great_circle():
    start, end = np.array([2.0, 0.0]), np.array([0.0, 2.0])
    np.testing.assert_allclose(latents.lerp(start, end, [0, 0.25, 1]), [[2, 0], [1.5, 0.5], [0, 2]])
    half = np.sqrt(2)
    expected = [[2, 0], [half, half], [np.sqrt(3), 1]]  # at 0, 45 and 30 degrees
    np.testing.assert_allclose(latents.slerp(start, end, [0, 1 / 2, 1 / 3]), expected, atol=1e-6)
    np.testing.assert_allclose(latents.slerp(start, 2 * start, [0.5]), [[3, 0]])  # no circle
    assert np.isfinite(latents.slerp(start, 0 * start, [0.5])).all()


@pytest.mark.parametrize("knots", [1, 2, 5, 6])
def test_a_closed_path_goes_through_its_knots_and_is_normal_between(knots):
    through = np.random.default_rng(0).standard_normal((knots, 4000))
    path = latents.closed_path(through, 4 * knots)
    np.testing.assert_allclose(path[::4], through, atol=1e-5)
    np.testing.assert_allclose(path.std(1), 1, atol=0.06)  # 5 standard errors
    steps = np.linalg.norm(np.diff(path, axis=0, append=path[:1]), axis=1)
    assert steps.max() <= 3 * steps.mean() + 1e-6  # closed, without a jump
