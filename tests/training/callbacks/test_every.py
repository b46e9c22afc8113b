"""Callbacks that act every so many steps."""

import types

import pytest

from gan_tf.training.callbacks.every import Every


class Recorder(Every):
    def __init__(self, steps, begin=0, dense=None):
        super().__init__(steps, dense)
        self.acted = []
        self.set_model(types.SimpleNamespace(steps_made=begin))

    def act(self, step, logs):
        self.acted.append((step, logs))

    def epoch(self, batches):
        """One epoch, of which Keras reports the batches with these indices."""
        self.on_epoch_begin(0)
        for batch in batches:
            self.on_train_batch_end(batch, {"loss": batch})
        self.model.steps_made += batches[-1] + 1

    @property
    def steps_acted(self):
        return [step for step, _ in self.acted]


@pytest.mark.parametrize(
    "steps, expected", [(1, [1, 2, 3, 4, 5, 6, 7]), (3, [3, 6]), (7, [7]), (8, [])]
)
def test_acts_at_multiples_of_the_interval(steps, expected):
    recorder = Recorder(steps)
    recorder.epoch(range(7))
    assert recorder.steps_acted == expected


def test_passes_the_logs_of_the_step():
    recorder = Recorder(2)
    recorder.epoch(range(4))
    assert recorder.acted == [(2, {"loss": 1}), (4, {"loss": 3})]


def test_counts_on_over_epochs():
    recorder = Recorder(5)
    for _ in range(4):
        recorder.epoch(range(3))
    assert recorder.steps_acted == [5, 10]


def test_counts_on_from_the_model_s_step_after_a_restart():
    recorder = Recorder(5, begin=13)
    recorder.epoch(range(8))
    assert recorder.steps_acted == [15, 20]


def test_does_not_act_again_at_the_step_of_the_restart():
    recorder = Recorder(5, begin=10)
    recorder.epoch(range(4))
    assert recorder.steps_acted == []


def test_with_several_steps_per_execution_it_is_late_but_acts_once():
    recorder = Recorder(5)
    recorder.epoch([3, 7, 11, 23])
    assert recorder.steps_acted == [8, 12, 24]


def test_the_interval_doubles_when_there_have_been_many():
    recorder = Recorder(5, dense=4)
    for _ in range(5):
        recorder.epoch(range(20))
    assert recorder.steps_acted == [5, 10, 15, 20, 30, 40, 60, 80]


@pytest.mark.parametrize("stop", [10, 20, 30, 35, 40, 60, 99])
def test_a_restart_does_not_change_when_a_growing_interval_ends(stop):
    whole, first, second = (Recorder(5, begin, dense=4) for begin in (0, 0, stop))
    whole.epoch(range(100))
    first.epoch(range(stop))
    second.epoch(range(100 - stop))
    assert first.steps_acted + second.steps_acted == whole.steps_acted
