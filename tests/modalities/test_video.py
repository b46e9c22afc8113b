"""Video: scaling, strips and animations."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageSequence

from gan_tf.modalities.image import png
from gan_tf.modalities.video import Video, moving_grid, strip
from gan_tf.registry import MODALITIES

VIDEO = Video(8)
MADE = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 8, 1), np.uint8)


def pixels(content):
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture)


def frames(content):
    with Image.open(io.BytesIO(content)) as animation:
        each = list(ImageSequence.all_frames(animation, lambda frame: frame.convert("L")))
        durations = [frame.info["duration"] for frame in each]
    return list(zip(map(np.asarray, each), durations))


def test_networks_see_minus_one_to_one():
    stored = np.arange(256, dtype=np.uint8).reshape(1, 2, 8, 16, 1)
    seen = VIDEO.to_network(stored)
    assert seen.dtype == np.float32 and (seen.min(), seen.max()) == (-1, 1)
    np.testing.assert_array_equal(VIDEO.to_network(tf.constant(stored)), seen)
    np.testing.assert_array_equal(VIDEO.to_stored(seen), stored)


@pytest.mark.parametrize("fps", [0, 1001])
def test_impossible_rates(fps):
    with pytest.raises(ValueError, match="out of range"):
        MODALITIES.build("video", {"fps": fps})


@pytest.mark.parametrize("shape", [(8, 8, 1), (0, 8, 8, 1), (513, 8, 8, 1), (4, 8, 8, 2)])
def test_impossible_shapes(shape):
    with pytest.raises(ValueError, match=r"has the shape .*height, width, 1 or 3"):
        VIDEO.check_shape(shape)


def test_it_says_how_long_and_how_large_samples_are():
    assert VIDEO.describe((16, 32, 24, 3)) == "16 frames of 32x24x3 at 8 per second"
    assert VIDEO.specify((16, 32, 24, 1), "uint8") == (
        "16 frames, 8 per second, of 32x24, grayscale, uint8 from 0 to 255"
    )


def test_a_sheet_has_a_strip_of_frames_for_each():
    sheet = VIDEO.sheet(MADE[:3], columns=2)
    height, width = VIDEO.tile(MADE.shape[1:])
    assert (height, width) == (6, 32) and sheet.shape == (14, 66, 1)
    for frame in range(4):
        np.testing.assert_array_equal(sheet[8:, 8 * frame : 8 * frame + 8], MADE[2, frame])
    np.testing.assert_array_equal(VIDEO.sheet(MADE[:1]), strip(MADE[0]))


def test_a_snapshot_plays_all_and_shows_eight():
    many = np.concatenate([MADE, MADE])
    files = VIDEO.snapshot_files(many, columns=5)
    assert files.keys() == {".gif", ".png"}
    played = frames(files[".gif"])
    assert [duration for _, duration in played] == [120] * 4  # GIF counts in hundredths of a second
    for (shown, _), expected in zip(played, moving_grid(many, 5)):
        np.testing.assert_array_equal(shown, expected[..., 0])
    np.testing.assert_array_equal(pixels(files[".png"]), VIDEO.sheet(many[:8])[..., 0])


def test_the_history_is_an_animation_of_the_strips(tmp_path):
    for step, made in ((0, MADE), (10, 255 - MADE)):
        for suffix, content in VIDEO.snapshot_files(made).items():
            (tmp_path / f"step-{step:08d}{suffix}").write_bytes(content)
    shown = frames(VIDEO.history(sorted(tmp_path.glob("*.gif"))))
    assert len(shown) == 2
    np.testing.assert_array_equal(shown[1][0], VIDEO.sheet(255 - MADE)[..., 0])


def test_tensorboard_gets_an_animation_and_strips(tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default(step=3):
        VIDEO.summarize("samples", MADE)
    writer.close()
    (path,) = tmp_path.iterdir()
    found = {}
    for event in tf.compat.v1.train.summary_iterator(str(path)):
        for value in event.summary.value:
            found[value.tag] = tf.make_ndarray(value.tensor).tolist()
            assert value.metadata.plugin_data.plugin_name == "images"
    assert found["samples"][:2] == [b"28", b"14"]  # 3 columns of 8 pixels, 2 rows of 6
    assert frames(found["samples"][2])[3][1] == 120
    assert found["samples/frames"][2] and pixels(found["samples/frames"][2]).shape == (38, 32)


def test_flipped_videos_are_mirrored_in_every_frame():
    np.testing.assert_array_equal(VIDEO.flip(MADE)[:, 1, :, 0], MADE[:, 1, :, 7])


def test_a_window_is_the_same_in_all_frames_of_a_video():
    seen = tf.constant(VIDEO.to_network(MADE))
    corners = tf.constant([[0.0, 0.0], [0.2, 0.1], [0.0, 0.3], [0.3, 0.3], [0.1, 0.0]])
    cut = VIDEO.window(seen, corners, 0.7)
    assert cut.shape == seen.shape
    for frame in range(4):
        expected = MODALITIES.build("image").window(seen[:, frame], corners, 0.7)
        np.testing.assert_allclose(cut[:, frame], expected, atol=1e-6)


def test_grids_hold_what_is_put_into_them():
    shown = list(moving_grid(MADE.repeat(3, axis=-1), columns=2))
    assert len(shown) == 4 and shown[0].shape == (22, 18, 3)
    np.testing.assert_array_equal(shown[3][8:14, :8, 0], MADE[2, 3, :, :, 0])
    assert pixels(png(shown[0])).shape == (22, 18, 3)
