"""The startup time of commands: `python -m experiments.bench.startup`.

Each is a separate process; they alternate with a bare `import tensorflow`.
"""

import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from experiments.bench.contender import in_turns, medians, ratio
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option
from gan_tf.runs.run_dir import RunDir

_BARE = "import tensorflow"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    dataset: str = option("mnist", "Options", "data set of the run, in place already")
    run_dir: str | None = option(
        None, "Options", "run to sample from; default: one of a single step, made here", path=True
    )
    num_images: int = option(10_000, "Options", "samples", low=1)
    rounds: int = option(5, "Options", "turns of each", low=1, high=100)
    json: str | None = option(None, "Options", "file for the results", path=True)


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times commands from their start.")
    check(options)
    with tempfile.TemporaryDirectory(prefix="startup-") as folder:
        folder = pathlib.Path(folder)
        train = [
            "gan_tf.main",
            f"--dataset={options.dataset}",
            "--width=32",
            "--batch_size=64",
            f"--cache_dir={folder / 'cache'}",
        ]
        # Fills the cache too, as any earlier run has.
        _run([*train, "--steps=1", f"--run_dir={folder / 'run'}"])
        samples = [
            "gan_tf.generate",
            f"--run_dir={options.run_dir or folder / 'run'}",
            f"--num_images={options.num_images}",
            "--format=npz",
            f"--out={folder / 'samples.npz'}",
        ]
        measures = {
            _BARE: lambda: _timed(lambda: subprocess.run([sys.executable, "-c", _BARE], **_QUIET)),
            "--help": lambda: _timed(lambda: _run(["gan_tf.main", "--help"])),
            "a wrong flag": lambda: _timed(lambda: _run(["gan_tf.main", "--bath_size=3"], fails=1)),
            "to the first training step": lambda: _to_first_step(train, folder),
            f"{options.num_images:,} samples of a run": lambda: _timed(lambda: _run(samples)),
        }
        found = in_turns(options.rounds, measures)
    seconds = medians(found)
    ratios = {name: ratio(found, name, _BARE) for name in found}
    print(f"| | seconds | slowest and fastest round | by `{_BARE}` |\n|---|---|---|---|")
    for name, value in seconds.items():
        spread = f"{min(found[name]):.2f} to {max(found[name]):.2f}"
        print(f"| {name} | {value:.2f} | {spread} | {ratios[name]:.2f} |")
    if options.json:
        results = {"seconds": seconds, "by_import_tensorflow": ratios, "rounds": found}
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _run(command, fails=0):
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    if done.returncode != fails:
        raise UserError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")


def _timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _to_first_step(train, folder):
    """Seconds from the command to its first step, according to metrics.jsonl; then it is killed."""
    with tempfile.TemporaryDirectory(dir=folder) as run_dir:
        metrics = RunDir(run_dir).metrics
        command = [sys.executable, "-m", *train, "--log_every=1steps", f"--run_dir={run_dir}"]
        began = time.perf_counter()
        process = subprocess.Popen(command, **_QUIET)
        while process.poll() is None and not (metrics.exists() and metrics.stat().st_size):
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        ended = process.poll() is not None
        process.kill()
        process.wait()
        if ended:
            raise UserError(f"{' '.join(command)} has failed.")
        return seconds


if __name__ == "__main__":
    flags.run(main)
