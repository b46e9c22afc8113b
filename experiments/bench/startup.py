"""The startup time of commands: `python -m experiments.bench.startup`.

Each is a separate process; they alternate with a bare `import tensorflow`. Besides the seconds that a
user waits, those of all cores are counted, whose ratios depend less on what else the machine does.
"""

import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from experiments.bench import machine
from experiments.bench.contender import in_turns, matrix_peak, medians, ratio
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same
from gan_tf.runs.run_dir import RunDir

_BARE = "import tensorflow"
_SMALL = ("--width=32", "--batch_size=64")


class Seconds(NamedTuple):
    """How long a command took.

    Attributes:
        waited: from its start, in seconds.
        cpu: of all cores, in user mode and in the kernel.
    """

    waited: float
    cpu: float


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    dataset: str = option("mnist", "Options", "data set of the run, in place already")
    run_dir: str | None = option(
        None, "Options", "run to sample from; default: one of a single step, made here", path=True
    )
    num_images: int = option(64, "Options", "samples", low=1)
    rounds: int = option(5, "Options", "turns of each", low=1, high=100)
    json: str | None = option(None, "Options", "file for the results", path=True)
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times commands from their start.")
    check(options)
    with tempfile.TemporaryDirectory(prefix="startup-") as folder:
        found, shares = measure(options, pathlib.Path(folder))
    remark = machine.remark(shares, options.even_if_busy)
    peak = matrix_peak()
    print(machine.caption(peak, remark) + "\n")
    print(table(found))
    if options.json:
        results = {kind: values(found, kind) for kind in Seconds._fields}
        results |= {"matrix_peak_flops": peak, "remark": remark}
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def measure(options, folder):
    """Times the commands.

    Args:
        options: the `Options`.
        folder: for their files.

    Returns:
        {name: [`Seconds`, per round]}, and {name: the share of the machine that others took meanwhile}.
    """
    train = ["gan_tf.main", f"--dataset={options.dataset}", f"--cache_dir={folder / 'cache'}"]
    small = [*train, *_SMALL]
    # Fills the cache too, as any earlier run has.
    _end([*_python("-m", *small), "--steps=1", f"--run_dir={folder / 'run'}"])
    samples = [
        "gan_tf.generate",
        f"--run_dir={options.run_dir or folder / 'run'}",
        f"--num_images={options.num_images}",
        f"--out={folder / 'samples.png'}",
    ]
    measures = {
        _BARE: lambda: _end(_python("-c", _BARE)),
        "--help": lambda: _end(_python("-m", "gan_tf.main", "--help")),
        "a wrong flag": lambda: _end(_python("-m", "gan_tf.main", "--bath_size=3"), fails=1),
        f"to the first step, {' '.join(_SMALL)}": lambda: _to_first_step(small, folder),
        "to the first step, defaults": lambda: _to_first_step(train, folder),
        f"{options.num_images:,} samples of a run": lambda: _end(_python("-m", *samples)),
    }
    watches = {name: machine.Watch() for name in measures}
    found = in_turns(
        options.rounds,
        {name: lambda name=name: watches[name].call(measures[name]) for name in measures},
        lambda seconds: f"{seconds.waited:.2f} s, {seconds.cpu:.2f} CPU-seconds",
    )
    return found, {name: each.share for name, each in watches.items()}


def values(found, kind):
    """Returns medians, ratios to the bare import, and rounds of one of the `Seconds`, for JSON."""
    rounds = {name: [getattr(each, kind) for each in times] for name, times in found.items()}
    by_bare = {name: ratio(rounds, name, _BARE) for name in rounds}
    return {"seconds": medians(rounds), "by_import_tensorflow": by_bare, "rounds": rounds}


def table(found):
    """Returns {name: [`Seconds`, per round]} as a Markdown table."""
    waited, cpu = (values(found, kind) for kind in Seconds._fields)
    lines = [
        f"| | seconds | slowest and fastest round | by `{_BARE}` | CPU-seconds | by `{_BARE}` |",
        "|---|---|---|---|---|---|",
    ]
    for name, rounds in waited["rounds"].items():
        cells = (
            f"{waited['seconds'][name]:.2f}",
            f"{min(rounds):.2f} to {max(rounds):.2f}",
            f"{waited['by_import_tensorflow'][name]:.2f}",
            f"{cpu['seconds'][name]:.2f}",
            f"{cpu['by_import_tensorflow'][name]:.2f}",
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _python(*arguments):
    return [sys.executable, *arguments]


def _timed(call):
    began, before = time.perf_counter(), machine.cpu_seconds_of_children()
    call()
    return Seconds(time.perf_counter() - began, machine.cpu_seconds_of_children() - before)


def _end(command, fails=0):
    """Runs a command to its end; returns its `Seconds`."""

    def call():
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != fails:
            given = " ".join(command)
            raise UserError(f"{given} ended with {done.returncode}: {done.stderr.strip()}")

    return _timed(call)


def _to_first_step(train, folder):
    """The `Seconds` to a run's first step, according to metrics.jsonl; then it is killed."""
    with tempfile.TemporaryDirectory(dir=folder) as run_dir:
        metrics = RunDir(run_dir).metrics
        command = [*_python("-m", *train), "--log_every=1steps", f"--run_dir={run_dir}"]

        def call():
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            process = subprocess.Popen(command, **quiet)
            while process.poll() is None and not (metrics.exists() and metrics.stat().st_size):
                time.sleep(0.01)
            ended = process.poll() is not None
            process.kill()
            process.wait()
            if ended:
                raise UserError(f"{' '.join(command)} has failed.")

        return _timed(call)


if __name__ == "__main__":
    flags.run(main)
