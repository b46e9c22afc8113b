"""How speed and memory scale with the work: `python -m experiments.bench.scaling`.

One parameter is changed at a time, from a DCGAN of width 32 on batches of 128 images of 28 pixels.
"""

import dataclasses
import json

from experiments.bench import train_step
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


def main(argv):
    """Measures, prints the tables, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times training steps as the work grows.")
    check(options)
    results = {}
    for axis in options.axis:
        if axis not in AXES:
            raise UserError(f"There is no axis '{axis}'; there are: {', '.join(AXES)}.")
        results[axis] = {}
        print(f"\n| {axis} | images/s | ms a step | peak memory, MB |\n|---|---|---|---|")
        for value in AXES[axis]:
            speed, memory = point(axis, value, options.rounds)
            results[axis][value] = {"images_per_second": speed, "peak_memory_bytes": memory}
            step = 1000 * (value if axis == "batch_size" else _BASE["batch_size"]) / speed
            print(f"| {value:,} | {speed:,.0f} | {step:,.0f} | {memory / 2**20:,.0f} |", flush=True)
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def point(axis, value, rounds):
    """Returns images per second and the peak memory in bytes, with one parameter changed."""
    # The pipeline feeds where the data set is what grows, otherwise one batch in memory.
    kind = "FedTraining" if axis == "num_images" else "Training"
    changed = {"image_shape": (value, value, 1)} if axis == "image_size" else {axis: value}
    job = _BASE | changed
    with Contest([(f"{axis} {value}", f"experiments.bench.ours:{kind}", job)]) as contest:
        [found] = medians(contest.rates(rounds, "train", job["batch_size"])).values()
        [memory] = contest.peak_memory().values()
    return found, memory


if __name__ == "__main__":
    flags.run(main)
