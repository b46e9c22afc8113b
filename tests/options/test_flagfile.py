"""Files of flags: bounded, and refused when they are no files."""

import os

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.flagfile import expand


def refusal(*words):
    with pytest.raises(UserError) as error:
        expand(["", *words])
    return str(error.value)


def test_files_are_read_where_they_stand_and_may_name_others(tmp_path):
    (tmp_path / "inner").write_text("--seed=3\n")
    (tmp_path / "outer").write_text(
        f"# a comment\n\n// b\n--epochs=2\n--flagfile={tmp_path / 'inner'}\n"
    )
    words = [
        "",
        "--width=8",
        f"--flagfile={tmp_path / 'outer'}",
        "-flagfile",
        str(tmp_path / "inner"),
    ]
    assert expand([*words, "--seed=4"]) == [
        "",
        "--width=8",
        "--epochs=2",
        "--seed=3",
        "--seed=3",
        "--seed=4",
    ]
    assert expand(["", "--", "--flagfile=x"]) == ["", "--", "--flagfile=x"]
    assert expand(["", "--flagfile="]) == [""]


def test_a_preset_stands_for_its_flags(tmp_path):
    (tmp_path / "outer").write_text("--preset=demo\n")
    words = expand(["", "--preset=demo", "--seed=4"], takes_presets=True)
    assert words[:2] == ["", "--dataset=glyphs"] and words[-1] == "--seed=4"
    assert expand(["", f"--flagfile={tmp_path / 'outer'}", "--seed=4"], True) == words
    assert expand(["", "--preset=demo"]) == ["", "--preset=demo"]  # of a command without presets
    unnamed = dict.fromkeys(("--preset", "--preset=", "--preset= "), "--preset needs the name of")
    for given, reason in {"--preset=demmo": "did you mean 'demo'", **unnamed}.items():
        with pytest.raises(UserError, match=reason):
            expand(["", given], takes_presets=True)
    assert "; --preset=demo is one" in refusal("--flagfile=experiments/demo.flags")


def test_chains_and_circles_of_files_end(tmp_path):
    for number in range(100):
        (tmp_path / f"{number}").write_text(f"--flagfile={tmp_path / str(number + 1)}\n" * 2)
    (tmp_path / "circle").write_text(f"--flagfile={tmp_path / 'circle'}")
    for name in ("0", "circle"):
        assert "too many flagfiles" in refusal(f"--flagfile={tmp_path / name}")
    wide = tmp_path / "wide"
    wide.write_text(f"--flagfile={tmp_path / '95'}\n" * 30)
    (tmp_path / "96").write_text("--seed=1")
    assert "too many flagfiles" in refusal(f"--flagfile={wide}")


def test_what_is_no_file_or_too_large_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(1 << 40)
    for path, reason in (
        ("pipe", "regular file"),
        ("/dev/zero", "regular file"),
        ("sparse", "too large"),
    ):
        assert reason in refusal(f"--flagfile={tmp_path / path}")
    assert "needs the path" in refusal("--flagfile")


@pytest.mark.parametrize("word", ["--help", "--helpfull", "--helpshort", "-h", "--help=loss"])
def test_a_file_cannot_turn_a_command_into_help(tmp_path, word):
    (tmp_path / "flags.txt").write_text(f"{word}\n")
    with pytest.raises(UserError, match="There is no flag"):
        flags.parse(Config, ["", f"--flagfile={tmp_path / 'flags.txt'}"], "")
