"""The speed of MoCoGAN: `python -m experiments.bench.videos`.

gan_tf and, if installed, PyTorch train the same networks, each in float32 and in bfloat16, in separate
processes that alternate. A step is one update of both discriminators and one of the generator.
"""

import dataclasses

from experiments.bench import modes
from experiments.bench.video_job import VideoJob
from gan_tf.options import flags
from gan_tf.options.option import option

_JOB = VideoJob()


@dataclasses.dataclass(frozen=True)
class Options(modes.Options):
    """What to measure; every field is documented by its own text."""

    title = "MoCoGAN"
    unit = "videos"
    modules = {"gan_tf": "mocogan_ours", "pytorch": "mocogan_pytorch"}
    halved = "size"

    frames: int = option(_JOB.frames, "Options", "of a video", low=1, high=512)
    size: int = option(_JOB.size, "Options", "pixels of a frame", low=8, high=256)
    width: int = option(_JOB.width, "Options", "of the networks", low=1, high=4096)
    backbone: str = option(
        _JOB.backbone, "Options", "the networks of frames", choices=("resnet", "dcgan")
    )
    batch_size: int = option(_JOB.batch_size, "Options", "videos", low=2, high=65536)


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    return modes.main(argv, Options, table)


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    frames = f"{job['frames']} frames of {job['size']}x{job['size']}"
    described = f"{frames}, {job['backbone']}, width {job['width']}"
    return modes.table(results, Options.unit, described)


if __name__ == "__main__":
    flags.run(main)
