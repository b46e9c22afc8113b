"""The speed of WaveGAN: `python -m experiments.bench.sounds`.

gan_tf and, if installed, PyTorch train the same networks, each in float32 and in bfloat16, in separate
processes that alternate. A step is one update of the discriminator and one of the generator.
"""

import dataclasses
import json

from experiments.bench import machine, modes, train_step
from experiments.bench.sound_job import SoundJob
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

MODULES = {"gan_tf": "wavegan_ours", "pytorch": "wavegan_pytorch"}
_JOB = SoundJob()


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    length: int = option(_JOB.length, "Options", "samples of a clip", low=64, high=65536)
    width: int = option(_JOB.width, "Options", "of the networks", low=1, high=4096)
    batch_size: int = option(_JOB.batch_size, "Options", "clips", low=2, high=65536)
    precision: str = same(train_step.Options, "precision", "Options")
    contender: tuple = option(tuple(MODULES), "Options", "who takes part: gan_tf, pytorch")
    rounds: int = same(train_step.Options, "rounds", "Options")
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times WaveGAN.")
    check(options)
    if options.length & (options.length - 1):
        raise UserError(f"--length={options.length}: give a power of two.")
    job = {name: getattr(options, name) for name in ("length", "width", "batch_size")}
    results = modes.measure(options, MODULES, job, "clips")
    print(table(results))
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    return modes.table(results, "clips", f"{job['length']:,} samples, width {job['width']}")


if __name__ == "__main__":
    flags.run(main)
