"""What the model card says."""

import pytest

from gan_tf.exporters import model_card
from gan_tf.exporters.from_images import FromImages
from gan_tf.exporters.from_latents import FromLatents
from gan_tf.runs import kept_scores
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny, untrained


@pytest.fixture(scope="module")
def trained(photos, tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("card") / "plain"
    return TrainedRun(untrained(tiny(photos, run_dir)))


def test_a_card_without_scores_and_health(trained):
    assert "has not been scored" in model_card._scores(trained, FromLatents.baselines)
    assert model_card._health(trained) == "not recorded."


@pytest.mark.parametrize(
    "kind, beside", [(FromLatents, "real | noise"), (FromImages, "other targets | sources")]
)
def test_a_card_has_the_scores_that_evaluate_computed(trained, kind, beside):
    scored = {"value": 2.5, "floor": 0.5, "ceiling": 400.0, "n": 1000}
    entry = {"step": trained.step, "features": "pixels 01", "metrics": {"fid": scored}}
    kept_scores.keep(trained.run, entry)
    kept_scores.keep(trained.run, entry | {"step": 10**6})  # of another checkpoint
    card = model_card._scores(trained, kind.baselines)
    trained.run.scores.unlink()
    assert f"Scores of samples at step {trained.step}:" in card and "1,000,000" not in card
    assert f"| score | value | {beside} | better | samples |" in card
    assert "| fid | 2.5 | 0.5 | 400 | lower | 1,000 |" in card
    assert "In features of `pixels 01`" in card and "has not been scored" not in card
