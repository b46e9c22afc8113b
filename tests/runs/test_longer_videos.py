"""Videos with another number of frames than in training."""

import json

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.runs import longer_videos
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import bare_run


@pytest.mark.slow
def test_longer_videos_begin_like_shorter_ones(moving_run):
    made = {}
    for frames in (None, 9, 3):
        trained = TrainedRun(moving_run.run)
        longer_videos.lengthen(trained, frames)
        normal = latents.draw(0, range(5), trained.latent_dim)
        made[frames] = trained.generate(normal, trained.choose_labels(0, range(5)))
    assert made[9].shape == (5, 9, 28, 28, 1) and made[None].shape == (5, 6, 28, 28, 1)
    np.testing.assert_allclose(made[9][:, :6], made[None], atol=1e-5)
    np.testing.assert_allclose(made[9][:, :3], made[3], atol=1e-5)
    steps = np.abs(np.diff(made[9], axis=1)).max(axis=(0, 2, 3, 4))
    assert steps.min() > 0.05  # they move to the end


def test_fewer_are_computed_at_once(moving_run):
    trained = TrainedRun(moving_run.run)
    longer_videos.lengthen(trained, 60)
    assert trained.chunk == 10 and trained.sample_shape == (60, 28, 28, 1)


def test_what_cannot_be_is_a_sentence(moving_run, tmp_path):
    assert longer_videos.check(moving_run.run, None) == (6, 28, 28, 1)
    assert longer_videos.check(moving_run.run, 100) == (100, 28, 28, 1)
    with pytest.raises(UserError, match="--frames=20000: of this size, videos have at most 10,699"):
        longer_videos.check(moving_run.run, 20_000)
    with pytest.raises(
        UserError, match="--frames=3 is for paths through the latents and for videos"
    ):
        longer_videos.check(bare_run(tmp_path / "digits"), 3)
    fixed = bare_run(tmp_path / "fixed", dataset="moving_glyphs")
    facts = {"sample_shape": [6, 28, 28, 1], "num_examples": 9, "label_names": []}
    fixed.data.write_text(json.dumps(facts))
    assert longer_videos.check(RunDir(fixed.path), 6) == (6, 28, 28, 1)
    with pytest.raises(
        UserError, match="'mlp' makes 6 frames: leave it out, or give a run of moco"
    ):
        longer_videos.check(RunDir(fixed.path), 7)
