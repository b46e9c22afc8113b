"""The plots of what a run logged."""

import pytest
from PIL import Image

from experiments import curves
from gan_tf.errors import UserError


@pytest.fixture
def run(tmp_path):
    lines = [
        '{"step": 1, "real_logit": 1.5, "fid": 9}',
        '{"step": 2, "real_logit": 2, "fake_logit": -1}',
    ]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines))
    return tmp_path


def test_values_that_belong_together_share_a_panel(run):
    found = [
        {"step": 1, "real_logit": 1.5, "fid": 9},
        {"step": 2, "real_logit": 2, "fake_logit": -1},
    ]
    logits = {"real_logit": [(1, 1.5), (2, 2)], "fake_logit": [(2, -1)]}
    assert curves.panels_of(found) == [logits]
    assert curves.panels_of(found, [["fid"], ["kid"]]) == [{"fid": [(1, 9)]}]


def test_the_picture_has_the_panels_side_by_side(run):
    widths = []
    for panels in (["--panel=fid"], ["--panel=fid", "--panel=real_logit:fake_logit"]):
        assert curves.main(["", f"--run_dir={run}", f"--out={run / 'curves.png'}", *panels]) == 0
        widths.append(Image.open(run / "curves.png").width)
    assert widths[1] == 2 * widths[0]


@pytest.mark.parametrize(
    "words, message",
    [([], "Give a run with --run_dir"), (["--panel=kid"], "has logged none of these values")],
)
def test_what_cannot_be_plotted_is_refused(run, words, message):
    words += [f"--run_dir={run}", f"--out={run / 'x.png'}"] if words else []
    with pytest.raises(UserError, match=message):
        curves.main(["", *words])
    assert not (run / "x.png").exists()
