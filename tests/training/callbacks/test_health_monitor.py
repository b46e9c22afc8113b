"""The health verdict of a run: what it writes, when it stops, how it goes back."""

import json

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import NonFiniteError
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from gan_tf.training.callbacks import health_monitor
from gan_tf.training.health import diagnosis, symptoms
from gan_tf.training.health.diagnosis import UnhealthyError
from gan_tf.training.rollback import LIMIT
from tests.conftest import tiny

pytestmark = pytest.mark.slow

# A discriminator that wins against a generator that stands still.
LOSING = {
    "loss": "minimax",
    "arch": "mlp(width=16)",
    "generator_optimizer": "sgd(0.0)",
    "discriminator_optimizer": "adam(1e-2)",
    "log_every": "5steps",
    "checkpoint_every": "10steps",
    "sample_every": "10000steps",
    "keep": 100,
}


@pytest.fixture
def config(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(health_monitor, "EVERY", 20)
    monkeypatch.setattr(diagnosis, "WINDOW", 50)
    monkeypatch.setattr(diagnosis, "WARM_UP", 50)
    monkeypatch.setattr(symptoms, "EARLY_STEPS", 50)

    def make(**changes):
        return tiny(photos, tmp_path / "run", **changes)

    return make


def report(config):
    return json.loads(RunDir(config.run_dir).health.read_text())


def rows(config):
    lines = RunDir(config.run_dir).metrics.read_text().splitlines()
    return [json.loads(each) for each in lines]


def rates(step, config):
    """The learning rates in a checkpoint: generator's, discriminator's."""
    prefix = CheckpointStore(RunDir(config.run_dir).checkpoints).path(step) / "state"
    reader = tf.train.load_checkpoint(str(prefix))
    names = sorted(n for n in reader.get_variable_to_shape_map() if "_learning_rate" in n)
    found = {n.split("/")[0]: float(reader.get_tensor(n)) for n in names}
    return found["generator_optimizer"], found["discriminator_optimizer"]


def texts(config):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(RunDir(config.run_dir).logs))
    events.Reload()
    return [event.tensor_proto.string_val[0].decode() for event in events.Tensors("health")]


def test_a_short_run_says_that_it_is_not_judged(config, capsys):
    options = config()
    assert loop.train(options) == 0
    printed = capsys.readouterr().out
    assert "This run of 10 steps (5 per epoch) is too short" in printed  # before it begins
    assert "Health: not judged: 10 steps are too few" in printed
    assert "To train longer, repeat the command with --steps=4000." in printed
    assert report(options)["verdict"].startswith("not judged")


def test_samples_are_measured_without_changing_what_is_learned(
    config, photos, tmp_path, monkeypatch
):
    watched = config(steps=60)
    loop.train(watched)
    measured = [row for row in rows(watched) if "diversity" in row]
    assert [row["step"] for row in measured] == [20, 40, 60]
    assert {"diversity", "distance", "checkerboard"} <= measured[0].keys()
    monkeypatch.setattr(health_monitor, "EVERY", 10_000)
    plain = tiny(photos, tmp_path / "plain", steps=60)
    loop.train(plain)
    assert not [row for row in rows(plain) if "diversity" in row]
    weights = [TrainedRun(each.run_dir).generator.get_weights() for each in (watched, plain)]
    for mine, theirs in zip(*weights):
        np.testing.assert_array_equal(mine, theirs)


def test_warn_tells_and_trains_on(config, capsys):
    options = config(**LOSING, steps=150)
    assert loop.train(options) == 0
    printed = capsys.readouterr()
    (last,) = [line for line in printed.out.splitlines() if line.startswith("Health: ")]
    assert "discriminator_won since step" in last and "fake_accuracy 1" in last
    (finding, *_) = report(options)["findings"]
    assert finding["name"] == "discriminator_won"
    assert finding["since"] < finding["found"] < 150 and finding["until"] is None
    assert f"Step {finding['found']}. Health: discriminator_won since step" in printed.err
    everything = printed.out + printed.err
    assert everything.count(finding["advice"]) == 1  # with the finding, not again at the end
    assert report(options)["step"] == 150
    shown = texts(options)
    assert "discriminator_won" in shown[0] and finding["advice"] in shown[0]
    seconds = report(options)["seconds"]
    assert 0 < seconds["health"] < seconds["training"]


def test_stop_ends_with_what_when_why_and_the_last_healthy_checkpoint(config):
    options = config(**LOSING, steps=1000, on_unhealthy="stop")
    with pytest.raises(UnhealthyError) as caught:
        loop.train(options)
    message = str(caught.value)
    assert "fake_accuracy 1" in message and "--discriminator_optimizer" in message
    (finding, *_) = report(options)["findings"]
    assert f"stopped at step {finding['found']}: discriminator_won since step" in message
    store = CheckpointStore(RunDir(options.run_dir).checkpoints)
    before = [step for step in store.steps() if step < finding["since"]]
    assert (str(store.path(before[-1])) if before else "is left") in message
    assert store.steps()[-1] < finding["found"]


def test_a_run_that_goes_on_tells_what_was_found_before(config, capsys):
    options = config(**LOSING, steps=150)
    loop.train(options)
    before = report(options)
    assert loop.train(options) == 0
    assert "discriminator_won since step" in capsys.readouterr().out
    assert report(options)["findings"] == before["findings"]
    longer = config(**LOSING, steps=160)
    assert loop.train(longer) == 0
    assert report(longer)["findings"] == before["findings"]


def test_rollback_goes_back_halves_the_rates_and_stops_after_the_third_time(config, capsys):
    rolling = config(
        **LOSING | {"generator_optimizer": "sgd(1e-30)"}, steps=1000, on_unhealthy="rollback"
    )
    with pytest.raises(UnhealthyError, match=f"after {LIMIT} rollbacks.*discriminator_won"):
        loop.train(rolling)
    printed = capsys.readouterr().err
    for number, scale in enumerate(("0.5", "0.25", "0.125"), start=1):
        assert f"at {scale} times the learning rates (rollback {number} of 3)" in printed
    past = report(rolling)["rollbacks"]
    assert len(past) == LIMIT
    assert all(each["finding"] == "discriminator_won" for each in past)
    assert past[-1]["to"] < past[-1]["step"]
    last = CheckpointStore(RunDir(rolling.run_dir).checkpoints).steps()[-1]
    np.testing.assert_allclose(rates(last, rolling), (1e-30 / 8, 1e-2 / 8), rtol=1e-6)
    steps = [row["step"] for row in rows(rolling) if "generator_loss" in row]
    assert steps == sorted(set(steps))


def test_there_is_always_something_to_go_back_to(config):
    """However few checkpoints are kept, and however often they are made."""
    rolling = config(**LOSING | {"keep": 1}, steps=1000, on_unhealthy="rollback")
    with pytest.raises(UnhealthyError, match=f"after {LIMIT} rollbacks"):
        loop.train(rolling)
    past = report(rolling)["rollbacks"]
    assert [each["to"] for each in past] == [0] * LIMIT
    assert "fake_accuracy 1" in past[0]["evidence"]


def test_a_restart_remembers_the_rollbacks_and_the_rates(config, capsys):
    rolling = config(**LOSING, steps=1000, on_unhealthy="rollback")
    with pytest.raises(UnhealthyError):
        loop.train(rolling)
    with pytest.raises(UnhealthyError, match=f"after {LIMIT} rollbacks"):
        loop.train(rolling)
    assert len(report(rolling)["rollbacks"]) == LIMIT
    warned = config(**LOSING, steps=160, on_unhealthy="warn")
    assert loop.train(warned) == 0
    np.testing.assert_allclose(rates(160, warned)[1], 1e-2 / 8, rtol=1e-6)
    assert "rolled back 3 times (discriminator_won at step" in capsys.readouterr().out


NAN = {"generator_optimizer": "sgd(1e18)", "checkpoint_every": "1steps", "epochs": 50}


@pytest.mark.parametrize("reaction", ["warn", "stop"])
def test_what_is_no_number_stops_as_before_and_is_in_the_report(config, reaction):
    options = config(**NAN, on_unhealthy=reaction)
    with pytest.raises(NonFiniteError, match=r"became (nan|inf).*last good checkpoint is"):
        loop.train(options)
    (finding,) = report(options)["findings"]
    assert finding["name"] == "not_finite"
    assert "became" in finding["evidence"]


def test_rollback_survives_numbers_that_end_for_a_while(config, capsys, monkeypatch):
    """At 1e18 they end, at an eighth of it too: three times back, then the end."""
    options = config(**NAN, on_unhealthy="rollback", keep=100)
    with pytest.raises(UnhealthyError, match=r"after 3 rollbacks.*not_finite"):
        loop.train(options)
    assert "not_finite" in capsys.readouterr().err
    assert [each["finding"] for each in report(options)["rollbacks"]] == ["not_finite"] * 3
