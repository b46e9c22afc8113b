"""Videos of one's own in a folder: classes, what is left out, and what is said."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import pipeline
from gan_tf.data.video_folder import VideoFolder
from gan_tf.errors import UserError
from gan_tf.options.config import Config


def write(path, level=100, frames=6, duration=50):
    """An animation of gray frames that become brighter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *others = (Image.new("L", (20, 16), level + each) for each in range(frames))
    first.save(path, save_all=True, append_images=others, duration=duration)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "videos"
    write(root / "run" / "a.gif", 100)
    write(root / "run" / "b.gif", 150, frames=9)
    write(root / "walk" / "c.gif", 200)
    return root


def read(source):
    parts = list(source.batches())
    return np.concatenate([each["video"] for each in parts]), [
        label for each in parts for label in each.get("label", ())
    ]


def test_folders_are_classes_and_only_the_beginning_is_used(folder):
    source = VideoFolder(str(folder), image_size=8, frames=6)
    videos, labels = read(source)
    assert (videos.shape, videos.dtype, labels) == ((3, 6, 8, 8, 3), np.uint8, [0, 0, 1])
    assert videos[:, :, 4, 4, 0].tolist() == [list(range(a, a + 6)) for a in (100, 150, 200)]
    assert source.label_names == ("run", "walk") and source.traits == {"fps": 20.0}
    (note,) = source.notes
    assert note.startswith("1 files have more than 6 frames, such as 'run/b.gif', of which only")


def test_the_step_and_the_color_mode(folder):
    source = VideoFolder(str(folder), image_size=8, frames=3, frame_step=2, color_mode="grayscale")
    videos, _ = read(source)
    assert videos.shape == (3, 3, 8, 8, 1) and videos[0, :, 0, 0, 0].tolist() == [100, 102, 104]
    assert source.traits == {"fps": 10.0}
    assert source.cache_key != VideoFolder(str(folder), image_size=8, frames=3).cache_key


def test_a_rate_is_never_zero(tmp_path):
    write(tmp_path / "still.gif", duration=600_000)
    source = VideoFolder(str(tmp_path), image_size=8, frames=2, frame_step=5)
    assert source.traits == {"fps": 0.01}  # not 0.0003


def test_what_is_no_video_is_listed_with_the_reason(folder):
    (folder / "run" / "text.gif").write_text("not a picture")
    (folder / "run" / "notes.txt").write_text("not a picture")
    (folder / "run" / "empty.mp4").write_bytes(b"")
    write(folder / "walk" / "short.gif", frames=5)
    Image.new("L", (8, 8)).save(folder / "walk" / "still.png")
    source = VideoFolder(str(folder), image_size=8, frames=6)
    read(source)
    reasons = {file.rpartition("/")[2]: reason for file, reason in source.skipped}
    assert reasons == {
        "text.gif": "not a video, in spite of its name",
        "notes.txt": "not a video of a kind that is read: convert it to GIF or MP4",
        "empty.mp4": "empty",
        "short.gif": "too short: it has 5 frames, and 6 are needed",
        "still.png": "a still image: it has one frame",
    }


def test_frame_rates_that_vary_and_differ_are_said(folder):
    write(folder / "walk" / "slow.gif", duration=200)
    write(folder / "walk" / "varies.gif", duration=[50, 50, 300, 50, 50, 50])
    source = VideoFolder(str(folder), image_size=8, frames=6)
    read(source)
    _, variable, different = source.notes
    assert variable.startswith("1 files have a variable frame rate, such as 'walk/varies.gif'")
    assert different.startswith(
        "The files have from 5 to 20 frames per second, such as 'walk/slow.gif'"
    )


def test_an_archive_is_read_in_place(folder, tmp_path):
    archive = tmp_path / "videos.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.rglob("*.gif")):
            packed.write(file, file.relative_to(folder))
    known = dict(image_size=8, frames=6)
    found, _ = read(VideoFolder(str(archive), **known))
    np.testing.assert_array_equal(found, read(VideoFolder(str(folder), **known))[0])


def test_few_large_videos_are_in_memory_at_once(folder, monkeypatch):
    monkeypatch.setattr("gan_tf.data.file_images._MOST_VALUES", 2 * 6 * 8 * 8 * 3)
    source = VideoFolder(str(folder), image_size=8, frames=6)
    assert [len(each["video"]) for each in source.batches()] == [2, 1]


def test_the_examples_are_cached_with_their_rate(folder, tmp_path):
    for _ in range(2):
        source = VideoFolder(str(folder), image_size=8, frames=6)
        data = pipeline.load(source, memory_budget=0, cache_dir=str(tmp_path / "cache"))
    assert data.samples.shape == (3, 6, 8, 8, 3) and data.traits == {"fps": 20.0}
    assert data.labels.tolist() == [0, 0, 1]


def test_folders_without_videos_and_impossible_sizes_are_a_sentence(folder, tmp_path):
    with pytest.raises(UserError, match=r"Videos of 512 frames of 512x512 would be too large"):
        VideoFolder(str(folder), image_size=512, frames=512)
    empty = tmp_path / "empty"
    write(empty / "short.gif", frames=2)
    with pytest.raises(UserError, match=r"has no videos that can be read\. 1 video was left out"):
        pipeline.load(VideoFolder(str(empty)), cache_dir=str(tmp_path))
    with pytest.raises(UserError, match="'video_folder' needs --video_dir"):
        Config(dataset="video_folder").resolve()
