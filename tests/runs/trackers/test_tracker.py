"""The contract of trackers."""

import configparser

from gan_tf.registry import TRACKERS
from gan_tf.runs.trackers.tracker import Tracker
from tests.conftest import ROOT


def test_each_tracker_names_an_extra_that_installs_what_it_needs():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    for entry in TRACKERS.own_entries.values():
        wanted = setup["options.extras_require"][entry.attributes["extra"]]
        assert all(name in wanted for name in entry.attributes["needs"])


def test_a_tracker_of_values_alone_needs_two_methods(tmp_path):
    class Values(Tracker):
        def open(self, run, record, options):
            return "x"

        def log(self, rows):
            self.rows = rows

    tracker = Values()
    tracker.begin()
    tracker.attach(tmp_path / "nothing.png", "samples")  # which is not read
    tracker.end(complete=True)
    assert Values.needs == ()
