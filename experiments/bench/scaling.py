"""How speed and memory scale with the work: `python -m experiments.bench.scaling`.

One parameter is changed at a time, from a DCGAN of width 32 on batches of 128 images of 28 pixels.
"""

import dataclasses
import json

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, medians
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

_BASE = {
    "arch": "dcgan",
    "image_shape": (28, 28, 1),
    "width": 32,
    "batch_size": 128,
    "precision": "auto",
    "num_images": 1000,
}
AXES = {
    "image_size": (28, 32, 64, 128),
    "batch_size": (16, 32, 64, 128, 256, 512),
    "width": (32, 64, 128),
    "num_images": (1000, 10_000, 50_000, 200_000),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    axis: tuple = option(tuple(AXES), "Options", f"what to change: {', '.join(AXES)}")
    rounds: int = option(3, "Options", "timings of each", low=1, high=100)
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the tables, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times training steps as the work grows.")
    check(options)
    if unknown := sorted({*options.axis} - {*AXES}):
        raise UserError(f"There is no axis '{unknown[0]}'; there are: {', '.join(AXES)}.")
    results = {}
    for axis in options.axis:
        results[axis] = {
            value: point(axis, value, options.rounds, options.even_if_busy) for value in AXES[axis]
        }
        print(f"\n{table(axis, results[axis])}", flush=True)
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def point(axis, value, rounds, even_if_busy):
    """Measures with one parameter changed.

    Args:
        axis: of `AXES`.
        value: of the parameter.
        rounds: how many timings.
        even_if_busy: whether other processes may use the machine.

    Returns:
        A dict for JSON, see `table` for its content.

    Raises:
        UserError: when they do, and may not.
    """
    # The pipeline feeds where the data set is what grows, otherwise one batch in memory.
    kind = "FedTraining" if axis == "num_images" else "Training"
    changed = {"image_shape": (value, value, 1)} if axis == "image_size" else {axis: value}
    job = _BASE | changed
    with Contest([(f"{axis} {value}", f"experiments.bench.ours:{kind}", job)]) as contest:
        [speed] = medians(contest.rates(rounds, "train", job["batch_size"])).values()
        remark = machine.remark(contest.disturbed(), even_if_busy)
        [memory] = contest.peak_memory().values()
        [peak] = contest.ask("matrix_peak").values()
        [flops] = contest.ask("flops").values()
    return {
        "images_per_second": speed,
        "seconds_per_step": job["batch_size"] / speed,
        "flops": flops * speed / job["batch_size"],
        "matrix_peak_flops": peak,
        "peak_memory_bytes": memory,
        "remark": remark,
    }


def table(axis, points):
    """Returns {value: result of `point`} as a Markdown table."""
    lines = [
        f"| {axis} | images/s | ms a step | GFLOP/s | peak of matrix products, GFLOP/s | of the peak | "
        "peak memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for value, found in points.items():
        cells = (
            f"{value:,}",
            f"{found['images_per_second']:,.0f}",
            f"{1000 * found['seconds_per_step']:,.0f}",
            f"{found['flops'] / 1e9:,.0f}",
            f"{found['matrix_peak_flops'] / 1e9:,.0f}",
            f"{found['flops'] / found['matrix_peak_flops']:.0%}",
            f"{found['peak_memory_bytes'] / 2**20:,.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    remarks = dict.fromkeys(each["remark"] for each in points.values() if each["remark"])
    return "\n".join([*(f"{each}\n" for each in remarks), *lines])


if __name__ == "__main__":
    flags.run(main)
