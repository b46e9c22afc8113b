"""Quality per minute: the clock, the recipes, the peers, the tables, and a training by the clock."""

import importlib.util
import io

import numpy as np
import pytest
from PIL import Image

from experiments import rows
from experiments.faces import __main__ as faces
from experiments.faces import comparison, recipes, tables
from experiments.faces.clock import Clock
from gan_tf.errors import UserError
from gan_tf.modalities import image as images
from gan_tf.training import few_images


@pytest.fixture
def time(monkeypatch):
    """The time that clocks see: a list of one number."""
    now = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    return now


def test_a_clock_counts_steps_alone_and_resumes_at_the_kept_time(time, tmp_path):
    clock = Clock(tmp_path / "run" / "times.jsonl", [0.5, 1, 2])
    passed = []
    for step in range(1, 121):
        clock.begin()
        time[0] += 1
        passed += [(step, mark) for mark in clock.end(step)]
        time[0] += 7  # a score
    assert passed == [(30, 0.5), (60, 1), (120, 2)] and clock.is_over
    other = Clock(tmp_path / "run" / "times.jsonl", [3])
    other.resume(117)
    assert other.seconds == 100 and not other.is_over  # of step 100
    other.resume(10)
    assert other.seconds == 0 and other.kept == 100


@pytest.mark.parametrize(
    "task, name", [(task, name) for task, each in recipes.TASKS.items() for name in each.recipes]
)
def test_recipes_are_runs_that_can_be_trained(task, name, tmp_path):
    config = recipes.run_config(task, name, 3, tmp_path / "run")
    assert (config.seed, config.keep) == (3, 1) and config.run_dir == str(tmp_path / "run")
    assert config.dataset == ("mnist" if task in ("digits", "updates") else "celeb_a")
    assert config.max_images == (int(name.rpartition("-")[2]) if task == "few" else None)


def test_augmentations_of_few_faces_are_all_that_differs():
    made = {
        name: recipes.run_config("few", name, 0, "run") for name in recipes.TASKS["few"].recipes
    }
    augmented = {"plain", "diff_augment", "ada"}
    compared = {name: each for name, each in made.items() if augmented & {*name.split("-")}}
    assert len(compared) == 19
    for name, config in compared.items():
        plain = made[f"{name.partition('-')[0]}-plain-{config.max_images}"]
        assert {each for each, *_ in config.conflicts(plain)} <= {"trick"}


def test_the_defaults_for_few_images_are_compared_with_other_updates():
    made = [
        recipes.run_config("few", f"{name}-500", 0, "run")
        for name in ("defaults", "rate-5e-4", "batch-16-rate-5e-4")
    ]
    assert {*made[0].trick} == {*few_images.DEFAULTS["trick"]}
    plain = {name: value for name, value in few_images.DEFAULTS.items() if name != "trick"}
    assert {name: getattr(made[0], name) for name in plain} == plain
    rates = {"generator_optimizer", "discriminator_optimizer"}
    for config, changed in zip(made[1:], (rates, {*rates, "batch_size"})):
        assert {each for each, *_ in config.conflicts(made[0])} == changed


def row(name, minutes, fid, seed=0, **more):
    found = {"task": "digits", "name": name, "seed": seed, "minutes": minutes, "fid": fid}
    return found | {"recall": 0.5, "coverage": 0.25, "copies": 0.01, "images": 1000} | more


FOUND = [
    row("dcgan", 1, 12.0),
    row("dcgan", 2, 4.0),
    row("dcgan", 1, 8.0, seed=1),
    row("dcgan", 2, 3.0, seed=1),
    row("tensorflow", 1, 40.0),
]


def test_tables_have_a_column_for_each_time_and_the_minutes_to_the_goals():
    scores, goals = tables.tables(recipes.TASKS["digits"], FOUND)
    assert scores[0].startswith("| MNIST | FID, 1 min | FID, 2 min | recall |")
    assert scores[2].startswith("| dcgan | 10 ± 2.8 | 3.5 ± 0.71 | 0.5 ± 0 | 0.25 ± 0 |")
    assert scores[3].startswith("| tensorflow | 40 |  |") and scores[3].endswith("| 1,000 | 1 |")
    assert goals[2:] == [
        "| dcgan | 1.5 ± 0.71 | 2 ± 0 |  |  | 2 |",
        "| tensorflow |  |  |  |  | 1 |",
    ]
    assert len(tables.tables(recipes.TASKS["faces"], FOUND)) == 1


def test_the_plot_is_a_picture():
    picture = Image.open(io.BytesIO(tables.plot(recipes.TASKS["digits"], FOUND)))
    assert picture.size == (840, 600)


def test_samples_of_recipes_are_shown_below_each_other(tmp_path):
    """Those of seed 0 after two minutes: dark ones of DCGAN, light ones of TensorFlow's tutorial."""
    found = [*FOUND, row("tensorflow", 2, 9.0)]
    for name, shade in (("dcgan", 50), ("tensorflow", 200)):
        folder = tmp_path / f"digits-{name}-0"
        folder.mkdir()
        samples = np.full((64, 28, 28, 1), shade, np.uint8)
        samples[16:] = 0  # of which no row is shown
        (folder / "samples-2.png").write_bytes(images.png(images.grid(samples)))
    task = recipes.TASKS["digits"]
    made = comparison.picture(task, found, tmp_path, 2)
    pixels = np.asarray(Image.open(io.BytesIO(made)))
    column = pixels[:, -5]  # of a sample of each row
    assert pixels.shape[0] < 4 * 28 and np.all(pixels[:28, -28:] == 50)
    assert [int(shade) for shade in dict.fromkeys(column[:, 0])] == [50, 255, 200]
    assert np.all(pixels[:, 0] == 255) and np.any(pixels[:, :80] == 0)  # names
    jpeg = comparison.picture(task, found, tmp_path, 2, ".jpg")
    assert Image.open(io.BytesIO(jpeg)).format == "JPEG"
    with pytest.raises(UserError, match="No samples after 1 minutes"):
        comparison.picture(task, found, tmp_path, 1)


@pytest.mark.parametrize(
    "words, message",
    [
        ("--only=cgan", "--only=cgan: give one of dcgan"),
        ("--minutes=soon", "--minutes=soon: give numbers"),
        ("--minutes=0", "above 0"),
        ("--seeds=-1", "whole numbers"),
    ],
)
def test_mistakes_are_told(words, message, tmp_path):
    with pytest.raises(UserError, match=message):
        faces.main(["", words, f"--out={tmp_path / 'rows.jsonl'}", f"--runs={tmp_path}"])


def test_what_is_past_is_not_scored(tmp_path, capsys):
    words = ["", "--only=dcgan", "--minutes=2", f"--runs={tmp_path}", f"--out={tmp_path / 'rows'}"]
    (tmp_path / "faces-dcgan-0").mkdir()
    rows.append(tmp_path / "faces-dcgan-0" / "times.jsonl", {"step": 50, "seconds": 150.0})
    assert faces.main(words) == 0
    assert "trained for 2.5 minutes: what was before is not scored" in capsys.readouterr().out


def peer_names():
    torch = importlib.util.find_spec("torch") is not None
    return ["TensorFlowDigits", *["PyTorchDigits", "PyTorchFaces"] * torch]


@pytest.mark.slow
@pytest.mark.parametrize("name", peer_names())
def test_a_peer_learns_and_resumes(name, tmp_path, monkeypatch):
    from experiments.faces import peers

    kind = getattr(peers, name)
    monkeypatch.setattr(kind, "batch_size", 4)
    shape = (64, 64, 3) if name.endswith("Faces") else (28, 28, 1)
    samples = np.random.default_rng(0).integers(0, 256, (9, *shape), np.uint8)
    one, other = kind(samples, 0), kind(samples, 1)
    before = one.generate(3)
    assert before.shape == (3, *shape) and before.dtype == np.uint8
    for _ in range(3):  # across the end of a pass
        one.train_step()
    after = one.generate(3)
    assert one.step == 3 and np.any(after != before)
    one.save(tmp_path / "state")
    other.load(tmp_path / "state")
    assert other.step == 3
    np.testing.assert_array_equal(other.generate(3), after)


def test_peers_have_the_published_networks():
    from experiments.faces import peers

    # As the tutorials print them.
    keras_ones = peers.TensorFlowDigits._networks()
    assert [each.count_params() for each in keras_ones] == [2_330_944, 212_865]
    pytest.importorskip("torch")
    made = peers.PyTorchFaces(np.zeros((1, 64, 64, 3), np.uint8), 0)
    assert [sum(each.numel() for each in n.parameters()) for n in made._networks] == [
        3_576_704,
        2_765_568,
    ]


@pytest.mark.slow
def test_a_training_is_scored_at_its_minutes_and_goes_on(tmp_path, monkeypatch, photos):
    """A tiny MLP in place of the recipes; the marks are a step or two away."""
    words = [
        "--dataset=image_folder",
        f"--image_dir={photos}",
        "--image_size=8",
        "--arch=mlp(width=4)",
    ]
    words += ["--batch_size=8", "--max_images=24", "--features=pixels"]
    tiny = {"mlp": tuple(words), "labeled": (*words, "--conditional=concat")}
    monkeypatch.setitem(recipes.TASKS, "faces", recipes.Task("tiny", tiny, {}, (1e-6, 1e-5)))
    out, runs = tmp_path / "rows.jsonl", tmp_path / "runs"
    command = ["", f"--out={out}", f"--runs={runs}", "--only=mlp"]
    assert faces.main(command) == 0
    found = rows.read(out)
    assert [each["minutes"] for each in found] == [1e-6, 1e-5]
    assert all(each["fid"] > 0 and each["images"] == 8 * each["step"] for each in found)
    folder = runs / "faces-mlp-0"
    assert (folder / "samples-1e-06.png").exists() and (folder / "nearest-1e-05.png").exists()
    before = out.read_bytes()
    assert faces.main(command) == 0 and out.read_bytes() == before
    (seconds,) = {each["seconds"] for each in rows.read(folder / "times.jsonl")}
    later = round(seconds / 60 + 0.001, 6)
    assert faces.main([*command, f"--minutes={later}", f"--plot={tmp_path / 'plot.png'}"]) == 0
    last = rows.read(out)[-1]
    assert last["minutes"] == later and last["step"] > found[-1]["step"]
    times = [each["seconds"] for each in rows.read(folder / "times.jsonl")]
    assert times == sorted(times) and times[-1] >= seconds + 0.06
    assert (tmp_path / "plot.png").exists()
    assert faces.main([*command[:3], "--only=labeled"]) == 0
    assert [each["name"] for each in rows.read(out)[-2:]] == ["labeled", "labeled"]
