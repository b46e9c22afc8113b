"""W of a trained run."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.runs import style_space
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.style_space import StyleSpace, layer_ranges
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runs.truncation import truncate


@pytest.mark.parametrize(
    "rows, first, second",
    [(6, 2, 4), (8, 2, 4), (10, 2, 4), (12, 2, 6), (14, 4, 6), (16, 4, 8), (18, 4, 8)],
)
def test_layers_are_divided_as_published_for_1024_pixels(rows, first, second):
    ranges = layer_ranges(rows)
    assert ranges == {"coarse": (0, first), "middle": (first, second), "fine": (second, rows)}


@pytest.mark.parametrize("name", ["style_run", "labeled_style_run"])
@pytest.mark.slow
def test_both_halves_make_the_samples_of_the_run(request, name):
    trained = TrainedRun(request.getfixturevalue(name))
    space = StyleSpace(trained)
    assert (space.rows, space.dim, space.mean.shape) == (6, 4, (4,))
    drawn = latents.draw(0, range(5), trained.latent_dim)
    labels = np.arange(5) % 2 if trained.conditional else None
    rows = space.styles(drawn, labels, batch_size=4)
    assert rows.shape == (5, 6, 4) and rows.dtype == np.float32
    made = space.samples(rows, labels, batch_size=2)
    expected = trained.samples(drawn, labels)
    assert made.dtype == np.uint8 and np.abs(made.astype(int) - expected).max() <= 1
    truncate(trained, 0.0)
    np.testing.assert_allclose(StyleSpace(trained).styles(drawn, labels), 0)  # the mean, untrained


def test_w_is_drawn_in_parts(labeled_style_run, monkeypatch):
    space = StyleSpace(TrainedRun(labeled_style_run))
    labels = np.arange(7) % 2
    expected = space.styles(latents.draw(3, range(7), 5), labels)[:, 0]
    monkeypatch.setattr(style_space, "_AT_ONCE", 3)
    np.testing.assert_array_equal(space.drawn(7, seed=3, labels=labels), expected)


def test_other_generators_are_refused(plain_run, style_run):
    with pytest.raises(UserError, match="give a run of stylegan2"):
        style_space.check(RunDir(plain_run), "--mix=coarse")
    style_space.check(RunDir(style_run), "--mix=coarse")
    with pytest.raises(UserError, match="choose --arch=stylegan2"):
        StyleSpace(TrainedRun(plain_run))
