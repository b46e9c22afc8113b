"""Stops the training between two steps when the process is asked to end, or its time is over."""

import contextlib
import signal
import threading

import keras


class Interrupted(KeyboardInterrupt):
    """A signal came while something was done that can be left at once."""


class StopOnSignal(keras.callbacks.Callback):
    """Turns Ctrl-C (SIGINT) and SIGTERM, and the end of a budget, into a stop after the step.

    Use it as a context manager around `fit`; a second signal ends the process at once. What
    takes long and changes nothing, such as an evaluation, goes into `interruptible`.

    Args:
        minutes: a budget of time from now on, after which the run stops as after a signal; it
            does not depend on the clock's setting. Default None: none.

    Attributes:
        received: the signal's number, `signal.SIGALRM` for the budget, or None.
    """

    def __init__(self, minutes=None):
        super().__init__()
        self.minutes = minutes
        self.received = None
        self._before = {}
        self._raises = False

    @property
    def status(self):
        """The exit status: 128 and the signal's number; 0 without one, or for the budget."""
        return 0 if self.received in (None, signal.SIGALRM) else 128 + self.received

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return self  # Python gives signals to the main thread only
        numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGALRM] if self.minutes else [])]
        self._before = {each: signal.getsignal(each) for each in numbers}
        for each in self._before:
            signal.signal(each, self._handle)
        if self.minutes:
            signal.setitimer(signal.ITIMER_REAL, 60 * self.minutes)
        return self

    def __exit__(self, *exception):
        self._restore()

    @contextlib.contextmanager
    def interruptible(self):
        """Inside, a signal raises `Interrupted` at once; so does entering after one.

        Raises:
            Interrupted: see above. Where it is caught, the training still stops after the step.
        """
        before, self._raises = self._raises, True
        try:
            if self.received:
                raise Interrupted
            yield
            if self.received:  # where the exception was swallowed, as in a finalizer
                raise Interrupted
        finally:
            self._raises = before

    def on_train_batch_end(self, batch, logs=None):
        if self.received:
            self.model.stop_training = True

    def _handle(self, number, frame):
        self.received = number
        if number != signal.SIGALRM:
            self._restore()
        if self._raises:
            raise Interrupted

    def _restore(self):
        if signal.SIGALRM in self._before:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._before = {}
