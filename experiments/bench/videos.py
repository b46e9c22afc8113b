"""The speed of MoCoGAN: `python -m experiments.bench.videos`.

gan_tf and, if installed, PyTorch train the same networks, each in float32 and in bfloat16, in separate
processes that alternate. A step is one update of both discriminators and one of the generator.
"""

import dataclasses
import json

from experiments.bench import machine, modes, train_step
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
    """Returns the results of `Options`; see `experiments.bench.modes.measure`."""
    job = {name: getattr(options, name) for name in ("frames", "size", "width", "batch_size")}
    return modes.measure(options, MODULES, job, "videos")


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    described = f"{job['frames']} frames of {job['size']}x{job['size']}, width {job['width']}"
    return modes.table(results, "videos", described)


if __name__ == "__main__":
    flags.run(main)
