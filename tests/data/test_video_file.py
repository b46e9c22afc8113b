"""Video files: formats, frame rates, and what is wrong with them."""

import io
import subprocess
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import video_file
from gan_tf.data.video_file import load_video

LEVELS = [20 * each for each in range(12)]


def picture(level, size=(16, 12), mode="L"):
    return Image.new("L", size, level).convert(mode)


def encoded(kind, durations=50, levels=LEVELS, mode="L", **options):
    """An animation of frames that are gray, each with a level of its own."""
    first, *others = (picture(each, mode=mode) for each in levels)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others, duration=durations, **options)
    buffer.seek(0)
    return buffer


def levels(loaded):
    return loaded.pixels.reshape(len(loaded.pixels), -1).mean(axis=1).round().tolist()


@pytest.mark.parametrize(
    "kind, options",
    [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("PNG", {"mode": "RGBA"})],
)
def test_animations_are_read_exactly(kind, options):
    found = load_video(encoded(kind, **options), 5, 1, 8, mode="L")
    assert found.pixels.shape == (5, 8, 8, 1) and found.pixels.dtype == np.uint8
    assert levels(found) == [0, 20, 40, 60, 80]
    assert (found.fps, found.varies, found.longer) == (20, False, True)
    assert load_video(encoded(kind, **options), 5, 1, 8).pixels.shape == (5, 8, 8, 3)


def test_every_third_frame_of_a_whole_file():
    found = load_video(encoded("GIF"), 4, 3, 8, mode="L")
    assert levels(found) == [0, 60, 120, 180] and found.longer
    assert not load_video(encoded("GIF"), 12, 1, 8, mode="L").longer
    with pytest.raises(ValueError, match="too short: it has 12 frames, and 13 are needed"):
        load_video(encoded("GIF"), 5, 3, 8)


def test_frames_become_evenly_spaced():
    durations = [50, 50, 150, 50, 50, 50, 50, 50, 50, 50, 50, 2000]
    found = load_video(encoded("GIF", durations), 14, 1, 8, mode="L")
    assert levels(found) == [0, 20, 40, 40, 40, *LEVELS[3:]]
    assert (found.fps, found.varies, found.longer) == (20, True, False)  # the last is not counted
    alike = load_video(encoded("GIF", [30, 40] * 6), 12, 1, 8, mode="L")
    assert not alike.varies  # GIF counts in hundredths of a second


def test_frames_without_a_duration_are_shown_for_a_tenth_of_a_second():
    assert load_video(encoded("GIF", 0), 4, 1, 8).fps == 10


def test_transparency_becomes_white():
    frames = [Image.new("RGBA", (8, 8), (0, 0, 0, alpha)) for alpha in (0, 255, 0)]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "WEBP", save_all=True, append_images=frames[1:], duration=50, lossless=True
    )
    buffer.seek(0)
    assert levels(load_video(buffer, 3, 1, 8, mode="L")) == [255, 0, 255]


def test_the_default_image_of_a_png_is_no_frame():
    content = encoded("PNG", levels=[250, *LEVELS], default_image=True)
    assert levels(load_video(content, 3, 1, 8, mode="L")) == [0, 20, 40]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    imageio = pytest.importorskip("imageio.v2")
    pytest.importorskip("imageio_ffmpeg")

    def make(suffix, *options):
        path = tmp_path_factory.mktemp("films") / f"x.{suffix}"
        known = dict(fps=25, macro_block_size=2, output_params=[*options])
        with imageio.get_writer(path, format="FFMPEG", **known) as writer:
            for level in LEVELS:
                writer.append_data(np.full((32, 48, 3), level, np.uint8))
        return path

    return make


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_films_are_read(film, suffix):
    with open(film(suffix), "rb") as file:
        found = load_video(file, 5, 2, 8, mode="L")
    np.testing.assert_allclose(levels(found), [0, 40, 80, 120, 160], atol=4)
    assert (found.fps, found.varies, found.longer) == (25, False, True)


def test_films_of_variable_rate_become_even(film):
    path = film("mp4", "-vf", "select='lt(n,3)+gt(n,8)'", "-fps_mode", "vfr")
    with open(path, "rb") as file:
        found = load_video(file, 5, 1, 8, mode="L")
    # Six frames in twelve intervals: one is shown for as long as seven.
    assert found.varies and found.fps == pytest.approx(12.5, abs=1)
    assert levels(found)[-1] > 150


def test_damaged_films_are_a_sentence(film):
    content = film("mp4").read_bytes()
    for broken in (content[:200], content[:40] + b"\0" * 400, b"\0\0\0\x18ftypmp42" + bytes(20)):
        with pytest.raises(ValueError, match=r"damaged film|no frames|too short"):
            load_video(io.BytesIO(broken), 5, 1, 8)


@pytest.mark.slow
def test_films_that_take_too_long_are_left(tmp_path, monkeypatch):
    path = tmp_path / "long.mp4"
    source = "testsrc2=size=1920x1080:rate=30:duration=20"
    ffmpeg = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    command = [ffmpeg, "-f", "lavfi", "-i", source, "-c:v", "libx264"]
    subprocess.run([*command, "-preset", "ultrafast", path], check=True, capture_output=True)
    monkeypatch.setattr(video_file, "_LONGEST", 1)
    with open(path, "rb") as file, pytest.raises(ValueError, match="takes minutes to decode"):
        load_video(file, 600, 1, 8)


def test_films_without_the_library_are_a_sentence(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(ValueError, match=r"needs a library: pip install 'imageio\[ffmpeg\]'"):
        load_video(io.BytesIO(b"\0\0\0\x18ftypmp42" + bytes(40)), 5, 1, 8)


def test_a_list_of_other_files_is_not_a_film():
    for text in (b"#EXTM3U\n/etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"):
        with pytest.raises(ValueError, match="not a video of a kind that is read"):
            load_video(io.BytesIO(text), 5, 1, 8)


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "empty"),
        (b"a text\n" * 9, "not a video of a kind that is read"),
        (b"GIF89a\1\0", "."),
        (encoded("GIF").getvalue()[:60], "."),
        (encoded("WEBP").getvalue()[:100], "."),
        (encoded("PNG", levels=[0]).getvalue(), "a still image"),
        (b"GIF89a\xff\xff\xff\xff" + encoded("GIF").getvalue()[10:], "its frames are too large"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(content, reason):
    with pytest.raises(ValueError, match=reason):
        load_video(io.BytesIO(content), 5, 1, 8)


@pytest.mark.filterwarnings("ignore:Image size")
def test_a_frame_larger_than_the_file_says_is_not_decoded():
    content = encoded("GIF").getvalue()
    size = b"\x2c\0\0\0\0" + bytes((16, 0, 12, 0))  # of a frame
    second = content.index(size, content.index(size) + 1)
    large = content[: second + 5] + b"\xc8\x32" * 2 + content[second + 9 :]  # 13,000x13,000
    with pytest.raises(ValueError, match="its frames are too large"):
        load_video(io.BytesIO(large), 5, 1, 8)


def test_a_declared_number_of_frames_that_lies():
    content = encoded("PNG").getvalue()
    at = content.index(b"acTL") + 4

    def declared(count):
        changed = count.to_bytes(4, "big") + content[at + 4 : at + 8]
        checksum = zlib.crc32(b"acTL" + changed).to_bytes(4, "big")
        return io.BytesIO(content[:at] + changed + checksum + content[at + 12 :])

    assert levels(load_video(declared(5), 5, 1, 8, mode="L")) == LEVELS[:5]
    with pytest.raises(ValueError, match="too short: it has 5 frames"):
        load_video(declared(5), 6, 1, 8)
    with pytest.raises(ValueError, match="Truncated"):
        load_video(declared(1 << 30), 12, 1, 8)


def test_millions_of_frames_take_no_more_memory_or_time():
    content = encoded("GIF").getvalue()
    start = content.index(b"\x21\xf9")  # the first frame, without the header
    frames = content[start:-1]
    long = content[:start] + frames * 20_000 + b";"  # 240,000 frames
    tracemalloc.start()
    assert levels(load_video(io.BytesIO(long), 12, 1, 8, mode="L")) == LEVELS
    assert tracemalloc.get_traced_memory()[1] < len(long) / 4
    tracemalloc.stop()


def test_a_rate_that_varies_without_bounds_is_refused():
    durations = [60_000] * 40 + [20] * 460
    many = encoded("GIF", durations, levels=[each % 250 for each in range(500)])
    with pytest.raises(ValueError, match="its frame rate varies too much"):
        load_video(many, 60, 1, 8)


def test_words_in_a_film_are_not_taken_for_its_streams(film):
    words = ("-movflags", "use_metadata_tags", "-metadata", "Stream a= Video: b, c")
    with open(film("mp4", *words), "rb") as file, pytest.raises(ValueError, match="a damaged film"):
        load_video(file, 5, 1, 8)
