"""What `python -m gan_tf.translate` refuses before it translates anything."""

import pytest

from gan_tf.errors import UserError
from gan_tf.translate import main
from tests.conftest import bare_run

PAIRS = dict(gan="pix2pix", dataset="glyphs", arch=None)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "either --images=FILE or FOLDER, or --dataset"),
        (["--images=.", "--dataset"], "either --images=FILE or FOLDER, or --dataset"),
        (["--images=gone"], "gone"),
        (["--dataset", "--degrade"], "the run has pairs: leave it out"),
        (["--dataset", "--blend=0.5"], "this one started from scratch"),
        (["--dataset", "--checkpoint=7"], "no checkpoint '7'"),
        (["--dataset", "--tile=8"], "from 64 to 8192"),
    ],
)
def test_what_is_refused(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = bare_run(tmp_path / "run", **PAIRS, pair_by="grayscale")
    with pytest.raises(UserError, match=words):
        main(["", f"--run_dir={run.path}", *arguments])
    assert not (run.path / "translated").exists()


def test_runs_that_translate_nothing_are_refused(tmp_path):
    run = bare_run(tmp_path / "run")
    with pytest.raises(UserError, match=r"gan_tf\.translate does not work on runs of"):
        main(["", f"--run_dir={run.path}", "--dataset"])
    with pytest.raises(UserError, match="--run_dir"):
        main(["", "--dataset"])
