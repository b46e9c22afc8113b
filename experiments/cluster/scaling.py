"""The speedup from more workers: `python -m experiments.cluster.scaling`.

Trains with 1 to --workers processes on this machine, with one core each. Weak scaling: each has
its own batch, so that the total batch grows with them; strong scaling: they share one. Separate runs,
as many as there are workers, average nothing: what they lose, they lose to each other's use of memory
and caches, and no way of averaging could win back. Speeds are computed from the intervals between the
lines of the log, without the first ones. A last run of weak scaling records when workers have what
they send and when they have received the means: how long they wait for the slowest, and how long the
exchange takes once all are there.

From the step time and the bytes of gradients averaged per step, a table for GPUs is calculated,
with its assumptions about them.
"""

import dataclasses
import functools
import itertools
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

from experiments.bench import contender, machine
from gan_tf import plugins
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m experiments.cluster.scaling --workers=2 --json=runs/scaling.json",
    "python -m experiments.cluster.scaling --workers=1 --teraflops=60 --gigabytes=25",
)
_EVERY = 10  # steps between two times
_WARM_UP = 2  # times that do not count


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train and to assume; every field is documented by its own text."""

    workers: int = option(2, "Options", "processes at most", low=1, high=64)
    dataset: str = option("mnist", "Options", "mnist or celeb_a", choices=("mnist", "celeb_a"))
    width: int = option(32, "Options", "of the DCGAN", low=1)
    batch_size: int = option(
        128, "Options", "images in a worker's batch, or that they share", low=2
    )
    steps: int = option(100, "Options", "training steps of each run", low=50)
    rounds: int = option(3, "Options", "runs of each kind, in turns", low=1)
    data_dir: str | None = same(Config, "data_dir", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")
    teraflops: float = option(30.0, "Assumptions", "10^12 operations a second on a GPU", low=0.001)
    gigabytes: float = option(10.0, "Assumptions", "10^9 bytes a second between GPUs", low=0.001)
    microseconds: float = option(20.0, "Assumptions", "until a message is on its way", low=0.0)
    json: str | None = option(None, "Output", "write the figures to this file", path=True)


def main(argv):
    """Measures, calculates and prints; returns 0."""
    options, _ = flags.parse(Options, argv, "Measures what more workers gain.", EXAMPLES)
    check(options)
    kinds = [("one worker", 1, 1, options.batch_size)]  # title, runs, workers of each, its batch
    for count in range(2, options.workers + 1):
        kinds.append((f"{count} separate runs", count, 1, options.batch_size))
        kinds.append((f"weak, {count} workers", 1, count, options.batch_size * count))
        kinds.append((f"strong, {count} workers", 1, count, options.batch_size))
    found, watch = {name: [] for name, *_ in kinds}, machine.Watch()
    for _ in range(options.rounds):
        for name, *sizes in kinds:
            run = functools.partial(_images_per_second, options, *sizes)
            found[name].append(watch.call(run))
    remark = machine.remark({"training": watch.share}, options.even_if_busy)
    print(machine.caption(contender.matrix_peak(), remark) + "\n")
    alone = statistics.median(found["one worker"])
    print(
        "| | batch of the step | images/s | times one worker | efficiency |\n|---|---|---|---|---|"
    )
    for name, runs, workers, batch_size in kinds:
        count, batch = runs * workers, runs * batch_size
        speed = statistics.median(found[name])
        times = statistics.median(a / b for a, b in zip(found[name], found["one worker"]))
        print(f"| {name} | {batch} | {speed:,.0f} | {times:.2f} | {times / count:.0%} |")
    exchanges = _exchanges(options) if options.workers > 1 else None
    if exchanges:
        step, waiting, sending = (exchanges[each] for each in ("step", "waiting", "sending"))
        print(
            f"\nOf a step of weak scaling, {step:,.0f} ms, a worker waits {waiting:,.0f} ms for the "
            f"slowest, and exchanges take {sending:,.0f} ms once all are there."
        )
    with flags.quiet_import():
        size, flops = _of_a_step(options)
    print(
        f"\nA step averages {size / 1e6:.1f} MB of gradients and takes {flops / 1e9:.0f} GFLOP for "
        f"{options.batch_size} images, {1000 * options.batch_size / alone:,.0f} ms on one core.\n"
    )
    _calculate(options, size, flops)
    if options.json:
        facts = {"images_per_second": found, "gradient_bytes": size, "step_flops": flops}
        facts["exchanges_ms"] = exchanges
        write(options.json, (json.dumps(facts | dataclasses.asdict(options)) + "\n").encode())
    return 0


def _images_per_second(options, runs, workers, batch_size):
    """The speed of all runs together, which are trained at the same time, with one core per worker."""
    cores = sorted(os.sched_getaffinity(0))
    every = range(runs * workers)
    own = [{cores[each % len(cores)] for each in every[run::runs]} for run in range(runs)]
    with tempfile.TemporaryDirectory() as folder:
        folders = [pathlib.Path(folder) / str(run) for run in range(runs)]
        started = [
            subprocess.Popen(
                _command(options, workers, batch_size, each),
                stdout=subprocess.DEVNULL,
                preexec_fn=functools.partial(os.sched_setaffinity, 0, mine),
            )
            for each, mine in zip(folders, own)
        ]
        statuses = [process.wait() for process in started]
        if any(statuses):
            raise RuntimeError("a run has failed")
        times = [_times(RunDir(each))[_WARM_UP:] for each in folders]
    seconds = [statistics.median(b - a for a, b in itertools.pairwise(of_run)) for of_run in times]
    return sum(_EVERY * batch_size / each for each in seconds)


def _exchanges(options):
    """What exchanges cost in a step of weak scaling, in milliseconds; see `exchange_costs`."""
    count, batch_size = options.workers, options.batch_size * options.workers
    known = os.environ.get(plugins.VARIABLE)
    timer = ",".join(filter(None, (known, "experiments.cluster.exchange_times")))
    with tempfile.TemporaryDirectory() as folder:
        command = _command(options, count, batch_size, pathlib.Path(folder) / "run")
        trick = f"--trick=exchange_times('{folder}')"
        environment = os.environ | {plugins.VARIABLE: timer}
        subprocess.run([*command, trick], stdout=subprocess.DEVNULL, check=True, env=environment)
        files = [pathlib.Path(folder) / f"{each}.txt" for each in range(count)]
        of_workers = [np.loadtxt(each, dtype=np.int64) for each in files]
    return exchange_costs(np.stack(of_workers), options.steps)


def exchange_costs(times, steps):
    """What exchanges cost in a step.

    Args:
        times: int64 (workers, exchanges, 3): the bytes that are sent, and in microseconds the time when
            the worker has them and that when it has received the means.
        steps: number of steps; the first half is left out.

    Returns:
        {"step": ms between the beginnings of two steps, "waiting": ms from having the values until all
        have them, "sending": ms from then until the means are there, "by_bytes": [[bytes, waiting,
        sending] of each exchange of a step]}: means over the workers, and medians over the steps.
    """
    each = times.reshape(len(times), steps, -1, 3)[:, steps // 2 :] / [1, 1000, 1000]
    sizes, ready, received = (each[..., part] for part in range(3))
    last = ready.max(axis=0)  # (steps, exchanges of a step)
    waiting, sending = (last - ready).mean(axis=0), (received - last).mean(axis=0)
    one_each = zip(sizes[0, 0], np.median(waiting, axis=0), np.median(sending, axis=0))
    return {
        "step": float(np.median(np.diff(last[:, 0]))),
        "waiting": float(np.median(waiting.sum(axis=1))),
        "sending": float(np.median(sending.sum(axis=1))),
        "by_bytes": [list(map(float, row)) for row in one_each],
    }


def _command(options, workers, batch_size, run):
    """The command line of one run."""
    training = [
        f"--dataset={options.dataset}",
        f"--arch=dcgan(width={options.width})",
        f"--batch_size={batch_size}",
        f"--steps={options.steps}",
        f"--log_every={_EVERY}steps",
        f"--sample_every={options.steps}steps",
        f"--checkpoint_every={options.steps}steps",
        f"--run_dir={run}",
        *([f"--data_dir={options.data_dir}"] if options.data_dir else ()),
    ]
    launch = ["-m", "gan_tf.launch", f"--workers={workers}", "--cores=1", "--", *training]
    return [sys.executable, *launch]


def _times(run):
    """The times at which the lines of a run's log were written, in seconds."""
    import tensorflow as tf

    read = tf.compat.v1.train.summary_iterator
    events = (event for file in run.events() for event in read(str(file)))
    tags = ((event.wall_time, value.tag) for event in events for value in event.summary.value)
    return [time for time, tag in tags if tag == "losses/generator_loss"]


def _of_a_step(options):
    """The bytes of gradients averaged per step, and the number of operations."""
    from experiments.bench.stock import step_flops
    from gan_tf.gans.build import network_spec
    from gan_tf.networks import build as networks

    config = Config(dataset=options.dataset, arch=f"dcgan(width={options.width})").resolve()
    size, channels = config.image_size, 1 if options.dataset == "mnist" else 3
    spec = network_spec(config, (size, size, channels))
    pair = networks.generator(spec), networks.discriminator(spec)
    shapes = [each.shape for network in pair for each in network.trainable_variables]
    return 4 * sum(map(math.prod, shapes)), options.batch_size * step_flops(*pair)


def _calculate(options, size, flops):
    """Prints the expected speedup from more GPUs."""
    compute = flops / (1e12 * options.teraflops)
    print(
        f"Calculated, not measured: GPUs that reach {options.teraflops:g} TFLOP/s in the step, "
        f"{options.batch_size} images on each, rings of {options.gigabytes:g} GB/s and "
        f"{options.microseconds:g} microseconds a message, no overlap of sums and steps.\n"
    )
    print("| GPUs | batch of the step | ms | images/s | efficiency |\n|---|---|---|---|---|")
    for count in (1, 2, 4, 8, 16, 32, 64):
        # A ring sends 2 (n - 1) messages, of 1/n of the bytes each (Patarasuk and Yuan, 2009).
        messages = 2 * (count - 1)
        send = messages * (size / count / (1e9 * options.gigabytes) + 1e-6 * options.microseconds)
        seconds = compute + send
        batch = count * options.batch_size
        speed, efficiency = batch / seconds, compute / seconds
        print(f"| {count} | {batch:,} | {1000 * seconds:.2f} | {speed:,.0f} | {efficiency:.0%} |")


if __name__ == "__main__":
    flags.run(main)
