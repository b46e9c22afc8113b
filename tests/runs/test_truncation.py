"""Truncation in W: of samples of a run, and refused where there is no such space."""

import numpy as np
import pytest

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


def test_other_generators_are_refused(plain_run):
    truncation.check(RunDir(plain_run), None)
    with pytest.raises(
        UserError, match=r"is mlp: leave it out, give --truncation, or give .* stylegan2"
    ):
        truncation.check(RunDir(plain_run), 0.7)
    with pytest.raises(UserError, match=r"--psi=0\.7 is for generators with a space of styles"):
        generate(Options(run_dir=(plain_run,), psi=0.7))
