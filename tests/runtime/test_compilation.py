"""How many steps are made at once, and when XLA compiles them."""

import json

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.runtime import compilation, device
from gan_tf.training.loop import train
from tests.conftest import tiny


@pytest.mark.parametrize(
    "arch, asked, counts, expected",
    [
        ("mlp", "auto", (0, 100), 25),
        ("mlp", "auto", (0, 468), 18),
        ("mlp", "auto", (468, 468, 468), 18),
        ("mlp", "auto", (0, 937), 1),  # a prime
        ("mlp", "auto", (0, 100, 20), 20),
        ("mlp", "50", (0, 100), 50),
        ("mlp", "7", (0, 100), 5),
        ("dcgan", "auto", (0, 100), 1),
        ("dcgan(width=8)", "10", (0, 100), 10),
    ],
)
def test_steps_at_once_divide_what_is_due(arch, asked, counts, expected):
    config = Config(arch=arch, steps_per_execution=asked)
    assert compilation.steps_per_execution(config, *counts) == expected


@pytest.mark.parametrize("asked", ["auto", "10"])
def test_exact_runs_make_one_step_at_once(asked):
    config = Config(arch="mlp", deterministic=True, steps_per_execution=asked)
    assert compilation.steps_per_execution(config, 0, 100) == 1


@pytest.mark.parametrize(
    "asked, unit, expected",
    [
        ("auto", "avx512_bf16", False),
        ("auto", "cpu", False),
        ("auto", "gpu", True),
        ("auto", "tensor_cores", True),
        ("no", "gpu", False),
        ("yes", "cpu", True),
    ],
)
def test_xla_compiles_on_gpus(monkeypatch, asked, unit, expected):
    monkeypatch.setattr(device, "kind", lambda: unit)
    assert compilation.jit_compile(Config(jit_compile=asked)) is expected


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_other_numbers_of_steps_are_refused(text):
    with pytest.raises(UserError, match="auto, or a number"):
        Config(steps_per_execution=text).resolve()


@pytest.mark.slow
def test_steps_at_once_learn_what_single_ones_learn(photos, tmp_path):
    options = dict(sample_every="2epochs", log_every="5steps", epochs=2)
    for name in ("1", "auto"):
        train(tiny(photos, tmp_path / name, steps_per_execution=name, **options))
    rows = [
        [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()]
        for name in ("1", "auto")
    ]
    assert [row["step"] for row in rows[1]] == [5, 10]
    for one, many in zip(*rows):
        assert many == pytest.approx(one, rel=1e-5)
