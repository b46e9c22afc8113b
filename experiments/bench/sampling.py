"""How fast samples are drawn and written: `python -m experiments.bench.sampling`.

gan_tf, plain Keras and, if installed, PyTorch alternate in separate processes. Then a grid of
samples is encoded as PNG, by gan_tf and at several compression levels.
"""

import dataclasses
import io
import json
import pathlib
import time

import numpy as np
from PIL import Image

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, in_turns, matrix_peak, medians, ratio
from gan_tf.files.atomic_write import write
from gan_tf.modalities import image as images
from gan_tf.options import flags
from gan_tf.options.option import check, same
from gan_tf.runtime.chunk import CHUNK

_GRID = pathlib.Path(__file__).parents[1] / "images" / "dcgan-celeb_a.png"
_LEVELS = (1, 6, 9)  # fastest, Pillow's default, smallest
_GAN_TF = "gan_tf"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    arch: str = same(train_step.Options, "arch", "Options")
    dataset: str = same(train_step.Options, "dataset", "Options")
    image_size: int | None = same(train_step.Options, "image_size", "Options")
    width: int | None = same(train_step.Options, "width", "Options")
    contender: tuple = same(train_step.Options, "contender", "Options")
    rounds: int = same(train_step.Options, "rounds", "Options")
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the tables, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times sampling.")
    check(options)
    found, memory, disturbed = generation(options)
    encoded, sizes, encoding_disturbed = encoding(options.rounds)
    remark = machine.remark(disturbed | {"a PNG": encoding_disturbed}, options.even_if_busy)
    peak, speeds = matrix_peak(), medians(found)
    print(machine.caption(peak, remark) + "\n")
    print("| | images/s | slowest and fastest round | gan_tf by it | peak memory, MB |")
    print("|---|---|---|---|---|")
    best = max((each for each in speeds if each.startswith(_GAN_TF)), key=speeds.get, default=None)
    ratios = {name: ratio(found, best, name) for name in found if best}
    for name, speed in speeds.items():
        spread = f"{min(found[name]):,.0f} to {max(found[name]):,.0f}"
        print(
            f"| {name} | {speed:,.0f} | {spread} | {ratios.get(name, float('nan')):.2f} | "
            f"{memory[name] / 2**20:,.0f} |"
        )
    milliseconds = {name: 1000 * value for name, value in medians(encoded).items()}
    print("\n| PNG | ms | KB |\n|---|---|---|")
    for name, value in milliseconds.items():
        print(f"| {name} | {value:.1f} | {sizes[name] / 1024:,.0f} |")
    if options.json:
        results = {
            name: max((speeds[each] for each in speeds if each.startswith(name)), default=None)
            for name in train_step.MODULES
        }
        results |= {
            "images_per_second": speeds,
            "times_as_fast_as": ratios,
            "rounds": found,
            "peak_memory_bytes": memory,
            "disturbed_by_others": disturbed,
            "matrix_peak_flops": peak,
            "remark": remark,
            "png_milliseconds": milliseconds,
            "png_bytes": sizes,
        }
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def generation(options):
    """Times generation.

    Returns:
        {name: [images per second, per round]}, {name: bytes of memory}, and {name: the share of the machine
        that others took meanwhile}.
    """
    names = {each.name for each in dataclasses.fields(options)}
    known = {each.name for each in dataclasses.fields(train_step.Options)}
    given = {name: getattr(options, name) for name in names & known}
    job = train_step.describe(train_step.Options(**given, loop="step", batch_size=CHUNK))
    half, single = {"precision": "mixed_bfloat16"}, {"precision": "float32"}
    rows = {
        _GAN_TF: [
            (f"{_GAN_TF} mixed_bfloat16", "ours:Sampling", half),
            (f"{_GAN_TF} float32", "ours:Sampling", single),
        ],
        "keras": [
            ("keras, predict, float32", "stock:Sampling", single | {"way": "predict"}),
            ("keras, called, float32", "stock:Sampling", single | {"way": "call"}),
        ],
        "pytorch": [
            ("pytorch mixed_bfloat16", "pytorch:Sampling", half),
            ("pytorch float32", "pytorch:Sampling", single),
        ],
    }
    wanted = [
        (name, f"experiments.bench.{target}", job | arguments)
        for each in train_step.taking_part(options.contender)
        for name, target, arguments in rows[each]
    ]
    with Contest(wanted) as contest:
        found = contest.rates(options.rounds, "sample", CHUNK)
        return found, contest.peak_memory(), contest.disturbed()


def encoding(rounds):
    """Encodes a grid of 64 faces as PNG.

    Returns:
        {name: [seconds, per round]}, {name: bytes}, and the share of the machine that others took.
    """
    with Image.open(_GRID) as picture:
        pixels = np.asarray(picture)

    def level(number):
        def encode():
            buffer = io.BytesIO()
            Image.fromarray(pixels).save(buffer, "PNG", compress_level=number)
            return buffer.getvalue()

        return encode

    def timed(encode):
        began = time.perf_counter()
        encode()
        return time.perf_counter() - began

    ways = {"gan_tf.modalities.image.png": lambda: images.png(pixels)}
    ways |= {f"compression level {each}": level(each) for each in _LEVELS}
    sizes = {name: len(encode()) for name, encode in ways.items()}
    measures = {name: lambda encode=encode: timed(encode) for name, encode in ways.items()}
    watch = machine.Watch()
    return watch.call(lambda: in_turns(rounds, measures)), sizes, watch.share


if __name__ == "__main__":
    flags.run(main)
