"""When checkpoints are written, and what happens where they cannot be."""

import errno
import os
import resource
import subprocess

import pytest

from gan_tf.errors import UserError
from gan_tf.runs import checkpoint_store
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from gan_tf.training.callbacks.checkpoints import Checkpoints
from gan_tf.training.callbacks.disk import Disk
from tests.conftest import assert_user_error
from tests.training.trained import full_disk, start


@pytest.mark.slow
def test_a_full_disk_keeps_the_last_checkpoint_and_the_run_goes_on_later(config):
    """A limit on the size of files stands for the disk: it hits the first checkpoint."""
    options = config(arch="mlp(width=64)", image_size=32)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    process = start(options, preexec_fn=limit)
    out, err = process.communicate(timeout=120)
    result = subprocess.CompletedProcess([], process.returncode, out, err)
    assert_user_error(result, "The disk is full", "run the same command again")
    run = RunDir(options.run_dir)
    assert CheckpointStore(run.checkpoints).steps() == []
    assert not [name for name in os.listdir(run.checkpoints) if "writing" in name]
    assert loop.train(options) == 0


@pytest.mark.slow
def test_a_disk_that_stays_full_ends_the_run_and_keeps_the_last_checkpoint(config, monkeypatch):
    loop.train(config(epochs=1))
    monkeypatch.setattr(checkpoint_store, "sync", full_disk)
    with pytest.raises(UserError, match="The disk is full"):
        loop.train(config())
    store = CheckpointStore(RunDir(config().run_dir).checkpoints)
    assert store.steps() == [5] and store.problem(5) is None
    monkeypatch.undo()
    assert loop.train(config()) == 0


def test_a_read_only_place_is_one_sentence(config, monkeypatch):
    def read_only(*_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(checkpoint_store, "sync", read_only)
    with pytest.raises(UserError, match="cannot be written"):
        loop.train(config())


class Model:
    step = 0

    @property
    def steps_made(self):
        return self.step


class Store:
    """Notes what is saved and copied, in order."""

    def __init__(self, model, events):
        self._model, self._events, self._steps = model, events, []

    def steps(self):
        return self._steps

    def path(self, step):
        return f"checkpoints/{step}"

    def save(self, model):
        assert model is self._model
        self._steps.append(model.step)
        self._events.append(("save", model.step))

    def copy(self, store, step):
        assert step in store.steps()
        self._events.append(("copy", step))


class Logs:
    def __init__(self, events):
        self.disk, self._events = Disk(), events

    def sync(self):
        self._events.append("sync")


@pytest.fixture
def saving():
    """The callback at every other step, its model, and what it has done."""
    model, events = Model(), []
    callback = Checkpoints(2, Store(model, events), Logs(events))
    callback.set_model(model)
    callback.on_epoch_begin(0)
    return callback, model, events


def make_step(callback, model):
    model.step += 1
    callback.on_train_batch_end(model.step - 1, {})


def test_the_log_is_on_disk_before_the_checkpoint_of_its_step(saving):
    callback, model, events = saving
    for _ in range(4):
        make_step(callback, model)
    assert events == ["sync", ("save", 2), "sync", ("save", 4)]
    callback.save(4)
    assert events[-1] == ("save", 4) and len(events) == 4  # it was there


def test_the_best_is_copied_once_at_a_step_that_is_due_and_at_one_that_is_not(saving):
    callback, model, events = saving
    best = Store(model, events)
    for due in (False, True):
        del events[:]
        callback.request(best)
        make_step(callback, model)
        assert events == ["sync", ("save", model.step), ("copy", model.step)], due
    make_step(callback, model)
    assert len(events) == 3
