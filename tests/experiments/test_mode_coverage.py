"""The program that counts modes."""

import json
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from experiments.mode_coverage import __main__ as program
from experiments.mode_coverage import networks
from experiments.mode_coverage.annealing import AnnealedR1
from experiments.mode_coverage.presets import PRESETS, PUBLISHED
from experiments.mode_coverage.scores import mixture_scores, triple_scores
from experiments.mode_coverage.tasks import StackedMnist, grid, ring
from gan_tf.errors import UserError
from tests import forks
from tests.conftest import ROOT

PERFECT = 1 - math.exp(-9 / 2)  # within 3 sigma in the plane


def run(*arguments):
    return forks.run("experiments.mode_coverage", arguments, folder=ROOT)


def test_mixture_scores_by_hand():
    means = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    samples = np.array([[0.02, 0.02], [0.0, 0.031], [1.0, -0.029], [0.97, 0.03], [0.5, 0.5]])
    scores = mixture_scores(samples, means, 0.01)
    spread = math.sqrt((8 + 8.41) / 2 / 2)  # of squares (2^2 + 2^2 and 2.9^2) along two axes
    assert scores == pytest.approx({"modes": 2, "high_quality": 2 / 5, "spread": spread})
    nothing = {"modes": 0, "high_quality": 0.0, "spread": 0.0}
    assert mixture_scores(samples[4:], means, 0.01) == nothing


@pytest.mark.parametrize(
    "classes, modes, kl",
    [
        ([[1, 2, 3]] * 4, 1, math.log(1000)),
        ([[1, 2, 3], [3, 2, 1]], 2, math.log(500)),
        ([[0, 0, 0]] * 3 + [[9, 9, 9]], 2, 0.75 * math.log(750) + 0.25 * math.log(250)),
        (list(np.ndindex(10, 10, 10)) * 2, 1000, 0.0),
    ],
)
def test_triple_scores_by_hand(classes, modes, kl):
    assert triple_scores(np.array(classes)) == {"modes": modes, "kl": pytest.approx(kl, abs=1e-12)}


def test_means_are_those_of_the_papers():
    angles = np.sort(np.arctan2(*ring().means.T[::-1]) % (2 * np.pi))
    assert len(angles) == 8
    np.testing.assert_allclose(np.diff(angles), math.pi / 4, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(ring().means, axis=1), 1, rtol=1e-6)
    assert len(grid().means) == len(np.unique(grid().means, axis=0)) == 25
    assert set(grid().means.ravel()) == {-4, -2, 0, 2, 4}


@pytest.mark.parametrize("task", [ring(), grid()])
def test_a_perfect_sampler_of_points_gets_989_per_mille(task):
    batches = iter(task.batches(100, seed=3))
    points = np.concatenate([next(batches) for _ in range(500)])
    assert len(np.unique(points[:, 0])) > 49_000  # new points, batch after batch
    scores = task.scores(points)
    assert scores["modes"] == task.num_modes
    assert scores["high_quality"] == pytest.approx(PERFECT, abs=0.002)
    assert scores["spread"] == pytest.approx(
        math.sqrt((1 - 5.5 * math.exp(-4.5)) / PERFECT), abs=0.01
    )
    nearest = np.square(points[:, None] - task.means).sum(-1).argmin(1)
    counts = np.bincount(nearest, minlength=task.num_modes)
    expected = len(points) / task.num_modes
    np.testing.assert_allclose(counts, expected, atol=5 * math.sqrt(expected))
    np.testing.assert_allclose(np.std(points - task.means[nearest]), task.sigma, rtol=0.02)


def test_points_depend_on_the_seed_alone():
    one, same, other = (next(iter(ring().batches(10, seed))).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1


def test_a_picture_shows_the_samples():
    empty = ring().picture(np.zeros((0, 2)))
    full = ring().picture(ring().means)
    assert full.startswith(b"\x89PNG") and full != empty


def test_maxout_by_hand():
    layer = networks.Maxout(2, pieces=3)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, 0, -2, 3, 0, 1]]), np.array([0.0, 1, 0, 0, 0, 0])])
    np.testing.assert_allclose(layer(np.array([[2.0], [-1.0]])), [[2, 6], [2, 1]])


@pytest.mark.parametrize("packing", [1, 4])
def test_networks_are_those_of_pacgan_and_survive_saving(tmp_path, packing):
    kind = networks.PublishedPoints()
    generator, discriminator = kind.generator(2), kind.discriminator(packing)
    hidden = 3 * 400 * 400 + 2 * 400  # and per unit gamma and beta
    assert sum(math.prod(w.shape) for w in generator.trainable_weights) == hidden + 8 * 400 + 802
    layers = 2 * packing * 1000 + 2 * 200 * 1000 + 3 * 1000
    assert discriminator.count_params() == layers + 201
    points = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")
    logits = discriminator(points)
    assert logits.shape == (8 // packing, 1)
    discriminator.save(tmp_path / "d.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "d.keras")(points), logits)


def test_folds_of_the_spread_discriminator_are_as_wide_as_the_data():
    first = networks.SpreadPoints(2.5).discriminator(1).layers[2].linear
    assert np.std(first.bias.numpy()) == pytest.approx(2.5, rel=0.2)
    loaded = networks.Maxout.from_config(
        networks.Maxout(2, 3, bias_initializer="ones").get_config()
    )
    loaded.build((None, 1))
    np.testing.assert_array_equal(loaded.linear.bias.numpy(), np.ones(6))


def test_annealed_r1_falls_geometrically():
    penalty = AnnealedR1(first=8.0, last=2.0, steps=2)
    penalty = AnnealedR1.from_config(penalty.get_config())
    points = tf.ones((4, 2))
    values = [float(penalty(lambda x: 3 * x[:, :1], points, None, None)) for _ in range(4)]
    np.testing.assert_allclose(values, np.array([8, 4, 2, 2]) / 2 * 9, rtol=1e-5)


def test_every_task_has_its_presets_and_rows():
    assert PRESETS.keys() == PUBLISHED.keys()
    for presets in PRESETS.values():
        assert presets.keys() == {"vanilla", "pacgan", "best"}
        for preset in presets.values():
            assert preset.batch_size % preset.packing == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "task, preset",
    [
        ("ring", "best"),
        ("grid", "pacgan"),
    ],
)
def test_the_command_trains_on_points(tmp_path, task, preset):
    json_file, plot = tmp_path / "scores.json", tmp_path / "points.png"
    flags = (f"--task={task}", f"--preset={preset}", "--steps=20", "--seed=1")
    result = run(*flags, f"--json={json_file}", f"--plot={plot}")
    assert result.returncode == 0, result.stderr
    for name, *_ in PUBLISHED[task]:
        assert f"| {name} |" in result.stdout
    assert f"this, {preset}, seed 1" in result.stdout
    scores = json.loads(json_file.read_text())
    assert {"task": task, "preset": preset, "seed": 1, "steps": 20}.items() <= scores.items()
    assert 0 <= scores["modes"] <= 25 and 0 <= scores["high_quality"] <= 1
    assert scores["seconds"] > 0
    assert Image.open(plot).size == (600, 600)


@pytest.mark.parametrize("argument, word", [("--task=rings", "stacked_mnist"), ("--steps=0", "1")])
def test_mistakes_are_explained(argument, word):
    with pytest.raises(UserError, match=f"{argument}.*{word}"):
        program.main(["", argument])


@pytest.mark.slow
def test_the_command_trains_on_stacked_mnist(tmp_path, real_data, monkeypatch):
    """On few triples, and scored by few samples."""
    monkeypatch.setattr(StackedMnist, "num_triples", 1000)
    monkeypatch.setattr(StackedMnist, "num_samples", 500)
    json_file = tmp_path / "scores.json"
    flags = ("--task=stacked_mnist", "--steps=2", f"--data_dir={real_data}")
    outputs = (f"--json={json_file}", f"--plot={tmp_path / 'digits.png'}")
    assert program.main(["", *flags, *outputs]) == 0
    scores = json.loads(json_file.read_text())
    assert 1 <= scores["modes"] <= 1000
    assert 0 <= scores["kl"] <= math.log(1000) + 1e-9
    assert Image.open(tmp_path / "digits.png").mode == "RGB"


@pytest.mark.slow
def test_real_triples_score_as_a_perfect_sampler_would(real_data):
    task = StackedMnist(real_data)
    triples = task.triples(task.num_samples, seed=5)
    scores = task.scores(np.float32(triples) / 127.5 - 1)
    assert scores["modes"] == 1000
    # 999 / (2 * 26,000) = 0.019 for the finite sample, and MNIST's classes are not quite even.
    assert scores["kl"] == pytest.approx(0.023, abs=0.003)
    assert not np.array_equal(triples[..., 0], triples[..., 1])
