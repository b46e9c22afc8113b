"""Grids of contents by motions."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.traversals import choose
from tests.conftest import bare_run


def test_rows_have_a_content_and_columns_a_motion(moving_run):
    options = Options(motions=3, seeds="4,6", seed=2)
    plan = choose(options, [moving_run.run])
    (made,) = plan.batches(Ensemble([moving_run]), None)
    assert (plan.count, plan.columns, len(made)) == (6, 3, 6)
    contents = latents.draw([4, 6], [0, 0], moving_run.latent_dim)
    motions = latents.draw(2, range(3), moving_run.latent_dim)
    labels = moving_run.choose_labels([4, 6], [0, 0])
    mixed = np.concatenate([contents[1, :7], motions[2, 7:]])[None]
    np.testing.assert_array_equal(made.samples[5], moving_run.samples(mixed, labels[1:])[0])
    assert made.columns["label"].tolist() == np.repeat(labels, 3).tolist()
    assert made.columns["motion"].tolist() == [0, 1, 2, 0, 1, 2]


def test_other_generators_are_refused(tmp_path):
    with pytest.raises(UserError, match="--motions=3 is for generators whose latents are content"):
        choose(Options(motions=3), [bare_run(tmp_path / "run")])
