"""Errors that the user can mend: suggestions, and failed writes in words."""

import errno

import pytest

from gan_tf.errors import UserError, suggest, write_error, writing


@pytest.mark.parametrize(
    "word, hint",
    [
        ("dcgam", " (did you mean 'dcgan'?)"),
        ("DCGAN", " (did you mean 'dcgan'?)"),
        ("mpl", " (did you mean 'mlp'?)"),
        ("transformer", ""),
        ("", ""),
    ],
)
def test_suggests_the_nearest_choice_or_nothing(word, hint):
    assert suggest(word, ["mlp", "dcgan"]) == hint


def test_suggests_one_of_two_near_choices():
    assert suggest("mnits", {"kmnist": 0, "mnist": 1}) == " (did you mean 'mnist'?)"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EDQUOT, "x"),
        OSError(errno.EFBIG, "x"),
        RuntimeError("runs/a/state.data; No space left on device [Op:SaveV2]"),
        RuntimeError("runs/a/state.data; File too large"),
    ],
)
def test_a_full_disk_by_number_or_by_text(error):
    told = write_error(error, "runs/a")
    assert isinstance(told, UserError)
    assert str(told).startswith("The disk is full: 'runs/a' could not be written")


@pytest.mark.parametrize(
    "error, reason",
    [
        (PermissionError(errno.EACCES, "x"), "Permission denied"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "Not a directory"),
        (IsADirectoryError(errno.EISDIR, "x"), "Is a directory"),
        (FileExistsError(errno.EEXIST, "x"), "File exists"),
        (OSError(errno.EROFS, "x"), "Read-only file system"),
        (RuntimeError("state.data; Read-only file system"), "Read-only file system"),
    ],
)
def test_a_place_that_cannot_be_written_names_the_reason(error, reason):
    told = write_error(error, "runs/a")
    assert isinstance(told, UserError)
    assert str(told).startswith(f"'runs/a' cannot be written ({reason})")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "x"), ValueError("no space for the joke")])
def test_other_failures_stay_what_they_are(error):
    assert write_error(error, "runs/a") is None


def test_writing_turns_what_the_user_can_mend_into_a_sentence(tmp_path):
    with pytest.raises(UserError, match="The disk is full"), writing(tmp_path):
        raise OSError(errno.ENOSPC, "whatever")


@pytest.mark.parametrize("error", [KeyError("x"), OSError(errno.EBADF, "x"), UserError("mine")])
def test_writing_lets_everything_else_through(error, tmp_path):
    with pytest.raises(type(error)) as caught, writing(tmp_path):
        raise error
    assert caught.value is error
