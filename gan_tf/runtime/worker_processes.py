"""The processes of a run with several workers on this machine."""

import collections
import contextlib
import ctypes
import glob
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from gan_tf.errors import UserError
from gan_tf.messages import show

_GRACE_PERIOD = 60  # seconds for the other workers to notice on their own that one is lost
_LIBC = ctypes.CDLL(None)
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
_LAST_LINES = 20  # of a failed worker


class _Worker:
    """One process; shows the first one's output directly, others' last lines if they fail."""

    def __init__(self, number, addresses, cores, gpus, scratch, training):
        self.number = number
        task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": number}}
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if number else {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gan_tf.main", *training, "--strategy=multi_worker"],
            env=os.environ | gpus | {"TF_CONFIG": json.dumps(task), "TMPDIR": scratch},
            preexec_fn=lambda: _prepare(cores),
            start_new_session=True,  # so that Ctrl-C is forwarded once
            **quiet,
        )
        self._lines = collections.deque(maxlen=_LAST_LINES)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout or ():
            self._lines.append(line.decode(errors="replace").rstrip())

    def report(self):
        """Writes the last lines of a worker whose output was not shown."""
        self._reader.join(timeout=1)
        for line in self._lines:
            show(f"[worker {self.number}] {line}", file=sys.stderr)


@contextlib.contextmanager
def workers(count, cores_each, training):
    """Starts the workers of a run, forwards signals to them, and kills any that remain on exit.

    Args:
        count: the number of workers.
        cores_each: cores per worker; None: all cores, divided among them.
        training: the flags of the run.

    Yields:
        A list of the workers, for `wait`.
    """
    addresses = _free_addresses(count)
    cores = sorted(os.sched_getaffinity(0))
    each_has = cores_each or max(1, len(cores) // count)
    scratch = tempfile.TemporaryDirectory(prefix="gan_tf-")  # cleaned up even if workers are killed
    started = []

    def forward(number, frame):
        for each in started:
            if each.process.poll() is None:
                each.process.send_signal(number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)  # the terminal is gone
    before = {each: signal.signal(each, forward) for each in numbers}
    try:
        for number in range(count):
            first = number * each_has
            mine = {cores[each % len(cores)] for each in range(first, first + each_has)}
            gpus = _gpus(number, count)
            started.append(_Worker(number, addresses, mine, gpus, scratch.name, training))
        yield started
    finally:
        for each in started:
            each.process.kill()  # no effect on those that have ended
            each.process.wait()
        scratch.cleanup()
        for number, handler in before.items():
            signal.signal(number, handler)


def wait(workers):
    """Waits until all have ended, for a limited time once one has failed; returns the exit status."""
    failed, since = None, None
    while None in [each.process.poll() for each in workers]:
        if failed is None:
            failed = next((each for each in workers if each.process.returncode), None)
            since = time.monotonic()
        elif time.monotonic() - since > _GRACE_PERIOD:
            break
        time.sleep(0.1)
    bad = [each for each in workers if each.process.returncode != 0]
    if not bad:
        return 0
    first = failed or bad[0]
    if first.number:
        first.report()
    status = first.process.returncode
    return status if status > 0 else 128 - status


def _prepare(cores):
    """In the new process: sets its cores, and makes it end when the launcher is killed."""
    os.sched_setaffinity(0, cores)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until it has found the others
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGTERM)


def _gpus(number, workers):
    """The environment that assigns a worker its part of the GPUs, if there are any."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    gpus = visible.split(",") if visible else [each[-1] for each in glob.glob("/dev/nvidia[0-9]")]
    if gpus in ([], ["-1"]):
        return {}
    if len(gpus) < workers:
        raise UserError(
            f"There are {len(gpus)} GPUs for {workers} workers: give --workers={len(gpus)}, or "
            "CUDA_VISIBLE_DEVICES=-1 to use no GPU."
        )
    return {"CUDA_VISIBLE_DEVICES": ",".join(sorted(gpus)[number::workers])}


def _free_addresses(count):
    """Unused local addresses."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
