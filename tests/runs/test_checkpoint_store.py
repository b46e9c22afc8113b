"""Checkpoints: whole or not there, checked when read."""

import errno
import hashlib
import json
import os
import shutil

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan
from tests.runs.saved import full_state, make


def test_restores_weights_optimizers_step_and_random_state(store):
    gan, other = make(steps=3), make()
    assert store.save(gan) == store.path(3)
    assert store.restore(read_gan(other)) == 3
    assert int(other.step) == 3
    assert int(other.discriminator_optimizer.iterations) == 3
    for mine, theirs in zip(full_state(other), full_state(gan), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_keeps_the_newest(store):
    gan = make()
    for step in (1, 2, 30):
        gan.step.assign(step)
        store.save(gan)
    assert store.steps() == [2, 30]


def test_leaves_some_to_go_back_to(store):
    """Steps 0, 100, ... 2,600: two of the newest, one of each 500 steps for 1,000 steps back."""
    gan, store.reach = make(), 1000
    store._place = lambda step, fill: store.path(step).mkdir(parents=True) or store._thin()
    for step in range(0, 500, 100):
        gan.step.assign(step)
        store.save(gan)
    assert store.steps() == [0, 300, 400]
    for step in range(500, 2700, 100):
        gan.step.assign(step)
        store.save(gan)
    assert store.steps() == [1500, 2000, 2500, 2600]


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
    with pytest.raises(UserError, match=r"No checkpoint in .* is intact"):
        store.restore(read_gan(make()))


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


@pytest.mark.parametrize(
    "digests",
    ["{}", "[]", "3", '{"../../x": ""}', '{"/dev/zero": ""}', '{"state.index": 5}', "[" * 100_000],
)
def test_digests_that_were_forged_make_it_broken(store, capsys, digests):
    gan = make()
    gan.step.assign(1)
    store.save(gan)
    gan.step.assign(2)
    folder = store.save(gan)
    text = (folder / "sha256.json").read_text()
    if digests.startswith('{"'):
        digests = text.rstrip("}\n") + ", " + digests[1:]
    (folder / "sha256.json").write_text(digests)
    assert store.restore(read_gan(make())) == 1
    assert "is broken" in capsys.readouterr().err


def test_a_file_that_links_elsewhere_makes_it_broken(store, tmp_path):
    folder = store.save(make())
    (folder / "about.json").rename(tmp_path / "about.json")
    (folder / "about.json").symlink_to(tmp_path / "about.json")
    assert "is not one of its files" in store.problem(0)


def test_other_names_and_links_are_no_checkpoints(store, tmp_path):
    store.save(make())
    for name in ("2", "00000003x", "\u0663\u0663\u0663\u0663\u0663\u0663\u0663\u0663", ".00000004"):
        (store.directory / name).mkdir()
    (store.directory / "00000005").write_text("a file")
    (store.directory / "00000006").symlink_to(tmp_path, target_is_directory=True)
    assert store.steps() == [0]


def test_a_file_or_a_link_under_the_name_of_a_new_checkpoint_makes_room(store, tmp_path):
    gan = make(steps=3)
    store.directory.mkdir()
    store.path(3).write_bytes(b"")
    assert store.save(gan).is_dir() and store.steps() == [3]
    shutil.rmtree(store.path(3))
    (tmp_path / "elsewhere").mkdir()
    for target in ("nothing", "elsewhere"):
        store.path(3).symlink_to(tmp_path / target)
        assert store.save(gan).is_dir() and not store.path(3).is_symlink()
        shutil.rmtree(store.path(3))
    assert not any((tmp_path / "elsewhere").iterdir())


def test_a_copy_is_a_checkpoint(store, tmp_path):
    gan = make(steps=1)
    store.save(gan)
    best = CheckpointStore(tmp_path / "best", keep=1)
    best.copy(store, 1)
    assert best.restore(read_gan(make())) == 1
    gan.step.assign(2)
    store.save(gan)
    best.copy(store, 2)
    assert best.steps() == [2]


@pytest.mark.parametrize("name", ["private.key", "state.data-00001-of-00002", "checkpoint"])
def test_a_file_that_its_digests_do_not_name_makes_it_broken_and_is_not_copied(
    store, tmp_path, name
):
    folder = store.save(make())
    (tmp_path / "secret").write_text("secret")
    best = CheckpointStore(tmp_path / "best")
    for make_entry in (
        lambda path: path.symlink_to(tmp_path / "secret"),
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.write_text("a plain file"),
        lambda path: os.mkfifo(path),
    ):
        make_entry(folder / name)
        assert f"{name!r} is not one of its files" in store.problem(0)
        with pytest.raises(UserError, match="is not one of its files"):
            best.copy(store, 0)
        assert os.listdir(best.directory) == []
        (folder / name).unlink()
    assert store.problem(0) is None


@pytest.mark.parametrize("name", ["../secret", "/dev/zero", "extra"])
def test_a_digest_of_another_file_makes_it_broken_and_is_not_copied(store, tmp_path, name):
    folder = store.save(make())
    (tmp_path / "checkpoints" / "secret").write_text("secret")
    (folder / "extra").write_text("secret")
    digests = json.loads((folder / "sha256.json").read_text())
    digests[name] = hashlib.sha256(b"secret").hexdigest()
    (folder / "sha256.json").write_text(json.dumps(digests))
    assert "is not one of its files" in store.problem(0)
    with pytest.raises(UserError, match="is not one of its files"):
        CheckpointStore(tmp_path / "best").copy(store, 0)


def test_pipes_and_sparse_files_in_place_of_its_own_make_it_broken_at_once(store):
    folder = store.save(make())
    for name in ("about.json", "state.index", "state.data-00000-of-00001", "sha256.json"):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        os.mkfifo(folder / name)
        assert "not a regular file" in store.problem(0)
        (folder / name).unlink()
        with open(folder / name, "wb") as file:
            file.truncate(1 << 42)
        assert "too large" in store.problem(0)
        (folder / name).write_bytes(content)
    assert store.problem(0) is None


def test_hidden_files_of_the_system_are_left_alone(store, tmp_path):
    (store.save(make()) / ".DS_Store").write_text("x")
    assert store.problem(0) is None
    copy = CheckpointStore(tmp_path / "best").copy(store, 0)
    assert not (copy / ".DS_Store").exists()


def test_an_index_that_describes_more_than_there_is_reads_nothing(store):
    folder = store.save(make())
    data = folder / "state.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:100])
    digests = json.loads((folder / "sha256.json").read_text())
    digests[data.name] = hashlib.sha256(data.read_bytes()).hexdigest()
    (folder / "sha256.json").write_text(json.dumps(digests))
    with pytest.raises(UserError, match="its index describes more than it holds"):
        store.restore(read_gan(make()))


def test_what_a_training_removes_meanwhile_is_not_broken(tmp_path, capsys):
    """Each time the reader has found a checkpoint, or even checked it, the training is faster."""
    store = CheckpointStore(tmp_path / "checkpoints", keep=1)
    gan, other = make(steps=1), make()
    store.save(gan)
    reader = CheckpointStore(store.directory)
    original, read, moments = reader.problem, read_gan(other), []

    def replace():
        gan.step.assign_add(1)
        store.save(gan)

    def problem(step):
        moments.append(step)
        if step < 4:
            replace()
        return original(step)

    def slow_read(prefix, folder):
        if int(folder.name) < 7:
            replace()
        read(prefix, folder)

    reader.problem = problem
    assert reader.restore(slow_read) == 7
    assert moments == [1, 2, 3, 4, 5, 6, 7]
    assert other.steps_made == 7
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_a_chosen_checkpoint_that_has_vanished_is_no_reason_to_delete_the_run(store, capsys):
    store.save(make(steps=1))
    with pytest.raises(UserError, match="has been removed, as a training does") as error:
        store.restore(read_gan(make()), [7])
    assert "delete" not in str(error.value)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["[1]", "a*b?", "c\\d", 'it\'s "ü" 日本'])
def test_checkpoints_in_folders_with_odd_names_are_read(tmp_path, name):
    store = CheckpointStore(tmp_path / name / "checkpoints")
    gan, other = make(steps=2), make()
    store.save(gan)
    assert store.restore(read_gan(other)) == 2
    for mine, theirs in zip(full_state(other), full_state(gan), strict=True):
        np.testing.assert_array_equal(mine, theirs)
