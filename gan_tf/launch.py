"""Trains with several processes on this machine: `python -m gan_tf.launch --workers=2 -- ...`."""

import collections
import contextlib
import ctypes
import dataclasses
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
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option

EXAMPLES = (
    "python -m gan_tf.launch --workers=2 -- --dataset=mnist --arch=dcgan",
    "python -m gan_tf.launch --workers=4 -- --flagfile=experiments/dcgan-celeb_a.flags",
)
_PATIENCE = 60  # seconds in which the others notice by themselves that a worker has gone
_LIBC = ctypes.CDLL(None)
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
_LAST_LINES = 20  # of a worker that failed


@dataclasses.dataclass(frozen=True)
class Options:
    """How many workers; every field is documented by its own text."""

    workers: int = option(2, "Options", "processes", low=1, high=256)
    cores: int | None = option(
        None, "Options", "cores for each of them; default: they share all there are", low=1
    )


def main(argv):
    """Starts the workers and waits for them; returns the exit status of the first that failed."""
    own, training = _split(argv)
    options, _ = flags.parse(
        Options,
        own,
        "Trains with several processes on this machine, by --strategy=multi_worker: the same as "
        "python -m gan_tf.main with the flags behind --, in parallel.",
        EXAMPLES,
    )
    check(options)
    config, _ = flags.parse(Config, ["", *training], "")
    config.resolve()  # complains, where it must, once
    if config.strategy:
        raise UserError(
            f"--strategy={config.strategy}: the workers that gan_tf.launch starts are a strategy of "
            "their own: leave it out."
        )
    with _workers(options, training) as workers:
        return _wait(workers)


def _split(argv):
    if "--" not in argv:
        if not {"--help", "-h", "-help"} & set(argv):
            raise UserError(
                "Give the flags of the training behind --, as in: python -m gan_tf.launch --workers=2 "
                "-- --dataset=mnist."
            )
        return argv, []
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


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
def _workers(options, training):
    """Starts the workers; passes signals on to them, and leaves none of them behind."""
    addresses = _free_addresses(options.workers)
    cores = sorted(os.sched_getaffinity(0))
    each_has = options.cores or max(1, len(cores) // options.workers)
    scratch = tempfile.TemporaryDirectory(prefix="gan_tf-")  # of a worker that is killed, too
    workers = []

    def forward(number, frame):
        for each in workers:
            if each.process.poll() is None:
                each.process.send_signal(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, forward) for each in numbers}
    try:
        for number in range(options.workers):
            first = number * each_has
            mine = {cores[each % len(cores)] for each in range(first, first + each_has)}
            gpus = _gpus(number, options.workers)
            workers.append(_Worker(number, addresses, mine, gpus, scratch.name, training))
        yield workers
    finally:
        for each in workers:
            each.process.kill()  # which does nothing to those that have ended
            each.process.wait()
        scratch.cleanup()
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(workers):
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


if __name__ == "__main__":
    flags.run(main)
