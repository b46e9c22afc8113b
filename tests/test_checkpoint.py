"""Checkpoints: whole or not there, checked when read."""

import errno
import os

import numpy as np
import pytest

from gan_tf import checkpoint
from gan_tf.checkpoint import CheckpointStore, read_gan, read_generator
from gan_tf.errors import UserError
from gan_tf.gans.gan import GAN
from gan_tf.networks.mlp import MLP


def make(width=4, steps=0):
    architecture = MLP(width)
    gan = GAN(architecture.generator((8, 8, 1), 5), architecture.discriminator((8, 8, 1)))
    gan.compile()
    rng = np.random.default_rng(0)
    for _ in range(steps):
        gan.train_on_batch(rng.uniform(-1, 1, (4, 8, 8, 1)).astype(np.float32))
    return gan


def full_state(gan):
    optimizers = gan.generator_optimizer.variables + gan.discriminator_optimizer.variables
    return [np.asarray(each) for each in gan.get_weights() + optimizers + [gan.random.state]]


@pytest.fixture
def store(tmp_path):
    return CheckpointStore(tmp_path / "checkpoints", keep=2)


def test_restores_weights_optimizers_step_and_random_state(store):
    gan, other = make(steps=3), make()
    assert store.save(gan) == store.path(3)
    assert store.restore(read_gan(other)) == 3
    assert int(other.step) == 3
    assert int(other.discriminator_optimizer.iterations) == 3
    for mine, theirs in zip(full_state(other), full_state(gan), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_every_state_variable_is_in_the_checkpoint():
    gan = make(steps=1)
    assert [each.path for each in checkpoint.state(gan).seeds] == [gan.random.state.path]


def test_a_generator_alone_can_be_read(store):
    gan = make(steps=2)
    store.save(gan)
    generator = make().generator
    store.restore(read_generator(generator))
    for mine, theirs in zip(generator.get_weights(), gan.generator.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_keeps_the_newest(store):
    gan = make()
    for step in (1, 2, 30):
        gan.step.assign(step)
        store.save(gan)
    assert store.steps() == [2, 30]


def test_nothing_to_restore(store):
    assert store.restore(read_gan(make())) is None


@pytest.mark.parametrize("damage", ["truncate", "flip", "remove", "no digests"])
def test_a_broken_checkpoint_is_named_and_the_one_before_is_used(store, capsys, damage):
    gan = make(steps=1)
    store.save(gan)
    gan.step.assign(2)
    newest = store.save(gan)
    data = newest / "state.data-00000-of-00001"
    content = data.read_bytes()
    if damage == "truncate":
        data.write_bytes(content[:-100])
    elif damage == "flip":
        data.write_bytes(content[:500] + bytes([content[500] ^ 1]) + content[501:])
    elif damage == "remove":
        data.unlink()
    else:
        (newest / "sha256.json").unlink()
    assert store.restore(read_gan(make())) == 1
    assert str(newest) in capsys.readouterr().err


def test_broken_checkpoints_that_are_newer_make_room(store):
    gan = make(steps=1)
    store.save(gan)
    gan.step.assign(2)
    (store.save(gan) / "state.index").write_bytes(b"")
    store.set_aside_after(store.restore(read_gan(gan)))
    assert store.steps() == [1]
    assert (store.directory / ".broken-00000002").is_dir()  # nothing is lost


def test_only_broken_checkpoints_are_an_error(store):
    folder = store.save(make(steps=1))
    (folder / "state.index").write_bytes(b"")
    with pytest.raises(UserError, match=r"No checkpoint in .* is whole"):
        store.restore(read_gan(make()))


def test_other_networks_are_refused(store):
    store.save(make(steps=1))
    for read in (read_gan(make(width=8)), read_generator(make(width=8).generator)):
        with pytest.raises(UserError, match="does not fit the networks"):
            store.restore(read)


def test_a_failed_write_leaves_the_checkpoints_before_it(store, monkeypatch):
    gan = make(steps=1)
    store.save(gan)
    gan.step.assign(2)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="The disk is full"):
        store.save(gan)
    assert [each.name for each in store.directory.iterdir()] == ["00000001"]


def test_leftovers_of_a_kill_do_not_count(store):
    gan = make(steps=1)
    (store.directory / ".writing").mkdir(parents=True)
    (store.directory / ".writing" / "state.index").write_bytes(b"half")
    assert store.restore(read_gan(gan)) is None
    store.save(gan)
    assert [each.name for each in store.directory.iterdir()] == ["00000001"]
