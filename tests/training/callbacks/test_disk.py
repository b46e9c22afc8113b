"""Training while the disk is full."""

import functools

import pytest

from gan_tf.errors import DiskFullError
from gan_tf.gans.standard import GAN
from gan_tf.runs import checkpoint_store
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from gan_tf.training.callbacks import logs as callback_logs
from gan_tf.training.callbacks import samples as callback_samples
from gan_tf.training.callbacks.disk import Disk
from tests.training.trained import full_disk, rows


@pytest.mark.slow
@pytest.mark.parametrize(
    "owner, name",
    [(checkpoint_store, "sync"), (callback_samples, "write"), (callback_logs, "_lines")],
)
def test_a_disk_that_is_full_for_a_while_does_not_end_the_run(
    config, monkeypatch, capsys, owner, name
):
    """Steps 1 to 5 of 10 have no space for checkpoints, samples or logs; the run says so."""
    whole, initialize, made = getattr(owner, name), GAN.__init__, []

    @functools.wraps(initialize)
    def recorded(gan, *arguments, **options):
        made.append(gan)
        initialize(gan, *arguments, **options)

    def at_times(*arguments):
        if made and 0 < int(made[-1].step) <= 5:
            full_disk()
        return whole(*arguments)

    monkeypatch.setattr(GAN, "__init__", recorded)
    monkeypatch.setattr(owner, name, at_times)
    assert loop.train(config(checkpoint_every="2steps")) == 0
    told = capsys.readouterr().err
    assert "Disk full: " in told and "training continues" in told
    run = RunDir(config().run_dir)
    assert CheckpointStore(run.checkpoints).steps() == [6, 8, 10]
    if owner is not callback_samples:
        assert [row["step"] for row in rows(run)] == [2, 4, 5, 6, 8, 10]
    if owner is not callback_logs:
        assert (run.samples / "step-00000008.png").exists()


def test_a_full_disk_is_told_once_until_something_can_be_written(capsys):
    disk = Disk()

    def write(full, **arguments):
        with disk.may_be_full(**arguments):
            if full:
                raise DiskFullError("samples/x.png")
        return capsys.readouterr().err

    told = "Disk full: 'samples/x.png' could not be written; training continues and will try again."
    assert told in write(True)
    assert write(True) == ""
    assert write(False) == ""
    assert told in write(True)


def test_every_checkpoint_that_could_not_be_written_is_told(capsys):
    disk = Disk()
    for _ in range(2):
        with disk.may_be_full("the last good one is 'x'"):
            raise DiskFullError("checkpoints/2")
        assert "will try the next one; the last good one is 'x'." in capsys.readouterr().err


def test_other_errors_pass():
    with pytest.raises(OSError, match="I/O"), Disk().may_be_full():
        raise OSError("I/O")
