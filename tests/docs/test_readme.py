"""The commands under "What to type" of the README, shortened, run one after the other as they stand."""

import re

import pytest

from tests import forks
from tests.conftest import ROOT
from tests.docs import markdown
from tests.docs.test_commands import MAKEFILE

TEXT = (ROOT / "README.md").read_text()
ROWS = markdown.tables(TEXT.split("## What to type")[1])[0][2:]
SHORT = {
    "gan_tf.main": ("--steps=3", "--batch_size=8", "--width=8"),
    "gan_tf.generate": ("--num_images=2",),
    "gan_tf.translate": (),
}
REAL = ("celeb_a", "mnist")


def commands(cell):
    """The module and the arguments of the command of a cell."""
    (span,) = markdown.spans(cell)
    ((_, *words),) = markdown.commands(f"    {span}", span.split()[0])
    if len(words) == 1:  # a target of make
        preset = MAKEFILE.split(f"\n{words[0]}: ")[1].split("$(TRAIN) ")[1].split()[0]
        return "gan_tf.main", [preset]
    return words[1], words[2:]


def files(folder):
    """The files of a folder that hold something, with those of its sub-folders."""
    return {each for each in folder.rglob("*") if each.is_file() and each.stat().st_size}


def test_there_is_a_row_for_each_thing_to_make():
    assert [re.sub(r"\(.*?\)|\W", "", row[0]) for row in ROWS] == [
        *("faces", "pictureslikeyourown", "thedigitofyourchoice", "colorforoldportraits"),
        *("lettersofonefontinthestyleofothers", "apoemfromafilewithoneoneachline"),
        *("asoundnotes", "avideodigitsthatmove", "DNAwithbindingsites"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\(.*?\)|\W", "", row[0]))
def test_commands_run(row, photos, request, tmp_path):
    if any(each in row[1] for each in REAL):
        request.getfixturevalue("real_data")
    for name in ("photos", "portraits"):
        (tmp_path / name).symlink_to(photos / "a")
    (tmp_path / "poems.txt").write_text("春眠不觉晓\n处处闻啼鸟\n夜来风雨声\n花落知多少\n" * 5)
    for cell in row[1:]:
        module, arguments = commands(cell)
        if (
            "--gan=seqgan" in arguments
        ):  # one step of likelihood, and policy gradients from the third on
            arguments.append("--gan=seqgan(mle=1, discriminator_only=1)")
        before = files(tmp_path)
        done = forks.run(module, [*arguments, *SHORT[module]], folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert files(tmp_path) > before
