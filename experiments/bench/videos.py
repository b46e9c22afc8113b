"""The speed of MoCoGAN: `python -m experiments.bench.videos`.

gan_tf and, if installed, PyTorch train the same networks, each in float32 and in bfloat16, in separate
processes that alternate. A step is one update of both discriminators and one of the generator.
"""

import dataclasses
import json

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, matrix_peak, medians, ratio
from experiments.bench.video_job import VideoJob
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

MODULES = {"gan_tf": "mocogan_ours", "pytorch": "mocogan_pytorch"}
_JOB = VideoJob()


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    frames: int = option(_JOB.frames, "Options", "of a video", low=1, high=512)
    size: int = option(_JOB.size, "Options", "pixels of a frame", low=8, high=256)
    width: int = option(_JOB.width, "Options", "of the networks", low=1, high=4096)
    batch_size: int = option(_JOB.batch_size, "Options", "videos", low=2, high=65536)
    precision: str = same(train_step.Options, "precision", "Options")
    contender: tuple = option(tuple(MODULES), "Options", "who takes part: gan_tf, pytorch")
    rounds: int = same(train_step.Options, "rounds", "Options")
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times MoCoGAN.")
    check(options)
    if options.size & (options.size - 1):
        raise UserError(f"--size={options.size}: give a power of two.")
    results = measure(options)
    print(table(results))
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def measure(options):
    """Returns the results of `Options`: a dict for JSON, see `table` for its content."""
    names = [each for each in train_step.taking_part(options.contender) if each in MODULES]
    job = {name: getattr(options, name) for name in ("frames", "size", "width", "batch_size")}
    precisions = ("mixed_bfloat16", "float32")
    precisions = precisions if options.precision == "auto" else (options.precision,)
    modes = {f"{name} {each}": (name, each) for name in names for each in precisions}
    with Contest(
        [
            (mode, f"experiments.bench.{MODULES[name]}:Training", job | {"precision": precision})
            for mode, (name, precision) in modes.items()
        ]
    ) as contest:
        parameters = contest.ask("parameters")
        if len(set(parameters.values())) != 1:
            raise UserError(f"These are not the same networks: {parameters} parameters.")
        found = contest.rates(options.rounds, "train", options.batch_size, 3.0)
        memory, disturbed = contest.peak_memory(), contest.disturbed()
    remark = machine.remark(disturbed, options.even_if_busy)
    speeds = medians(found)
    best = {name: max((m for m in speeds if modes[m][0] == name), key=speeds.get) for name in names}
    results = {
        "job": job,
        "parameters": next(iter(parameters.values())),
        "best_modes": best,
        "videos_per_second": speeds,
        "rounds": found,
        "peak_memory_bytes": memory,
        "disturbed_by_others": disturbed,
        "matrix_peak_flops": matrix_peak(),
        "remark": remark,
    }
    if {"gan_tf", "pytorch"} <= set(best):
        results["times_as_fast_as_pytorch"] = ratio(found, best["gan_tf"], best["pytorch"])
    return results


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    lines = [
        f"{job['frames']} frames of {job['size']}x{job['size']}, width {job['width']}, batch "
        f"{job['batch_size']}, {results['parameters']:,} parameters. "
        + machine.caption(results["matrix_peak_flops"], results["remark"]),
        "",
        "| | videos/s | slowest and fastest round | peak memory, MB |",
        "|---|---|---|---|",
    ]
    for mode, speed in results["videos_per_second"].items():
        slowest, fastest = min(results["rounds"][mode]), max(results["rounds"][mode])
        memory = results["peak_memory_bytes"][mode] / 2**20
        named = f"**{mode}**" if mode in results["best_modes"].values() else mode
        lines.append(
            f"| {named} | {speed:,.1f} | {slowest:,.1f} to {fastest:,.1f} | {memory:,.0f} |"
        )
    if "times_as_fast_as_pytorch" in results:
        times = results["times_as_fast_as_pytorch"]
        lines.append(f"| gan_tf by pytorch | {times:.2f} | | |")
    return "\n".join(lines)


if __name__ == "__main__":
    flags.run(main)
