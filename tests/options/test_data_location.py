"""Where data lie: one class, which every command that reads data inherits from."""

import dataclasses

import pytest

from gan_tf import anomaly, augment, evaluate, generate, invert, restore
from gan_tf.options.config import Config
from gan_tf.options.data_location import DataLocation

FIELDS = {field.name: field for field in dataclasses.fields(DataLocation)}
READERS = [
    Config,
    *(each.Options for each in (anomaly, augment, evaluate, generate, invert, restore)),
]


@pytest.mark.parametrize("options", READERS, ids=lambda each: f"{each.__module__}")
def test_every_command_that_reads_data_has_the_same_options(options):
    fields = {field.name: field for field in dataclasses.fields(options)}
    assert {name: fields[name].metadata for name in FIELDS} == {
        name: field.metadata for name, field in FIELDS.items()
    }


def test_only_what_is_set_is_changed():
    assert DataLocation().location() == Config().location() == {}
    changed = {"data_dir": "here", "cache_mb": 0}
    assert invert.Options(run_dir="x", **changed).location() == changed
    dataclasses.replace(Config(), **changed)  # all of them are fields of `Config`
