"""What a run can do works with the modern generators, each with all that belongs to it."""

import functools
import json

import keras
import numpy as np
import pytest

from gan_tf import evaluate, latents
from gan_tf.gans.build import build
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runs.training_state import read_gan
from gan_tf.training import loop
from tests.conftest import tiny
from tests.training.trained import cut

_ALL = dict(image_size=28, conditional="projection", checkpoint_every="1epoch", deterministic=True)
_AVERAGE = "ema(half_life=100.0, ramp=0.05)"
_ADAM = "adam(2e-4, beta_1=0.0, beta_2=0.9, epsilon=1e-8)"
RUNS = {  # flags of a tiny conditional run of two epochs
    "fastgan": dict(
        arch="fastgan(width=1)",
        loss="hinge",
        trick=("reconstruction(width=1)", "diff_augment", "ema(0.9)"),
        **_ALL,
    ),
    "stylegan2": dict(
        arch="stylegan2(width=2, max_width=4, style_dim=6, mapping=2)",
        penalty=("r1(0.1, every=4)",),
        trick=("ada(kimg=0.1)", "style_mixing", "path_length(every=2)", _AVERAGE),
        **_ALL,
    ),
    "r3gan": dict(
        arch="r3gan(width=2, max_width=4)",
        loss="relativistic",
        penalty=("r1(1, every=1)", "r2(1, every=1)"),
        trick=("lr_decay('cosine', final=0.25)", "penalty_decay", "beta_2_growth", _AVERAGE),
        generator_optimizer=_ADAM,
        discriminator_optimizer=_ADAM,
        **_ALL,
    ),
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=list(RUNS))
def run(photos, share_run, request):
    """The name of a generator, and the folder of its run."""
    name = request.param
    keras.utils.clear_session()  # names of layers as in a new process: they order sums of gradients
    return name, share_run(name, functools.partial(tiny, photos), **RUNS[name])


def restored(config):
    gan = build(config, (28, 28, 3), ("a", "b"))
    CheckpointStore(RunDir(config.run_dir).checkpoints).restore(read_gan(gan))
    return gan


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(run, photos, tmp_path):
    name, folder = run
    config = tiny(photos, cut(folder, tmp_path / "run", 5), **RUNS[name])
    keras.utils.clear_session()
    assert loop.train(config) == 0
    one, other = restored(config), restored(tiny(photos, folder, **RUNS[name]))
    assert one.steps_made == other.steps_made == 10
    assert "ema_generator" in one.networks and ("part_decoder" in one.networks) == (
        name == "fastgan"
    )
    for network in one.networks:
        weights = (each.networks[network].get_weights() for each in (one, other))
        for pair in zip(*weights, strict=True):
            np.testing.assert_array_equal(*pair)
    assert one.kept.keys() == other.kept.keys()
    assert bool(one.kept) == (name == "stylegan2")  # the strength, and the mean path length
    for each, value in one.kept.items():
        np.testing.assert_array_equal(value, other.kept[each])


def test_a_run_is_sampled_judged_and_scored(run, capsys):
    _, folder = run
    trained = TrainedRun(folder)
    normal, labels = latents.draw(0, range(6), 5), np.arange(6) % 2
    images = trained.samples(normal, labels)
    assert images.shape == (6, 28, 28, 3) and images.dtype == np.uint8
    other = trained.samples(normal[3:4], labels[3:4])
    assert np.abs(other.astype(int) - images[3:4]).max() <= 1  # of the latent and the label alone
    assert np.any(trained.samples(normal, 1 - labels) != images)
    assert trained.discriminate(images, labels).logits.shape == (6,)
    words = ["evaluate", f"--run_dir={folder}", "--features=pixels", "--metric=fid(20)"]
    assert evaluate.main(words) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("fid ")
    assert "not judged" in json.loads(RunDir(folder).health.read_text())["verdict"]
