"""Snapshots and their animation."""

import numpy as np
import tensorflow as tf
from PIL import Image as Picture

from gan_tf.modalities.image import Image
from gan_tf.training.callbacks.samples import Samples, snapshots, write_history


class Model:
    steps_made = 0
    weights = metrics_variables = variables = ()

    @staticmethod
    def preview(latents, training):
        assert not training
        return tf.broadcast_to(latents[:, :1, None, None], (tf.shape(latents)[0], 2, 2, 1))


def test_the_first_grid_is_made_before_the_first_step(tmp_path):
    samples = Samples(10, tmp_path, np.float32([[-1], [1], [0], [2]]), Image())
    samples.set_model(Model())
    samples.on_train_begin()
    grid = np.asarray(Picture.open(tmp_path / "step-00000000.png"))
    expected = np.zeros((6, 6), np.uint8)
    expected[:2, 4:] = 255
    expected[4:, :2] = 128  # 0 lies between 127 and 128: to the even one
    expected[4:, 4:] = 255  # beyond the range: clipped
    np.testing.assert_array_equal(grid, expected)


def test_a_run_that_goes_on_does_not_begin_again(tmp_path):
    samples = Samples(10, tmp_path, np.float32([[0]]), Image())
    samples.set_model(Model())
    samples.model.steps_made = 20
    samples.on_train_begin()
    assert not list(tmp_path.iterdir())


def test_the_animation_has_the_first_and_the_last_of_at_most_100_frames(tmp_path):
    for step in range(130):
        Picture.new("L", (2, 2), step).save(tmp_path / f"step-{step:08d}.png")
    with Picture.open(write_history(tmp_path, Image())) as animation:
        assert animation.n_frames == 100
        assert animation.convert("L").getpixel((0, 0)) == 0
        animation.seek(99)
        assert animation.convert("L").getpixel((0, 0)) == 129
        assert animation.info["duration"] == 2000


def test_files_of_other_names_are_no_snapshots(tmp_path):
    for name in ("step-00000100.png", "step-99999999999.png", "step-zzz.png", "step-1.png"):
        (tmp_path / name).write_bytes(b"damaged")
    found = [each.name for each in snapshots(tmp_path, Image())]
    assert found == ["step-00000100.png", "step-99999999999.png"]
    assert write_history(tmp_path, Image()) is None and len(list(tmp_path.iterdir())) == 4
