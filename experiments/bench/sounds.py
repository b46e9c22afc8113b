"""The speed of WaveGAN: `python -m experiments.bench.sounds`.

gan_tf and, if installed, PyTorch train the same networks, each in float32 and in bfloat16, in separate
processes that alternate. A step is one update of the discriminator and one of the generator.
"""

import dataclasses

from experiments.bench import modes
from experiments.bench.sound_job import SoundJob
from gan_tf.options import flags
from gan_tf.options.option import option

_JOB = SoundJob()


@dataclasses.dataclass(frozen=True)
class Options(modes.Options):
    """What to measure; every field is documented by its own text."""

    title = "WaveGAN"
    unit = "clips"
    modules = {"gan_tf": "wavegan_ours", "pytorch": "wavegan_pytorch"}
    halved = "length"

    length: int = option(_JOB.length, "Options", "samples of a clip", low=64, high=65536)
    width: int = option(_JOB.width, "Options", "of the networks", low=1, high=4096)
    batch_size: int = option(_JOB.batch_size, "Options", "clips", low=2, high=65536)


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    return modes.main(argv, Options, table)


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    return modes.table(results, Options.unit, f"{job['length']:,} samples, width {job['width']}")


if __name__ == "__main__":
    flags.run(main)
