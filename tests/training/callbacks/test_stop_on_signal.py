"""Signals that stop the training between two steps."""

import contextlib
import signal
import threading
import time
import types

import keras
import numpy as np
import pytest

from gan_tf.training.callbacks.stop_on_signal import Interrupted, StopOnSignal

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def outer():
    """Records the signals that reach the handlers around the callback's own."""
    received = []
    before = {each: signal.getsignal(each) for each in SIGNALS}
    for each in SIGNALS:
        signal.signal(each, lambda number, frame: received.append(number))
    yield received
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.fixture
def stop():
    callback = StopOnSignal()
    callback.set_model(types.SimpleNamespace(stop_training=False))
    return callback


def test_without_a_signal_the_training_goes_on(stop):
    with stop:
        stop.on_train_batch_end(0)
    assert (stop.received, stop.model.stop_training) == (None, False)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_after_the_step(stop, outer, number):
    with stop:
        signal.raise_signal(number)
        received = signal.SIGTERM if number == signal.SIGHUP else number
        assert (stop.received, stop.model.stop_training) == (received, False)
        stop.on_train_batch_end(0)
        assert stop.model.stop_training
    assert outer == []


@pytest.mark.parametrize("first", SIGNALS)
@pytest.mark.parametrize("second", SIGNALS[:2])
def test_a_second_signal_is_no_longer_held_back(stop, outer, first, second):
    with stop:
        signal.raise_signal(first)
        signal.raise_signal(second)
    assert (stop.received, outer) == (signal.SIGTERM if first == signal.SIGHUP else first, [second])


@pytest.mark.parametrize("first", SIGNALS)
def test_a_terminal_that_closes_does_not_end_it_before_it_has_saved(stop, outer, first):
    with stop:
        for each in (first, signal.SIGHUP, signal.SIGHUP):
            signal.raise_signal(each)
        stop.on_train_batch_end(0)
        assert stop.model.stop_training
    assert outer == []
    assert stop.status == (130 if first == signal.SIGINT else 143)
    signal.raise_signal(signal.SIGHUP)
    assert outer == [signal.SIGHUP]


def test_what_runs_without_a_terminal_keeps_ignoring_that(stop):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    with stop:
        signal.raise_signal(signal.SIGHUP)
        stop.on_train_batch_end(0)
    assert (stop.received, stop.model.stop_training) == (None, False)


def test_the_handlers_before_come_back_even_after_an_error(stop, outer):
    handlers = [signal.getsignal(each) for each in SIGNALS]
    with pytest.raises(ZeroDivisionError), stop:
        assert [signal.getsignal(each) for each in SIGNALS] != handlers
        raise ZeroDivisionError
    assert [signal.getsignal(each) for each in SIGNALS] == handlers
    signal.raise_signal(signal.SIGINT)
    assert (stop.received, outer) == (None, [signal.SIGINT])


def test_keras_ends_fit_after_the_step_of_the_signal():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    ended = []

    def interrupt(batch, logs):
        ended.append(batch)
        if batch == 2:
            signal.raise_signal(signal.SIGINT)

    with StopOnSignal() as stop:
        callbacks = [keras.callbacks.LambdaCallback(on_train_batch_end=interrupt), stop]
        ones = np.ones((8, 1))
        model.fit(ones, ones, batch_size=1, epochs=2, callbacks=callbacks, verbose=0)
    assert ended == [0, 1, 2]


def test_what_is_interruptible_is_left_at_once(stop, outer):
    done = []
    with stop:
        with pytest.raises(Interrupted), stop.interruptible():
            done.append("before")
            signal.raise_signal(signal.SIGTERM)
            done.append("after")
        with pytest.raises(Interrupted), stop.interruptible():  # nor begun after a signal
            done.append("again")
    assert (done, outer, stop.status) == (["before"], [], 143)


def test_an_interruption_that_is_swallowed_is_raised_again(stop):
    with (
        stop,
        pytest.raises(Interrupted),
        stop.interruptible(),
        contextlib.suppress(KeyboardInterrupt),
    ):
        signal.raise_signal(signal.SIGTERM)


def test_a_budget_ends_like_a_signal_with_status_0():
    stop = StopOnSignal(minutes=0.001)
    stop.set_model(types.SimpleNamespace(stop_training=False))
    with stop:
        with pytest.raises(Interrupted), stop.interruptible():
            time.sleep(5)
        stop.on_train_batch_end(0)
    assert stop.model.stop_training
    assert (stop.received, stop.status) == (signal.SIGALRM, 0)


def test_ctrl_c_after_the_budget_is_ctrl_c(outer):
    with StopOnSignal(minutes=0.0001) as stop:
        time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)
    assert (stop.received, stop.status, outer) == (signal.SIGINT, 130, [])


def test_a_budget_that_is_not_used_up_leaves_no_alarm():
    with StopOnSignal(minutes=10):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_in_another_thread_it_does_without_signals():
    thread = threading.Thread(target=lambda: StopOnSignal(1).__enter__())
    thread.start()
    thread.join()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
