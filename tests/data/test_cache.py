"""The cache of decoded data on disk: used again, rebuilt when damaged, whole or not there."""

import errno
import io
import json

import numpy as np
import pytest

from gan_tf.data import cache, pipeline
from gan_tf.data.disk_array import DiskArray
from gan_tf.errors import UserError
from tests.data.random_source import COUNT, Pairs, Random


@pytest.mark.parametrize("budget", [0, 1 << 20])
def test_cache_is_used_again(tmp_path, budget):
    first, second = (Random(skipped=[("odd.png", "broken")]) for _ in range(2))
    pipeline.load(first, budget, tmp_path)
    images = pipeline.load(second, budget, tmp_path)
    assert (first.calls, second.calls) == (1, 0)
    np.testing.assert_array_equal(images.samples, second.pixels)
    np.testing.assert_array_equal(images.labels, second.labels)
    assert images.skipped == (("odd.png", "broken"),)


@pytest.mark.parametrize("damage", ["image.bin", "labels.npy", "facts.json"])
@pytest.mark.parametrize("budget", [0, 1 << 20])
def test_damaged_cache_is_rebuilt(tmp_path, budget, damage):
    pipeline.load(Random(), budget, tmp_path)
    [path] = tmp_path.glob(f"*/{damage}")
    path.write_bytes(path.read_bytes()[:10])
    for calls in (1, 0):
        source = Random()
        images = pipeline.load(source, budget, tmp_path)
        assert source.calls == calls
        np.testing.assert_array_equal(images.samples, source.pixels)
        np.testing.assert_array_equal(images.labels, source.labels)


def test_cache_of_other_images_is_not_used(tmp_path):
    pipeline.load(Random(), 0, tmp_path)
    other = Random(COUNT + 1, key="other")
    np.testing.assert_array_equal(pipeline.load(other, 0, tmp_path).samples, other.pixels)


def test_cache_lies_in_the_users_cache_directory_by_default(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pipeline.load(Random(), 0)
    assert list(tmp_path.glob("gan_tf/random-*/image.bin"))


@pytest.mark.parametrize("error", [KeyboardInterrupt, UserError, RuntimeError])
def test_interrupted_cache_leaves_nothing_behind(tmp_path, error):
    def interrupted():
        yield {"image": source.pixels[:10], "label": source.labels[:10]}
        raise error

    source = Random()
    source.batches = interrupted
    with pytest.raises(error):
        pipeline.load(source, 0, tmp_path)
    assert not list(tmp_path.iterdir())
    assert len(pipeline.load(Random(), 0, tmp_path)) == COUNT


def test_two_runs_may_write_the_same_cache(tmp_path):
    def overtaken():
        pipeline.load(Random(), 0, tmp_path)
        yield {"image": source.pixels, "label": source.labels}

    source = Random()
    source.batches = overtaken
    np.testing.assert_array_equal(pipeline.load(source, 0, tmp_path).samples, source.pixels)
    assert len(list(tmp_path.iterdir())) == 1


def test_full_disk_is_a_user_error(monkeypatch, tmp_path):
    class Full(io.FileIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache, "open", lambda path, _: Full(path, "w"), raising=False)
    with pytest.raises(UserError, match="disk is full"):
        pipeline.load(Random(), 0, tmp_path)
    assert not list(tmp_path.iterdir())


def test_cache_directory_that_cannot_be_made_is_a_user_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        pipeline.load(Random(), 0, tmp_path / "file" / "cache")


def test_other_errors_of_writing_keep_their_kind(monkeypatch, tmp_path):
    def failing(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(cache, "open", failing, raising=False)
    with pytest.raises(OSError, match="Input/output"):
        pipeline.load(Random(), 0, tmp_path)


def test_data_set_without_a_readable_image_leaves_no_cache(tmp_path):
    source = Random(0, skipped=[("a", "broken")])
    with pytest.raises(UserError, match=r"no images that can be read\. 1 image .*: 'a' \(broken\)"):
        pipeline.load(source, 0, tmp_path)
    assert not list(tmp_path.iterdir())


def test_each_has_a_file_of_its_own(tmp_path):
    for calls in (1, 0):
        source = Pairs()
        data = pipeline.load(source, 0, tmp_path)
        assert isinstance(data.arrays["image"], DiskArray)
        np.testing.assert_array_equal(data.arrays["image"], source.pixels)
        assert data.arrays["target"][:][:, 1, 0, 0].tolist() == list(range(COUNT))
        assert data.samples is data.arrays["target"]
        assert source.calls == calls
    [folder] = tmp_path.iterdir()
    assert sorted(each.name for each in folder.iterdir()) == [
        "facts.json",
        "image.bin",
        "labels.npy",
        "target.bin",
    ]


def test_a_missing_array_is_rebuilt(tmp_path):
    pipeline.load(Pairs(), 0, tmp_path)
    [path] = tmp_path.glob("*/target.bin")
    path.unlink()
    source = Pairs()
    assert len(pipeline.load(source, 0, tmp_path)) == COUNT
    assert source.calls == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"count": -1},
        {"count": COUNT + 1},
        {"count": 0},
        {"count": "24"},
        {"labelled": False},
        {"skipped": [1]},
    ],
)
def test_invalid_facts_rebuild_the_cache(tmp_path, facts):
    pipeline.load(Random(), 0, tmp_path)
    [path] = tmp_path.glob("*/facts.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))
    source = Random()
    np.testing.assert_array_equal(pipeline.load(source, 0, tmp_path).samples, source.pixels)
    assert source.calls == 1


@pytest.mark.parametrize(
    "labels",
    [
        np.arange(COUNT - 1),
        np.arange(COUNT) + 1,
        np.arange(COUNT) - 1,
        np.zeros(COUNT),
        np.zeros((COUNT, 3), bool),
        np.array([print] * COUNT, object),
    ],
)
def test_invalid_labels_rebuild_the_cache(tmp_path, labels):
    pipeline.load(Random(), 0, tmp_path)
    [path] = tmp_path.glob("*/labels.npy")
    np.save(path, labels, allow_pickle=True)
    source = Random()
    np.testing.assert_array_equal(pipeline.load(source, 0, tmp_path).labels, source.labels)
    assert source.calls == 1


def test_a_folder_of_an_older_version_is_rebuilt(tmp_path):
    """Its images were in pixels.bin."""
    source = Random()
    folder = cache.folder_of(source, tmp_path)
    folder.mkdir()
    (folder / "pixels.bin").write_bytes(source.pixels.tobytes())
    np.save(folder / "labels.npy", source.labels)
    (folder / "facts.json").write_text(
        json.dumps({"count": COUNT, "labelled": True, "skipped": []})
    )
    np.testing.assert_array_equal(pipeline.load(source, 0, tmp_path).samples, source.pixels)
    assert source.calls == 1
    assert not (folder / "pixels.bin").exists()
