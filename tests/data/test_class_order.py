"""The order of classes of a run."""

import json

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import build, pipeline
from gan_tf.data.class_order import in_order
from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.conftest import tiny


class Numbers(Source):
    """One image of each class."""

    name = "numbers"
    sample_shape = (2, 2, 1)
    num_examples = 3
    label_names = ("1", "2", "10")
    cache_key = "numbers"

    def batches(self):
        yield {"image": np.zeros((3, 2, 2, 1), np.uint8), "label": np.arange(3)}

    held_out = batches


def test_the_order_of_a_run_is_kept():
    source = in_order(Numbers(), ["1", "10", "2"])
    assert source.label_names == ("1", "10", "2")
    assert source.cache_key != Numbers().cache_key
    for batches in (source.batches, source.held_out):
        [batch] = batches()
        assert batch["label"].tolist() == [0, 2, 1]


@pytest.mark.parametrize("names", [["1", "2", "10"], ["1", "2"], ["1", "2", "3"], ["1", "1", "2"]])
def test_other_classes_leave_the_data_as_they_are(names):
    source = Numbers()
    assert in_order(source, names) is source


@pytest.mark.slow
def test_a_run_from_before_natural_order_resumes_and_reads_its_labels(tmp_path):
    random = np.random.default_rng(0)
    for name, count in (("1", 8), ("2", 9), ("10", 10)):
        for index in range(count):
            path = tmp_path / "data" / name / f"{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(path)
    config = tiny(tmp_path / "data", tmp_path / "run", epochs=1, conditional="concat")
    assert loop.train(config) == 0
    file = tmp_path / "run" / "data.json"
    facts = json.loads(file.read_text())
    assert facts["label_names"] == ["1", "2", "10"]
    assert facts["label_counts"] == [8, 9, 10]
    before = facts | {"label_names": ["1", "10", "2"], "label_counts": [8, 10, 9]}
    file.write_text(json.dumps(before))
    assert loop.train(config) == 0
    assert json.loads(file.read_text()) == before
    data = TrainedRun(config.run_dir).data()
    assert data.label_names == ("1", "10", "2")
    assert np.bincount(data.labels).tolist() == [8, 10, 9]
    fresh = pipeline.load(build.build(config))
    assert np.bincount(fresh.labels).tolist() == [8, 9, 10]
    file.write_text(json.dumps(facts | {"label_names": ["1", "2", "3"]}))
    with pytest.raises(UserError, match="the class '3' is '10' now"):
        loop.train(config)
