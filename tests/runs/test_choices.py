"""Checkpoints and classes of a run are checked by its files alone."""

import pytest

from gan_tf.errors import UserError
from gan_tf.runs import choices
from tests.conftest import bare_run

DIGITS = tuple("0123456789")


@pytest.fixture
def run(tmp_path):
    return bare_run(tmp_path / "run", DIGITS, steps=(5, 20), best=(8,), conditional="concat")


@pytest.mark.parametrize(
    "checkpoint, folder, steps",
    [
        ("last", "checkpoints", [5, 20]),
        ("best", "best", [8]),
        ("5", "checkpoints", [5]),
        ("8", "best", [8]),
    ],
)
def test_finds_a_checkpoint(run, checkpoint, folder, steps):
    assert choices.steps_of(run, checkpoint) == (run.path / folder, steps)


def test_refuses_a_checkpoint_that_is_not_there(run, tmp_path):
    with pytest.raises(UserError, match=r"no checkpoint '7': give last, best, or .*: 5, 8, 20"):
        choices.check(run, "7")
    plain = bare_run(tmp_path / "plain", steps=())
    with pytest.raises(UserError, match="has no best checkpoint"):
        choices.check(plain, "best")
    with pytest.raises(UserError, match="has no checkpoint yet"):
        choices.check(plain)


def test_only_folders_named_by_a_step_are_checkpoints(run):
    (run.checkpoints / "00000007").write_text("a file")
    (run.checkpoints / ".broken-00000009").mkdir()
    assert choices.steps(run.checkpoints) == [5, 20]
    assert choices.steps(run.path / "missing") == []


@pytest.mark.parametrize(
    "label, names, index", [("b", ["a", "b"], 1), ("1", ["a", "b"], 1), ("1", ["7", "1", "3"], 1)]
)
def test_a_class_is_named_by_its_name_or_index(label, names, index):
    assert choices.class_index(label, names, "runs/x") == index


def test_refuses_a_class_that_is_not_there(run, tmp_path):
    choices.check(run, label="7")
    with pytest.raises(UserError, match=r"--label=10: no such class.*0, 1, 2"):
        choices.check(run, label="10")
    with pytest.raises(UserError, match="is not conditional"):
        choices.check(bare_run(tmp_path / "plain"), label="7")


def test_runs_that_are_sampled_together_are_alike(run, tmp_path):
    choices.check_together([run, bare_run(tmp_path / "b", DIGITS, conditional="projection")])
    with pytest.raises(UserError, match="do not take the same labels"):
        choices.check_together([run, bare_run(tmp_path / "c", DIGITS)])
    other = bare_run(tmp_path / "d", DIGITS, conditional="concat")
    other.data.write_text(other.data.read_text().replace("28, 28, 1", "32, 32, 3"))
    with pytest.raises(UserError, match=r"are 28x28.*, those of '.*d' 32x32"):
        choices.check_together([run, other])
