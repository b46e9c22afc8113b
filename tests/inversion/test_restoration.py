"""Restored images: of what the generator makes, and of what is known."""

import types

import numpy as np
import pytest

from gan_tf.inversion import restoration


def test_gibbs_keeps_what_is_known_and_measures_the_spread_where_it_is_not(monkeypatch):
    drawn = np.zeros((1, 3, 2, 2, 1), np.float32)
    drawn[0, 1], drawn[0, 2] = 0.4, 0.8
    made = types.SimpleNamespace(images=drawn, errors=np.array([[0.3, 0.1, 0.2]]))
    monkeypatch.setattr(restoration, "Gibbs", lambda *_: lambda *_: made)
    missing = np.zeros((1, 2, 2, 1), bool)
    missing[0, 0] = True
    seen = np.full((1, 2, 2, 1), -0.5, np.float32)
    task = types.SimpleNamespace(missing=missing)
    options = types.SimpleNamespace(draws=3, steps=1, seed=0, batch_size=8)
    found = restoration.by_gibbs(None, task, seen, None, options)
    best = found.results["restored"][0, ..., 0]
    np.testing.assert_allclose(best, [[0.4, 0.4], [-0.5, -0.5]])  # the draw of least error
    np.testing.assert_allclose(found.results["generated"][0], 0.4)
    np.testing.assert_allclose(found.results["mean"][0, 0], 0.4, rtol=1e-6)
    # Of 0, 0.2 and 0.4, where values are from 0 to 1.
    assert found.spread == pytest.approx([np.std([0, 0.2, 0.4])], rel=1e-5)
