"""Images at the edge: uint8, grids, PNG and GIF."""

import io
import os
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from gan_tf.modalities import image as images


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    "value, expected",
    [
        (-1.0, 0),
        (1.0, 255),
        (0.5, 191),  # 191.25
        (-0.5, 64),  # 63.75
        (0.01, 129),  # 128.775
        (-0.99, 1),  # 1.275
        (-1.5, 0),
        (1.01, 255),
        (float("inf"), 255),
    ],
)
def test_floats_become_bytes(value, expected):
    made = images.Image().to_stored(np.full((2, 1, 3), value))
    assert (made.dtype, made.shape) == (np.uint8, (2, 1, 3))
    assert (made == expected).all()


def test_every_byte_survives_the_way_to_floats_and_back():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(images.Image().to_stored(levels / np.float32(127.5) - 1), levels)


def test_a_grid_row_by_row_with_black_gaps():
    pictures = np.array([1, 2, 3], np.uint8).reshape(3, 1, 1, 1) * np.ones((3, 1, 2, 1), np.uint8)
    sheet = images.grid(pictures, columns=2, gap=1)
    assert sheet.shape == (3, 5, 1)
    assert sheet[..., 0].tolist() == [[1, 1, 0, 2, 2], [0, 0, 0, 0, 0], [3, 3, 0, 0, 0]]


def test_a_grid_keeps_pixels_and_colors_in_place():
    pictures = np.arange(1, 25, dtype=np.uint8).reshape(2, 2, 2, 3)
    sheet = images.grid(pictures, columns=1, gap=0)
    assert sheet.tolist() == pictures.reshape(4, 2, 3).tolist()


@pytest.mark.parametrize(
    "count, shape", [(1, (4, 6)), (2, (4, 14)), (5, (10, 22)), (7, (16, 22)), (64, (46, 62))]
)
def test_a_grid_is_about_as_wide_as_high(count, shape):
    assert images.grid(np.zeros((count, 4, 6, 3), np.uint8)).shape == (*shape, 3)


@pytest.mark.parametrize("channels, mode", [(1, "L"), (3, "RGB")])
def test_png_is_lossless(channels, mode):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    picture = opened(images.png(pixels))
    assert (picture.format, picture.mode, picture.size) == ("PNG", mode, (7, 5))
    np.testing.assert_array_equal(np.asarray(picture).reshape(pixels.shape), pixels)


@pytest.mark.parametrize(
    "size, shown",
    [((48, 64), (16, 21)), ((64, 16), (64, 16)), ((9, 400), (9, 400)), ((100, 17), (94, 16))],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_an_image_is_shrunk_to_its_shorter_side(size, shown, channels):
    pixels = np.full((*size, channels), 7, np.uint8)
    made = images.shrunk(pixels, 16)
    assert made.shape == (*shown, channels) and (made == 7).all()


def test_shrinking_averages():
    stripes = np.zeros((64, 64, 1), np.uint8)
    stripes[:, ::2] = 200
    np.testing.assert_allclose(images.shrunk(stripes, 16)[:, 1:-1], 100, atol=2)


def test_a_gray_gif_is_exact_endless_and_holds_its_last_frame():
    frames = np.random.default_rng(0).integers(0, 256, (25, 8, 8, 1), np.uint8)
    animation = opened(images.gif(frames, seconds=2.5))
    assert (animation.format, animation.n_frames, animation.info["loop"]) == ("GIF", 25, 0)
    for index, frame in enumerate(frames):
        animation.seek(index)
        assert animation.info["duration"] == (100 if index < 24 else 2000)
        np.testing.assert_array_equal(np.asarray(animation.convert("L")), frame[..., 0])


def test_a_color_gif_keeps_few_colors():
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    frames = [np.broadcast_to(color, (6, 4, 3)) for color in colors]
    animation = opened(images.gif(frames))
    assert animation.n_frames == 3
    for index, color in enumerate(colors):
        animation.seek(index)
        pixels = np.asarray(animation.convert("RGB"), int)
        assert np.abs(pixels - color).max() <= 2


@pytest.mark.parametrize("seconds, each", [(0.01, 40), (1000, 500)])
def test_gif_frames_are_neither_too_short_nor_too_long(seconds, each):
    frames = np.stack([np.full((2, 2, 1), level, np.uint8) for level in (0, 100, 200)])
    assert opened(images.gif(frames, seconds)).info["duration"] == each


def test_a_history_follows_no_link_and_decodes_no_picture_of_another_size(tmp_path):
    (tmp_path / "private.png").write_bytes(images.png(np.full((4, 4, 1), 99, np.uint8)))
    paths = [tmp_path / f"step-{step:08d}.png" for step in range(5)]
    paths[0].symlink_to(tmp_path / "private.png")
    os.mkfifo(paths[1])
    Image.new("L", (6_000, 6_000)).save(paths[2])  # 36 MB, of 35 KB
    for path, value in ((paths[3], 50), (paths[4], 200)):
        path.write_bytes(images.png(np.full((4, 4, 1), value, np.uint8)))
    tracemalloc.start()
    try:
        animation = opened(images.Image().history(paths))
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()
    assert animation.n_frames == 2
    assert np.unique(np.asarray(animation.convert("L"))).tolist() == [50]


def test_a_history_of_large_pictures_leaves_some_out_but_not_the_last(tmp_path, monkeypatch):
    paths = [tmp_path / f"step-{step:08d}.png" for step in range(10)]
    for step, path in enumerate(paths):
        path.write_bytes(images.png(np.full((4, 4, 1), 20 * step, np.uint8)))
    monkeypatch.setattr(images, "_MOST_VALUES", 4 * 16)
    animation = opened(images.Image().history(paths))
    shown = []
    for frame in range(animation.n_frames):
        animation.seek(frame)
        shown.append(int(np.asarray(animation.convert("L"))[0, 0]))
    assert shown == [0, 60, 120, 180]


def test_pictures_of_other_modes_and_damaged_ones_are_left_out_of_a_history(tmp_path):
    paths = [tmp_path / f"step-{step:08d}.png" for step in range(4)]
    Image.new("LA", (4, 4)).save(paths[0])
    Image.new("RGBA", (4, 4)).save(paths[1])
    Image.new("I;16", (4, 4)).save(paths[2])
    paths[3].write_bytes(b"damaged")
    assert images.Image().history(paths) is None
