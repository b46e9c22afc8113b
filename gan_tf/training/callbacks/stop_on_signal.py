"""Stops training between two steps on a signal, or when its time is over."""

import contextlib
import signal
import threading

import keras


class Interrupted(KeyboardInterrupt):
    """A signal arrived during work that can be abandoned at once."""


class StopOnSignal(keras.callbacks.Callback):
    """Turns Ctrl-C (SIGINT), SIGTERM and the end of a time budget into a stop after the step.

    SIGHUP, which means that the terminal is gone, counts as SIGTERM, unless it is ignored (nohup).

    Use it as a context manager around `fit`; a second signal ends the process at once. Run long
    work without side effects, such as an evaluation, inside `interruptible`.

    Args:
        minutes: the time budget from now on, after which the run stops as after a signal; clock
            changes do not affect it. Default None: no limit.

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
        """The exit status: 128 plus the signal's number; 0 without a signal, or for the budget."""
        return 0 if self.received in (None, signal.SIGALRM) else 128 + self.received

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return self  # Python delivers signals to the main thread only
        numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGALRM] if self.minutes else [])]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
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
        """Makes a signal raise `Interrupted` at once inside, or on entry if it came before.

        Raises:
            Interrupted: see above. If it is caught, training still stops after the step.
        """
        before, self._raises = self._raises, True
        try:
            if self.received:
                raise Interrupted
            yield
            if self.received:  # if the exception was swallowed, as in a finalizer
                raise Interrupted
        finally:
            self._raises = before

    def on_train_batch_end(self, batch, logs=None):
        if self.received:
            self.model.stop_training = True

    def _handle(self, number, frame):
        if number == signal.SIGHUP:
            if self.received:
                return  # a terminal that closes can send it twice, or after another
            number = signal.SIGTERM
        self.received = number
        if number != signal.SIGALRM:
            self._restore(kept=[signal.SIGHUP])
        if self._raises:
            raise Interrupted

    def _restore(self, kept=()):
        """Restores the handlers from before, except of the signals in `kept`."""
        if signal.SIGALRM in self._before:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for each in self._before.keys() - set(kept):
            signal.signal(each, self._before.pop(each))
