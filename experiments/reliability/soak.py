"""Trains for a long time and monitors what grows: `python -m experiments.reliability.soak`.

A training with samples, scores and checkpoints runs in a separate process; its memory, open files,
threads, steps and TensorBoard events are sampled periodically from outside. A leak shows as a
difference between the last and the first quarter of the time. One line per sample is appended to
a file.
"""

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.runs import metrics_log
from gan_tf.runs.run_dir import RunDir

EXAMPLES = ("python -m experiments.reliability.soak --minutes=60 --json=soak.jsonl",)
_TRAINING = (
    "--dataset=glyphs --arch=dcgan --width=8 --batch_size=64 --steps=100000000 --keep=3 "
    "--trick=ema(0.999) --penalty=r1(1.0,every=16) --log_every=20steps --sample_every=200steps "
    "--checkpoint_every=100steps --evaluate_every=400steps --metric=fid(1000) --features=pixels"
)
# What each may be at the end, as a multiple of what it was; handles and threads: so many more.
# Of a step's times that of the processors is judged: the clock's depends on what else they do.
_FACTORS = {"rss_mb": 1.1, "step_cpu_ms": 1.15}
_MORE = {"handles": 2, "threads": 2}


@dataclasses.dataclass(frozen=True)
class Options:
    """How long; every field is documented by its own text."""

    minutes: int = option(60, "Options", "of training", low=1)
    every: int = option(10, "Options", "seconds between two looks", low=1)
    data_dir: str | None = same(Config, "data_dir", "Options")
    run_dir: str = option("runs/soak", "Output", "of the training; made anew", path=True)
    json: str = option("soak.jsonl", "Output", "lines are written to this file", path=True)


def main(argv):
    """Trains and monitors; returns 0 if nothing has grown."""
    options, _ = flags.parse(Options, argv, "Trains for long and watches what grows.", EXAMPLES)
    check(options)
    run = RunDir(options.run_dir)
    if run.path.exists() and not run.flags.exists():
        raise UserError(f"'{run.path}' is no run: choose another --run_dir.")
    shutil.rmtree(run.path, ignore_errors=True)
    command = [sys.executable, "-m", "gan_tf.main", *_TRAINING.split()]
    command += [f"--run_dir={run.path}"] + [f"--data_dir={options.data_dir}"] * bool(
        options.data_dir
    )
    with open(options.json, "w") as file:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            rows = list(_watch(process, run, options, file))
        finally:
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            status = process.wait(timeout=120)
            stopping = time.monotonic() - began
    print(f"Ended {stopping:.1f} s after SIGTERM, with status {status}.")
    grown = report(rows)
    print("Verdict: " + (f"grown: {', '.join(grown)}." if grown else "nothing grows."))
    return 1 if grown or status != 128 + signal.SIGTERM else 0


def _watch(process, run, options, file):
    """Yields the resource usage of the training, from its first logged step on."""
    while not metrics_log.rows(run.metrics):
        if process.poll() is not None:
            raise UserError("The training has ended: try its command by hand.")
        time.sleep(0.5)
    began = last = time.monotonic()
    step = metrics_log.rows(run.metrics)[-1]["step"]
    used = _cpu_seconds(process.pid)
    while last - began < 60 * options.minutes:
        time.sleep(options.every)
        if process.poll() is not None:
            raise UserError(f"The training has ended with status {process.returncode}.")
        now, reached = time.monotonic(), metrics_log.rows(run.metrics)[-1]["step"]
        home, cpu = pathlib.Path(f"/proc/{process.pid}"), _cpu_seconds(process.pid)
        status = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
        row = {
            "seconds": round(now - began, 1),
            "step": reached,
            "step_ms": round(1000 * (now - last) / max(1, reached - step), 2),
            "step_cpu_ms": round(1000 * (cpu - used) / max(1, reached - step), 2),
            "rss_mb": int(status["VmRSS"].split()[0]) / 1024,
            "handles": len(os.listdir(home / "fd")),
            "threads": int(status["Threads"]),
            "events_mb": sum(each.stat().st_size for each in run.events()) / 2**20,
            "run_dir_mb": sum(e.stat().st_size for e in run.path.rglob("*") if e.is_file()) / 2**20,
        }
        file.write(json.dumps(row) + "\n")
        file.flush()
        last, step, used = now, reached, cpu
        yield row


def _cpu_seconds(pid):
    """The CPU time that a process has used so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(rows):
    """Prints the first and the last quarter of the rows; returns the names of what has grown.

    The first tenth is warm-up, and is excluded.
    """
    rows = rows[len(rows) // 10 :]
    quarter = max(1, len(rows) // 4)
    grown = []
    print(f"{'median of':>12} {'first quarter':>14} {'last quarter':>13}")
    for name in (
        "rss_mb",
        "handles",
        "threads",
        "step_ms",
        "step_cpu_ms",
        "events_mb",
        "run_dir_mb",
    ):
        first, last = (
            statistics.median(row[name] for row in part)
            for part in (rows[:quarter], rows[-quarter:])
        )
        print(f"{name:>12} {first:>14.1f} {last:>13.1f}")
        limit = first * _FACTORS.get(name, float("inf"))
        if name in _MORE:
            limit = first + _MORE[name]
        if last > limit:
            grown.append(name)
    steps = max(1, rows[-1]["step"] - rows[0]["step"])
    per_step = 2**20 * (rows[-1]["events_mb"] - rows[0]["events_mb"]) / steps
    print(f"{steps:,} steps; TensorBoard's events: {per_step:,.0f} bytes a step.")
    return grown


if __name__ == "__main__":
    flags.run(main)
