"""The options of what a run writes."""

import dataclasses

import pytest

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.interval import interval
from gan_tf.options.output import OutputOptions
from tests.options.refused import refusal


def test_where_and_how_often_a_run_writes_may_change():
    assert all(each.metadata["free"] for each in dataclasses.fields(OutputOptions))


def test_values_are_logged_every_50_steps_by_default():
    assert interval(Config().log_every, 469, "log_every") == 50


@pytest.mark.parametrize(
    "changes, words",
    [
        (dict(keep=0), "--keep=0 is out of range: it must be 1 or more"),
        (dict(max_minutes=0), "--max_minutes=0 is out of range"),
        (dict(checkpoint_every="never"), "--checkpoint_every=never"),
        (dict(sample_every="0epochs"), "--sample_every=0epochs"),
    ],
)
def test_what_cannot_be_is_refused(changes, words):
    assert words in refusal(**changes)


def test_the_run_directory_is_a_path_to_write():
    config, _ = flags.parse(Config, ["", "--run_dir=a b/c"], "")
    metadata = OutputOptions.__dataclass_fields__["run_dir"].metadata
    assert (config.run_dir, metadata["writes"]) == ("a b/c", "directory")
