"""The processes of a training with several workers on this machine."""

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

_PATIENCE = 60  # seconds in which the others notice by themselves that a worker has gone
_LIBC = ctypes.CDLL(None)
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
_LAST_LINES = 20  # of a worker that failed


class _Worker:
    """One process; the first one's output is shown as it comes, another's last lines if it fails."""

    def __init__(self, number, addresses, cores, gpus, scratch, training):
        self.number = number
        task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": number}}
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if number else {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gan_tf.main", *training, "--strategy=multi_worker"],
            env=os.environ | gpus | {"TF_CONFIG": json.dumps(task), "TMPDIR": scratch},
            preexec_fn=lambda: _prepare(cores),
            start_new_session=True,  # so that Ctrl-C is passed on once
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
            print(f"[worker {self.number}] {line}", file=sys.stderr)


@contextlib.contextmanager
def workers(count, cores_each, training):
    """Starts the workers of a training; passes signals on to them, and leaves none behind.

    Args:
        count: how many.
        cores_each: cores for each of them; None: they share all there are.
        training: the flags of the training.

    Yields:
        A list of the workers, for `wait`.
    """
    addresses = _free_addresses(count)
    cores = sorted(os.sched_getaffinity(0))
    each_has = cores_each or max(1, len(cores) // count)
    scratch = tempfile.TemporaryDirectory(prefix="gan_tf-")  # of a worker that is killed, too
    started = []

    def forward(number, frame):
        for each in started:
            if each.process.poll() is None:
                each.process.send_signal(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
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
            each.process.kill()  # which does nothing to those that have ended
            each.process.wait()
        scratch.cleanup()
        for number, handler in before.items():
            signal.signal(number, handler)


def wait(workers):
    """Waits until all have ended, not for ever once one has failed; returns the exit status."""
    failed, since = None, None
    while None in [each.process.poll() for each in workers]:
        if failed is None:
            failed = next((each for each in workers if each.process.returncode), None)
            since = time.monotonic()
        elif time.monotonic() - since > _PATIENCE:
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
    """In the new process: its cores; and that it ends when the launcher is killed."""
    os.sched_setaffinity(0, cores)
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGTERM)


def _gpus(number, workers):
    """The environment that leaves a worker its share of the GPUs, where there are any."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    every = given.split(",") if given else [each[-1] for each in glob.glob("/dev/nvidia[0-9]")]
    if every in ([], ["-1"]):
        return {}
    if len(every) < workers:
        raise UserError(
            f"There are {len(every)} GPUs for {workers} workers: give --workers={len(every)}, or "
            "CUDA_VISIBLE_DEVICES=-1 to do without them."
        )
    return {"CUDA_VISIBLE_DEVICES": ",".join(sorted(every)[number::workers])}


def _free_addresses(count):
    """Addresses of this machine alone, at which nobody listens."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
