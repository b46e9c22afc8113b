"""Workers stop at the same step."""

import types

import pytest

from gan_tf.training.callbacks import stop_together
from gan_tf.training.callbacks.stop_together import StopTogether


class _Workers:
    """Two workers; the other one wants to stop from the step on that `others` says."""

    def __init__(self, clock, others=None):
        self.clock, self.others, self.asked = clock, others, []

    def agree_to_stop(self, stop, requested):
        self.asked.append((self.clock.step, requested))
        return requested or (self.others is not None and self.clock.step >= self.others)

    def gather(self, milliseconds):
        return [milliseconds, milliseconds // 2]


@pytest.fixture
def clock(monkeypatch):
    """Steps of a quarter of a second."""
    clock = types.SimpleNamespace(step=0, seconds=0.25)
    monkeypatch.setattr(stop_together.time, "monotonic", lambda: clock.step * clock.seconds)
    return clock


def _run(clock, workers, steps, mine=None, every=()):
    """Returns the step at which training stops, or None."""
    clock.step = 0
    callback = StopTogether(workers, object(), every)
    callback.set_model(types.SimpleNamespace(stop_training=False))
    for step in range(1, steps + 1):
        clock.step = callback.model.steps_made = step
        callback.model.stop_training = step == mine
        callback.on_train_batch_end(step - 1)
        if callback.model.stop_training:
            return step
    return None


def test_workers_are_asked_about_once_a_second(clock):
    workers = _Workers(clock)
    assert _run(clock, workers, 14) is None
    assert workers.asked == [(step, False) for step in (1, 5, 9, 13)]


def test_a_worker_stops_where_it_or_another_does(clock):
    workers = _Workers(clock)
    assert _run(clock, workers, 14, mine=6) == 9
    assert workers.asked[-1] == (9, True)
    assert _run(clock, _Workers(clock, others=6), 14) == 9


def test_it_asks_where_scores_may_end_the_run(clock):
    workers = _Workers(clock)
    assert _run(clock, workers, 14, mine=6, every=(5, 6)) == 6


def test_after_slow_steps_it_asks_at_each(clock):
    clock.seconds = 3.0
    workers = _Workers(clock)
    _run(clock, workers, 4)
    assert [step for step, _ in workers.asked] == [1, 2, 3, 4]
