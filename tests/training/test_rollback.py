"""Going back to a checkpoint, at lower learning rates."""

import json

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks.mlp import MLP
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.training.rollback import Rollback


def built():
    architecture = MLP(width=2)
    gan = GAN(architecture.generator((4, 4, 1), 3), architecture.discriminator((4, 4, 1)))
    gan.compile("adam(1e-3)", "sgd(0.5)")
    return gan


def rates(gan):
    return [
        float(each.learning_rate) for each in (gan.generator_optimizer, gan.discriminator_optimizer)
    ]


@pytest.fixture
def run(tmp_path):
    return RunDir(tmp_path)


def rollback(run):
    """Of a run whose checkpoints are at steps 0, 10, 20, 30."""
    gan = built()
    store = CheckpointStore(run.checkpoints, keep=10)
    back = Rollback(gan, run, store)
    for step in (0, 10, 20, 30):
        gan.step.assign(step)
        store.save(gan)
    return back


def test_goes_back_sets_aside_and_halves_the_rates(run):
    back = rollback(run)
    best = CheckpointStore(run.best)
    best.save(back.gan)
    assert back.to([0, 10], "mode_collapse", "far too alike") == 10
    assert int(back.gan.step) == 10
    assert back.store.steps() == [0, 10] and best.steps() == []
    assert back.past == [
        {"finding": "mode_collapse", "evidence": "far too alike", "step": 30, "to": 10}
    ]
    assert rates(back.gan) == pytest.approx([5e-4, 0.25])
    assert back.scale == 0.5


def test_the_rates_are_those_of_the_beginning_whatever_the_checkpoint_holds(run):
    back = rollback(run)
    back.to([0, 10], "mode_collapse", "far too alike")
    back.gan.step.assign(15)
    back.store.save(back.gan)  # at half the rates
    back.gan.step.assign(20)
    back.to([15], "mode_collapse", "far too alike")
    assert rates(back.gan) == pytest.approx([1e-3 / 4, 0.5 / 4])
    back.to([0], "mode_collapse", "far too alike")  # a checkpoint from before any
    assert rates(back.gan) == pytest.approx([1e-3 / 8, 0.5 / 8])
    assert back.scale == 1 / 8


def test_a_broken_checkpoint_is_passed_over(run, capsys):
    back = rollback(run)
    (back.store.path(20) / "state.index").write_bytes(b"")
    assert back.to([0, 10, 20], "oscillation", "far too alike") == 10
    assert "is broken" in capsys.readouterr().err


def test_a_restart_knows_how_often(run):
    back = rollback(run)
    back.to([10], "mode_collapse", "far too alike")
    run.health.write_text(json.dumps({"rollbacks": back.past}))
    gan = built()
    again = Rollback(gan, run, CheckpointStore(run.checkpoints))
    assert again.restore() == 10
    assert again.past == back.past
    assert rates(gan) == pytest.approx([5e-4, 0.25])
    for mine, theirs in zip(gan.get_weights(), back.gan.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_a_new_run_begins_at_step_0_with_its_own_rates(run):
    back = Rollback(built(), run, CheckpointStore(run.checkpoints))
    assert (back.restore(), back.past, back.scale) == (0, [], 1.0)
    assert rates(back.gan) == pytest.approx([1e-3, 0.5])


@pytest.mark.parametrize("content", ["{", "[]", '{"rollbacks": 3}', "{}"])
def test_a_damaged_report_is_a_clear_error(run, content):
    run.health.write_text(content)
    with pytest.raises(UserError, match=r"health\.json' is damaged"):
        Rollback(built(), run, CheckpointStore(run.checkpoints))
