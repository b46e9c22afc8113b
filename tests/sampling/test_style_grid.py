"""Grids of mixed styles."""

import numpy as np
import pytest
from PIL import Image

from gan_tf import latents
from gan_tf.generate import Options, generate
from gan_tf.runs.style_space import StyleSpace, layer_ranges
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.traversals import choose


@pytest.mark.parametrize("run, layers", [("style_run", "fine"), ("labeled_style_run", "coarse")])
@pytest.mark.slow
def test_images_have_the_styles_of_row_and_column(request, run, layers):
    trained = TrainedRun(request.getfixturevalue(run))
    options = Options(mix=layers, num_images=2, mix_seeds="4,6,8", seed=3)
    (made,) = choose(options, [trained.run]).batches(Ensemble([trained]), None)
    cells = made.samples.reshape(3, 4, 28, 28, 3).astype(int)

    def drawn(seeds, indices):
        normal = latents.draw(seeds, indices, trained.latent_dim)
        return normal, trained.choose_labels(seeds, indices)

    rows, columns = drawn([3, 3], [0, 1]), drawn([4, 6, 8], [0, 0, 0])
    assert np.abs(cells[1:, 0] - trained.samples(*rows)).max() <= 1
    assert np.abs(cells[0, 1:] - trained.samples(*columns)).max() <= 1
    space = StyleSpace(trained)
    mixed = space.styles(*rows)[1:].copy()  # the second row, the third column
    chosen = slice(*layer_ranges(space.rows)[layers])
    mixed[:, chosen] = space.styles(*columns)[2:, chosen]
    label = None if rows[1] is None else rows[1][1:]
    assert np.abs(cells[2, 3] - space.samples(mixed, label)[0]).max() <= 1
    mean = np.tile(space.mean, (1, space.rows, 1))
    corner = space.samples(mean, None if rows[1] is None else rows[1][:1])
    assert np.abs(cells[0, 0] - corner[0]).max() <= 1
    np.testing.assert_array_equal(made.columns["row"], np.repeat([0, 1, 2], 4))
    np.testing.assert_array_equal(made.columns["column"], np.tile(range(4), 3))


@pytest.mark.slow
def test_a_grid_is_the_same_each_time_and_truncated(style_run, tmp_path):
    def grid(name, **changes):
        out = tmp_path / f"{name}.png"
        options = dict(run_dir=(style_run,), mix="middle", num_images=2, out=str(out))
        generate(Options(**options | changes))
        return Image.open(out)

    first, again = grid("first"), grid("again", batch_size=1)
    assert first.tobytes() == again.tobytes() and first.size == (3 * 28 + 4, 3 * 28 + 4)
    assert '"mix": "middle"' in first.info["Comment"]
    alike = np.asarray(grid("alike", psi=0.0))
    np.testing.assert_array_equal(alike[:28, :28], alike[60:, 60:])
    assert grid("other", seed=1).tobytes() != first.tobytes()
