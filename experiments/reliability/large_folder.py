"""A folder of very many images: `python -m experiments.reliability.large_folder`.

Creates a folder of tiny PNGs, a few hundred of them distinct (the others are hard links to these,
to save space; the program treats them like any other files), decodes it through the cache on
disk, and reads batches. Prints the rates and the peak memory.
"""

import dataclasses
import json
import os
import pathlib
import resource
import time

import numpy as np
from PIL import Image

from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same

EXAMPLES = ("python -m experiments.reliability.large_folder --files=200000 --json=large.json",)


@dataclasses.dataclass(frozen=True)
class Options:
    """How large; every field is documented by its own text."""

    files: int = option(200_000, "Options", "in the folder", low=100)
    distinct: int = option(400, "Options", "of them that differ", low=1)
    steps: int = option(300, "Options", "batches of 64 to read", low=1)
    folder: str = option("runs/large_folder", "Options", "where they are made", path=True)
    cache_mb: int = same(Config, "cache_mb", "Options")
    json: str | None = option(None, "Output", "write the figures to this file", path=True)


def main(argv):
    """Creates, decodes, reads; returns 0."""
    options, _ = flags.parse(Options, argv, "Reads a folder of very many images.", EXAMPLES)
    check(options)
    home = pathlib.Path(options.folder)
    make(home / "images", options.files, options.distinct)
    with flags.quiet_import():
        from gan_tf.data import pipeline
        from gan_tf.data.image_folder import ImageFolder
    figures, marks = {"files": options.files, "MB before": _peak()}, [time.monotonic()]

    def mark(name, count):
        marks.append(time.monotonic())
        figures[f"{name} a second"] = round(count / (marks[-1] - marks[-2]))
        figures[f"MB after {name}"] = _peak()
        print(f"{name}: {count:,}, {figures[f'{name} a second']:,} a second; peak {_peak():,} MB.")

    source = ImageFolder(str(home / "images"), 32)
    mark("files listed", len(source.items()))
    key = source.cache_key
    mark("files looked up", len(source.items()))
    budget = min(options.cache_mb, 100) << 20
    images = pipeline.load(source, budget, home / "cache")
    mark("files decoded", len(images))
    again = pipeline.load(source, budget, home / "cache")
    mark("images in the cache", len(again))
    for _ in pipeline.batches(images, 64).take(options.steps):
        pass
    mark("images fed", 64 * options.steps)
    size = images.samples.shape[0] * 32 * 32 * 3 >> 20
    print(f"The images take {size:,} MB; key {key[:8]}.")
    if options.json:
        write(
            options.json, (json.dumps(figures | {"MB of images": size}, indent=1) + "\n").encode()
        )
    return 0


def make(folder, files, distinct):
    """Creates the folder: 100 classes; existing files are kept."""
    rng = np.random.default_rng(0)
    originals = folder.parent / "originals"
    originals.mkdir(parents=True, exist_ok=True)
    for number in range(distinct):
        path = originals / f"{number}.png"
        if not path.exists():
            Image.fromarray(rng.integers(0, 256, (32, 32, 3), np.uint8)).save(path)
    for number in range(files):
        below = folder / f"{number % 100:02d}"
        if number < 100:
            below.mkdir(parents=True, exist_ok=True)
        # A file takes a limited number of links on some systems.
        path = below / f"{number:07d}.png"
        if not path.exists():
            os.link(originals / f"{number % distinct}.png", path)


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    flags.run(main)
