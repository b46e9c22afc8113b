"""TensorFlow Datasets' folders that are damaged."""

import json
import os
import shutil

import pytest
import tensorflow as tf

from gan_tf.data.glyphs import Glyphs, GlyphsBuilder
from gan_tf.errors import UserError
from tests import forks
from tests.conftest import ROOT

COUNT = 1000  # glyphs


@pytest.fixture(scope="module")
def few_glyphs(tmp_path_factory):
    """A tensorflow-datasets folder that has a few glyphs."""

    def split_generators(self, manager):
        return {"train": self._generate_examples(COUNT, seed=0)}

    path = tmp_path_factory.mktemp("tfds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Glyphs, "published_images", COUNT)
        patch.setattr(GlyphsBuilder, "_split_generators", split_generators)
        Glyphs(data_dir=str(path)).prepare()
    return path


@pytest.fixture
def folder(few_glyphs, tmp_path):
    """A copy of the glyphs' folder."""
    shutil.copytree(few_glyphs / "glyphs", tmp_path / "glyphs")
    return tmp_path / "glyphs" / "1.0.0"


def test_what_is_sound_is_read(folder):
    source = Glyphs(data_dir=str(folder.parent.parent))
    assert sum(len(each["image"]) for each in source.batches()) == COUNT


def read(folder):
    for _ in Glyphs(data_dir=str(folder.parent.parent)).batches():
        pass


def records(folder):
    return next(folder.glob("glyphs-train.tfrecord*"))


def rewrite(path, change):
    """Rewrites the first 600 records, changed by a function of (index, record)."""
    dataset = tf.data.TFRecordDataset(str(path)).take(600)
    whole = [each.numpy() for each in dataset]
    with tf.io.TFRecordWriter(str(path)) as writer:
        for number, record in enumerate(whole):
            writer.write(change(number, record))


def test_a_corrupt_image_within_a_record_is_told(folder):
    def corrupt(number, record):
        at = record.index(b"\x89PNG") + 30
        return record[:at] + b"rubbish" + record[at + 7 :] if number == 550 else record

    rewrite(records(folder), corrupt)
    with pytest.raises(UserError, match=r"'glyphs' in .* is damaged .*delete that folder"):
        read(folder)


def test_a_record_that_is_none_is_told(folder):
    rewrite(records(folder), lambda number, record: b"rubbish")
    with pytest.raises(UserError, match="is damaged"):
        read(folder)


def test_a_truncated_file_is_reported(folder):
    os.truncate(records(folder), 100_000)
    with pytest.raises(UserError, match="is damaged"):
        read(folder)


def test_records_that_are_missing_are_told(folder):
    """Cut between two records, the file is sound as far as it goes."""
    rewrite(records(folder), lambda number, record: record)
    with pytest.raises(UserError, match="expected to contain 1000 elements"):
        read(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"name": 3}'])
def test_broken_metadata_are_told(folder, content):
    (folder / "dataset_info.json").write_text(content)
    with pytest.raises(UserError, match="is damaged"):
        read(folder)


@pytest.mark.parametrize("value", [-1, 10**20, "x", None, [], {}])
def test_invalid_metadata_are_reported(folder, value):
    facts = json.loads((folder / "dataset_info.json").read_text())
    facts["splits"][0]["shardLengths"] = value
    (folder / "dataset_info.json").write_text(json.dumps(facts))
    with pytest.raises(UserError, match="is damaged"):
        read(folder)


FIRST_START = """
import random, sys, time
from gan_tf.data.glyphs import Glyphs, GlyphsBuilder

def split_generators(self, manager):
    time.sleep(2)
    return {"train": self._generate_examples(500, seed=0)}

GlyphsBuilder._split_generators = split_generators
if sys.argv[2] == "unlocked":
    from gan_tf.files import file_lock
    file_lock.try_lock = lambda file: None
source = Glyphs(data_dir=sys.argv[1])
sys.stdin.readline()
random.seed(0)  # as for a run with --seed=0
drawn = random.getstate()
source.prepare()
assert random.getstate() == drawn
print(source.num_examples, source.content() == Glyphs(data_dir=sys.argv[1]).content())
"""


@pytest.mark.slow
def test_of_two_first_starts_at_once_none_fails(tmp_path, monkeypatch):
    """With locks, and on a file system without; both at once, since each takes its time."""
    (tmp_path / "first_start.py").write_text(FIRST_START)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    folders = {locks: tmp_path / locks for locks in ("locked", "unlocked")}
    started = [
        forks.Fork("first_start", [folder, locks])
        for locks, folder in folders.items()
        for _ in range(2)
    ]
    for each in started:
        each.stdin.write("go\n")
        each.stdin.close()
    for each in started:
        assert each.stdout.read().splitlines()[-1:] == ["500 True"]
        assert each.wait() == 0
    for folder in folders.values():
        assert os.listdir(folder / "glyphs") == ["1.0.0"]
