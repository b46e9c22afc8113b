"""Training from a configuration to a finished run directory."""

import collections
import dataclasses
import json
import os
import re
import shlex
import shutil
import signal
import types

import numpy as np
import pytest
from PIL import Image

from experiments.reliability.comparison import compare
from gan_tf import latents
from gan_tf.data.disk_array import DiskArray
from gan_tf.data.image_folder import ImageFolder
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.gans.build import build
from gan_tf.gans.standard import GAN
from gan_tf.options import interval as default_interval
from gan_tf.options.config import Config
from gan_tf.registry import Registry
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runs.training_state import read_gan
from gan_tf.training import callback_list, loop
from gan_tf.training.callbacks import health_monitor
from gan_tf.training.callbacks.logs import Logs
from gan_tf.training.health.sample_measures import SampleMeasures
from tests.conftest import ROOT, tiny
from tests.training.trained import rows, start, variables, wait_for


def test_a_run_leaves_what_its_directory_promises(config, capsys):
    options = config()
    assert loop.train(options) == 0
    run = RunDir(options.run_dir)
    assert CheckpointStore(run.checkpoints).steps() == [5, 10]
    snapshots = ["animation.gif", "reals.png"]
    snapshots += [f"step-{step:08d}.png" for step in (0, 4, 8, 10)]
    assert sorted(os.listdir(run.samples)) == snapshots
    with Image.open(run.samples / "animation.gif") as animation:
        assert animation.n_frames == 4
    with Image.open(run.samples / "step-00000010.png") as grid:
        assert grid.size == (8 * 10 - 2, 8 * 10 - 2)
    assert [row["step"] for row in rows(run)] == [2, 4, 5, 6, 8, 10]
    assert rows(run)[-1]["epoch"] == 2
    assert RunDir(options.run_dir).config() == options
    facts = run.read_data()
    assert re.fullmatch("[0-9a-f]{64}", facts.pop("content"))
    assert facts == {
        "sample_shape": [8, 8, 3],
        "num_examples": 40,
        "label_names": ["a", "b"],
        "label_counts": [20, 20],
    }
    assert "tensorboard --logdir" in capsys.readouterr().out


def test_tensorboard_gets_scalars_images_and_hyperparameters(finished):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(finished.logs))
    events.Reload()
    tags = set(events.Tags()["tensors"])
    assert {
        "losses/generator_loss",
        "discriminator/real_accuracy",
        "gradients/discriminator_gradient_norm",
        "samples",
    } <= tags
    assert [event.step for event in events.Tensors("samples")] == [0, 4, 8, 10]
    assert "_hparams_/session_start_info" in events.summary_metadata


@pytest.mark.slow
def test_tensorboard_calls_a_run_by_its_name_and_shows_its_scores_beside_its_options(config):
    from tensorboard import context
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import backend_context, metadata

    options = config(evaluate_every="5steps", metric=("fid(20)",), features="pixels")
    loop.train(options)
    path = RunDir(options.run_dir).path
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(path.parent)).Reload()
    assert list(multiplexer.Runs()) == [path.name]
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(path.parent))
    shown = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    ask = context.RequestContext(), ""
    found = shown.hparams_metadata(*ask)
    experiment = shown.experiment_from_metadata(*ask, True, found, None)
    assert "loss" in [each.name for each in experiment.hparam_infos]
    assert "scores/fid" in [each.name.tag for each in experiment.metric_infos]
    content = found[path.name][metadata.SESSION_START_INFO_TAG]
    assert metadata.parse_session_start_info_plugin_data(content).group_name == path.name


def test_a_finished_run_says_so_and_goes_on_with_more_epochs(config, finished, capsys):
    assert loop.train(config()) == 0
    assert "give a larger --epochs" in capsys.readouterr().out
    assert loop.train(config(epochs=3)) == 0
    assert CheckpointStore(RunDir(config().run_dir).checkpoints).steps() == [5, 10, 15]
    assert "Resuming from step 10" in capsys.readouterr().out


@pytest.mark.parametrize("steps", [3, 5, 13])
def test_steps_end_the_run_where_they_say(config, steps):
    loop.train(config(steps=steps))
    run = RunDir(config().run_dir)
    assert CheckpointStore(run.checkpoints).steps()[-1] == rows(run)[-1]["step"] == steps
    assert (run.samples / f"step-{steps:08d}.png").exists()


def test_each_part_is_built_once(config, monkeypatch):
    built, build_entry = collections.Counter(), Registry.build

    def counted(registry, *arguments):
        built[registry.kind] += 1
        return build_entry(registry, *arguments)

    monkeypatch.setattr(Registry, "build", counted)
    loop.train(config(steps=1, trick=("ema(0.9)",), penalty=("r1",), conditional="concat"))
    once = "architecture", "conditioning", "prior", "trick", "loss", "penalty"
    assert {each: built[each] for each in once} == dict.fromkeys(once, 1)
    assert built["optimizer"] == 2  # the generator's and the discriminator's


def test_discriminator_steps_take_a_batch_each(config):
    options = config(discriminator_steps=2, epochs=1)
    loop.train(options)
    gan = build(options, (8, 8, 3))
    step = CheckpointStore(RunDir(options.run_dir).checkpoints).restore(read_gan(gan))
    assert step == 2  # 40 images, 2 batches of 8 a step
    assert int(gan.generator_optimizer.iterations) == 2
    assert int(gan.discriminator_optimizer.iterations) == 4


def test_a_broken_last_checkpoint_is_trained_and_saved_anew(config, finished):
    run = finished
    (run.checkpoints / "00000010" / "state.index").write_bytes(b"")
    for snapshot in run.samples.glob("step-*"):
        snapshot.unlink()
    assert loop.train(config()) == 0
    newest, state = variables(run)
    assert newest == 10
    assert len(state) > 10
    assert CheckpointStore(run.checkpoints).restore(lambda prefix, folder: None) == 10


def test_a_start_that_fails_does_not_take_the_directory(config):
    with pytest.raises(UserError, match="fewer than the 41"):
        loop.train(config(batch_size=41))
    assert loop.train(config(batch_size=10, epochs=1)) == 0


def test_other_flags_in_the_same_directory_are_refused(config, finished):
    with pytest.raises(UserError, match=r"--latent_dim=5 \(now 7\)"):
        loop.train(config(latent_dim=7))


def test_other_data_in_the_same_directory_are_refused(config, finished):
    changed = json.loads(finished.data.read_text()) | {"num_examples": 39}
    finished.data.write_text(json.dumps(changed))
    with pytest.raises(UserError, match="The data have changed"):
        loop.train(config(epochs=3))


@pytest.mark.slow
def test_data_may_move_and_are_not_mistaken_for_others(photos, tmp_path, monkeypatch, capsys):
    def there(name):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        return tiny("photos", tmp_path / "run", epochs=1, checkpoint_every="5steps")

    options = there("first")
    shutil.copytree(photos, "photos")
    loop.train(options)
    run = RunDir(options.run_dir)
    assert run.config().image_dir == str(tmp_path / "first" / "photos")
    log = run.metrics.read_bytes()

    options = dataclasses.replace(there("second"), epochs=2)
    rng = np.random.default_rng(1)
    for path in (tmp_path / "first" / "photos").rglob("*.png"):
        other = tmp_path / "second" / path.relative_to(tmp_path / "first")
        other.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (40, 50, 3), np.uint8)).save(other)
    with pytest.raises(UserError, match="as many, of the same shape, but other content"):
        loop.train(options)
    assert run.metrics.read_bytes() == log

    (tmp_path / "first" / "photos").rename(tmp_path / "moved")
    loop.train(dataclasses.replace(options, image_dir=str(tmp_path / "moved")))
    assert "Resuming from step 5" in capsys.readouterr().out
    assert CheckpointStore(run.checkpoints).steps() == [5, 10]
    assert run.config().image_dir == str(tmp_path / "moved")


@pytest.mark.slow
def test_paths_may_have_any_characters(photos, tmp_path, capsys):
    folder = tmp_path / 'it\'s [a] *?\\ "ü" 日本'
    shutil.copytree(photos, folder / "[p]hotos*")
    changes = {
        "cache_dir": str(folder / "cache"),
        "evaluate_every": "5steps",
        "metric": ("fid(20)",),
    }
    options = tiny(folder / "[p]hotos*", folder / "run", features="pixels", epochs=1, **changes)
    loop.train(options)
    loop.train(dataclasses.replace(options, epochs=2))
    printed = capsys.readouterr().out
    assert "Resuming from step 5" in printed
    (line,) = [each for each in printed.splitlines() if each.startswith("More samples:")][-1:]
    assert f"--run_dir={folder / 'run'}" in shlex.split(line)
    for checkpoint in ("last", "best"):
        trained = TrainedRun(options.run_dir, checkpoint)
        assert trained.samples(latents.draw(0, range(2), trained.latent_dim)).shape == (2, 8, 8, 3)


def test_a_run_directory_that_cannot_be_written(config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        loop.train(config(run_dir=str(tmp_path / "file" / "run")))


@pytest.mark.slow
@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_says_how_to_go_on(config, number, status):
    options = config(steps=1_000_000, checkpoint_every="1000000steps", log_every="1steps")
    run = RunDir(options.run_dir)
    process = start(options)
    wait_for(lambda: run.metrics.exists() and run.metrics.read_text().count("\n") > 6, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert "run the same command again to resume" in out
    (step,) = CheckpointStore(run.checkpoints).steps()
    assert step == rows(run)[-1]["step"]


@pytest.fixture(scope="module")
def calm(photos, tmp_path_factory):
    """A scored, deterministic run of 20 steps that nothing has disturbed."""
    folder = tmp_path_factory.mktemp("calm")
    options = tiny(photos, folder / "run", **SCORED, cache_dir=str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health_monitor, "EVERY", 7)
        assert loop.train(options) == 0
    return RunDir(options.run_dir)


SCORED = dict(
    deterministic=True,
    epochs=4,
    log_every="3steps",
    sample_every="4steps",
    checkpoint_every="4steps",
    evaluate_every="6steps",
    metric=("fid(20)",),
    features="pixels",
    trick=("ema(0.9)", "generator_dropout"),
)


def signal_once(monkeypatch, owner, name, number=signal.SIGTERM, call=1):
    """Sends this process a signal at a call of a function."""
    whole, calls = getattr(owner, name), []

    def signalling(*arguments, **keywords):
        calls.append(1)
        if len(calls) == call:
            signal.raise_signal(number)
        return whole(*arguments, **keywords)

    monkeypatch.setattr(owner, name, signalling)


@pytest.mark.slow
def test_signals_at_any_moment_change_nothing(calm, photos, tmp_path, monkeypatch, capsys):
    """It saves, says how to go on, and the run that goes on, each time, ends like one without signals."""
    monkeypatch.setattr(health_monitor, "EVERY", 7)
    options = tiny(photos, tmp_path / "run", **SCORED, cache_dir=str(calm.path.parent))
    run = RunDir(options.run_dir)
    for owner, name, call, step in (
        (GAN, "log", 1, 1),  # while the first step is traced
        (CheckpointStore, "save", 2, 6),
        (SampleMeasures, "__call__", 1, 7),
        (Evaluator, "score", 1, 12),
    ):
        with monkeypatch.context() as patch:
            signal_once(patch, owner, name, call=call)
            assert loop.train(options) == 143
        assert CheckpointStore(run.checkpoints).steps()[-1] == step
        assert f"Stopped at step {step}; everything is saved" in capsys.readouterr().out
    assert loop.train(options) == 0
    found = {name for name, (_, differ) in compare(calm.path, run.path).items() if differ}
    assert found <= {"generator.keras"}  # layers of a second model in a process have other names


@pytest.mark.slow
def test_a_signal_changes_neither_means_over_epochs_nor_growing_intervals(
    photos, tmp_path, monkeypatch
):
    monkeypatch.setattr(default_interval, "FEWEST", 1)
    monkeypatch.setattr(callback_list, "DENSE", 1)
    options = dict(deterministic=True, steps=23, log_every="7steps")
    whole = tiny(photos, tmp_path / "whole", **options)
    assert loop.train(whole) == 0
    parts = tiny(photos, tmp_path / "parts", **options)
    for step, status in ((3, 143), (12, 143), (None, 0)):
        with monkeypatch.context() as patch:
            if step:
                signal_once(patch, Logs, "on_train_batch_end", call=step)
            assert loop.train(parts) == status
    whole, parts = RunDir(whole.run_dir), RunDir(parts.run_dir)
    assert [row["step"] for row in rows(whole)] == [7, 14, 21, 23]
    assert rows(parts) == rows(whole)
    snapshots = [sorted(each.name for each in run.samples.glob("step-*")) for run in (whole, parts)]
    assert snapshots[0] == snapshots[1]
    assert [name[5:13] for name in snapshots[0]] == [f"{step:08d}" for step in (0, 5, 10, 20, 23)]


@pytest.mark.parametrize("owner, name", [(ImageFolder, "read"), (loop, "initialize_from_data")])
def test_a_signal_before_the_training_ends_it_at_once(
    config, tmp_path, monkeypatch, capsys, owner, name
):
    options = config(epochs=1, cache_dir=str(tmp_path / "cache"))
    with monkeypatch.context() as patch:
        if name == "read":  # in the thread that handles signals, while others decode
            signal_once(patch, ImageFolder, "items", call=2)
        else:
            signal_once(patch, owner, name)
        assert loop.train(options) == 143
    assert "run the same command again" in capsys.readouterr().out
    assert loop.train(options) == 0


@pytest.mark.slow
def test_ctrl_c_has_its_own_status_and_a_second_one_ends_at_once(config, monkeypatch):
    with monkeypatch.context() as patch:
        signal_once(patch, Logs, "record", signal.SIGINT, call=2)
        assert loop.train(config()) == 130
    with monkeypatch.context() as patch:
        signal_once(patch, Logs, "record", signal.SIGINT, call=1)
        signal_once(patch, CheckpointStore, "save", signal.SIGINT, call=1)
        with pytest.raises(KeyboardInterrupt):
            loop.train(config())
    assert loop.train(config()) == 0


@pytest.mark.slow
def test_a_budget_of_time_saves_and_ends_with_status_0(config, capsys):
    options = dataclasses.replace(config(steps=10**6), max_minutes=0.03)
    assert loop.train(options) == 0
    printed = capsys.readouterr().out
    assert "--max_minutes is over: stopped at step" in printed
    (step,) = CheckpointStore(RunDir(options.run_dir).checkpoints).steps()[-1:]
    assert f"{step:,}; everything is saved" in printed


def test_a_cache_that_is_cut_short_while_it_is_used_is_one_sentence(config, monkeypatch, tmp_path):
    whole, calls = DiskArray._read_into, []

    def cut(self, row, view):
        calls.append(1)
        if len(calls) == 200:
            os.truncate(self._path, 10)
        whole(self, row, view)

    options = config(cache_mb=0, cache_dir=str(tmp_path / "cache"), steps=200)
    with monkeypatch.context() as patch:
        patch.setattr(DiskArray, "_read_into", cut)
        with pytest.raises(UserError, match="was truncated while it was in use"):
            loop.train(options)
    assert loop.train(dataclasses.replace(options, steps=10)) == 0


def test_no_decision_is_made_by_the_clock():
    """It may be set back or forth meanwhile: durations are time.monotonic's or perf_counter's."""
    for path in (ROOT / "gan_tf").rglob("*.py"):
        assert not re.search(r"\btime\.time\(|datetime|import time$.*\bnow\(", path.read_text()), (
            path
        )


@pytest.fixture(scope="module")
def trained_on_glyphs(glyphs_dir, tmp_path_factory):
    """A small DCGAN after 600 steps on the glyphs; its run directory."""
    options = Config(
        dataset="glyphs",
        data_dir=str(glyphs_dir),
        arch="dcgan(width=16)",
        batch_size=32,
        steps=600,
        generator_optimizer="adam(1e-3)",  # fast, for so few steps
        discriminator_optimizer="adam(1e-3)",
        precision="float32",
        run_dir=str(tmp_path_factory.mktemp("glyphs") / "run"),
    ).resolve()
    assert loop.train(options) == 0
    return RunDir(options.run_dir)


@pytest.mark.slow
def test_samples_are_far_nearer_to_the_digits_than_noise_is(trained_on_glyphs, glyphs_dir):
    """Sliced Wasserstein distance between sets of images: samples against noise.

    Noise of the digits' own pixel histogram, so that brightness alone wins nothing. Two halves
    of the real digits lie at the floor.
    """
    from gan_tf.data.glyphs import draw

    real, other = draw(1000, (5, 5))[0], draw(1000, (6, 6))[0]
    trained = TrainedRun(trained_on_glyphs)
    fake = trained.samples(latents.draw(0, range(1000), trained.latent_dim))
    noise = np.random.default_rng(0).permutation(real.reshape(-1)).reshape(real.shape)
    directions = np.random.default_rng(1).normal(size=(784, 200))
    directions /= np.linalg.norm(directions, axis=0)

    def distance(images):
        one, two = (
            np.sort(x.reshape(1000, 784) / 255 @ directions, axis=0) for x in (real, images)
        )
        return np.abs(one - two).mean()

    floor, ceiling, ours = distance(other), distance(noise), distance(fake)
    assert floor < 0.1 * ceiling
    assert ours < 0.4 * ceiling, (floor, ours, ceiling)


@pytest.mark.slow
def test_samples_differ_from_each_other_as_digits_do(trained_on_glyphs):
    from gan_tf.data.glyphs import draw

    def spread(images):
        pixels = images.reshape(len(images), -1) / 255
        return np.linalg.norm(pixels[::2] - pixels[1::2], axis=1).mean()

    trained = TrainedRun(trained_on_glyphs)
    fake = trained.samples(latents.draw(0, range(400), trained.latent_dim))
    assert spread(fake) > 0.8 * spread(draw(400, (7, 7))[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"dataset": "mnist", "arch": "dcgan(width=8)"},
        {"dataset": "celeb_a", "arch": "dcgan(width=8)", "flip": True, "image_size": 32},
        {"dataset": "celeb_a", "arch": "mlp(width=8)", "image_size": 32, "cache_mb": 0},
    ],
)
def test_trains_on_real_data(real_data, changes, tmp_path):
    options = Config(
        **changes,
        data_dir=real_data,
        cache_dir=str(tmp_path / "cache"),
        steps=30,
        batch_size=32,
        precision="float32",
        run_dir=str(tmp_path / "run"),
    ).resolve()
    assert loop.train(options) == 0
    logged = rows(RunDir(options.run_dir))[-1]
    assert logged["step"] == 30
    assert logged["discriminator_loss"] < 1.3  # it has begun to tell them apart; 1.386 is chance


@pytest.mark.parametrize(
    "options, words",
    [
        ({}, "too short to show anything but noise: GANs show first shapes after about 500 steps"),
        (
            {"gan": "pix2pix", "pair_by": "edges", "arch": None},
            "too short for good translations. Give",
        ),
    ],
)
def test_a_short_run_is_told_what_it_will_show(options, words):
    config = Config(dataset="glyphs", batch_size=100, epochs=4, **options)
    schedule = loop.Schedule.of(config, 1250)
    assert (schedule.steps_per_epoch, schedule.total_steps) == (12, 48)
    assert words in schedule.warning and "Give --steps=4000; a finished run" in schedule.warning
    assert loop.Schedule.of(config, 20_000).warning is None


def test_the_last_checkpoint_is_written_before_the_rest_is_sent():
    """A run that is killed between the two sends nothing twice."""
    calls = []
    callbacks = types.SimpleNamespace(
        is_stopped=lambda step: calls.append("asked") or True,
        checkpoints=types.SimpleNamespace(save=lambda step: calls.append(f"saved {step}")),
        close=lambda: calls.append("closed"),
    )
    loop._fit(types.SimpleNamespace(steps_made=5), None, None, None, None, callbacks)
    assert calls == ["asked", "saved 5", "closed", "asked"]
