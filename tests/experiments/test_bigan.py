"""The experiment with a BiGAN's encoder."""

import json

import keras
import numpy as np
import pytest

from experiments.bigan import __main__ as bigan
from experiments.bigan import encoders
from gan_tf.networks.moments import BatchNormalization
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.training import loop

EPOCH = {
    "probes": "test",
    "epoch": 1,
    "features": 92.5,
    "codes": 90.0,
    "error": 8.5,
    "error_of_next": 9.25,
}


def test_table_has_the_epochs_in_order_beside_the_authors():
    rows = [
        {"probes": "test", "what": "pixels", "features": 96.91},
        EPOCH | {"probes": "training", "epoch": 25},
        EPOCH | {"features_moving": 92.0},
        EPOCH | {"epoch": 0},
    ]
    lines = bigan.neighbors(rows, "test")[2:]
    assert [line.split(" | ")[0] for line in lines] == ["| epoch 0", "| epoch 1", "| pixels"]
    assert lines[1] == (
        "| epoch 1 | 92.50 | 92.56 | 90.00 | 89.94 | 8.50 | 8.70 | 9.25 | 9.55 | 92.00 |"
    )
    assert lines[2].startswith("| pixels | 96.91 |  |")


def test_table_of_fillings_has_a_column_for_each_mask():
    def row(filling, mask, psnr):
        return {"filling": filling, "mask": mask, "psnr": psnr, "same_class": 50.0}

    lines = bigan.fillings([row(a, m, 10) for m in ("left", "center") for a in ("search", "gibbs")])
    assert lines[0] == "| filled in by | left | center |"
    assert lines[2:] == [
        f"| {a} | 10.00 dB, 50.0 % | 10.00 dB, 50.0 % |" for a in ("search", "gibbs")
    ]


@pytest.fixture(scope="module")
def run(glyphs_dir, tmp_path_factory):
    """The folder of a BiGAN of one epoch of 10 steps on glyphs."""
    folder = tmp_path_factory.mktemp("bigan") / "run"
    words = f"--gan=bigan --arch=bigan_mlp --width=8 --latent_dim=4 --run_dir={folder}"
    words += " --epochs=1 --precision=float32"
    data = f"--dataset=glyphs --data_dir={glyphs_dir} --max_images=640 --batch_size=64"
    config, _ = flags.parse(Config, ["", *words.split(), *data.split()], "")
    loop.train(config.resolve())
    return folder


@pytest.mark.slow
def test_an_epoch_is_scored_and_not_again(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(encoders, "BATCHES", 3)
    path = tmp_path / "results.jsonl"
    arguments = [f"--run_dir={run}", f"--out={path}", "--epochs", "0", "1", "--encoder_steps=3"]
    assert bigan.main(["", *arguments, "--images=4"]) == 0
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row.get("epoch") for row in found[:2]] == [0, 1]
    assert all(10 < row[name] <= 100 for row in found[:2] for name in ("features", "codes"))
    assert found[0]["error"] > 5 and found[1]["step"] == 10
    assert found[2]["what"] == "pixels" and found[2]["features"] > 50
    assert found[3]["what"] == "encoder trained afterwards"
    assert [row["filling"] for row in found if row.get("mask") == "left"] == [
        "mean_fill",
        "smooth_fill",
        "search",
        "gibbs",
        "gibbs, mean of the draws",
    ]
    assert bigan.main(["", *arguments, "--images=4"]) == 0  # nothing is left to do
    assert len(path.read_text().splitlines()) == len(found)
    assert "| epoch 1 | " in capsys.readouterr().out
    more = ["--probes=training", "--epochs=0", "--encoder_steps=0", "--images=0"]
    assert bigan.main(["", *arguments[:2], *more]) == 0
    again = [json.loads(line) for line in path.read_text().splitlines()][len(found) :]
    assert [row["probes"] for row in again] == ["training"] * 2
    assert again[0]["features"] != found[0]["features"]


@pytest.mark.slow
def test_statistics_are_equal_averages_over_batches(run, monkeypatch):
    monkeypatch.setattr(encoders, "BATCHES", 4)
    evaluation = encoders.Evaluation(run)
    generator, encoder = evaluation._networks(1)
    evaluation._average_again(generator, encoder)
    norm = next(each for each in encoder.layers if isinstance(each, BatchNormalization))
    before = keras.Model(encoder.inputs, norm.input)
    reals = iter(encoders.pipeline.batches(evaluation.data, 64, evaluation.config.seed))
    inputs = [before(next(reals)[0]).numpy() for _ in range(4)]
    means, variances = np.mean(inputs, axis=1), np.var(inputs, axis=1)
    np.testing.assert_allclose(norm.moving_mean, means.mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(norm.moving_variance, variances.mean(axis=0), rtol=1e-4, atol=1e-6)
