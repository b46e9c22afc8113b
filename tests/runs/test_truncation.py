"""Truncation in W: of samples of a run, and refused where there is no such space."""

import json

import numpy as np
import pytest

from gan_tf import evaluate
from gan_tf.errors import UserError
from gan_tf.generate import Options, generate
from gan_tf.runs import truncation
from gan_tf.runs.run_dir import RunDir
from tests.conftest import tiny, untrained


@pytest.mark.slow
def test_generated_images_come_closer_together(photos, tmp_path):
    arch = "stylegan2(width=2, max_width=4, style_dim=4)"
    config = tiny(photos, tmp_path / "run", arch=arch, image_size=28, trick=("ema(0.9)",))
    run, spreads = untrained(config), []
    for psi in (None, 1.0, 0.5, 0.0):
        options = Options(run_dir=(str(run.path),), num_images=5, psi=psi, format="npz")
        path = generate(options)
        with np.load(path) as archive:
            spreads.append(archive["images"].astype(float).std(axis=0).mean())
    assert path.name == "seed0-psi0.npz"
    assert spreads[0] == spreads[1] > spreads[2] > spreads[3] == 0
    scores = tmp_path / "scores.json"
    for psi, alike in ((None, False), (0.0, True)):  # of images that are all alike, ms_ssim is 1
        words = [] if psi is None else [f"--psi={psi}"]
        evaluate.main(
            ["", f"--run_dir={run.path}", "--metric=ms_ssim(4)", f"--json={scores}", *words]
        )
        found = json.loads(scores.read_text())
        assert (found["metrics"]["ms_ssim"]["value"] == pytest.approx(1, abs=1e-4)) == alike


def test_other_generators_are_refused(plain_run):
    truncation.check(RunDir(plain_run), None)
    with pytest.raises(
        UserError, match=r"is mlp: leave it out, give --truncation, or give .* stylegan2"
    ):
        truncation.check(RunDir(plain_run), 0.7)
    with pytest.raises(UserError, match=r"--psi=0\.7 is for generators with a space of styles"):
        generate(Options(run_dir=(plain_run,), psi=0.7))
