"""What a BiGAN's encoder has learned, and how well it fills in: `python -m experiments.bigan`.

For checkpoints of a run on MNIST it finds the label of the nearest training image of each test
image, in the encoder's features and codes, and the errors of reconstructions; and it fills in what
is missing of test images by Gibbs draws and by latent search. Results that are there already, a
line of JSON each, are left out, so that the program can be interrupted, or called again while the
run goes on. What the numbers mean is in README.md beside it.
"""

import dataclasses
import pathlib
import time

from experiments import rows
from experiments.bigan.authors import LOGGED
from gan_tf.options import flags
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import check, option

MASKS = ("center", "left", "random(0.8)")
_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options(DataLocation):
    """What to measure; every field is documented by its own text."""

    run_dir: str = option("runs/mnist-bigan", "Options", "the folder of the run", path=True)
    epochs: tuple = option(
        (), "Options", "after which epochs; 0 for untrained networks; default: 0, 1, 25"
    )
    probes: str = option(
        "test",
        "Options",
        "images whose neighbors are found among the training images: test images, or a sixth of the "
        "training images, whose neighbors are found among the others, as the authors do (training)",
        choices=("test", "training"),
    )
    encoder_steps: int = option(
        1500, "Options", "updates of the encoder that is trained afterwards; 0: none", low=0
    )
    images: int = option(200, "Options", "test images to be filled in; 0: none", low=0)
    out: str = option(str(_FILE), "Options", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Options", "print the tables of the results there are, run nothing")


def main(argv):
    """Measures what is missing and prints the tables; returns the exit status."""
    options, _ = flags.parse(Options, argv, "What the encoder of a BiGAN on MNIST has learned.")
    check(options)
    if not options.table:
        _measure(options)
    found = rows.read(options.out)
    tables = [neighbors(found, "test"), neighbors(found, "training"), fillings(found)]
    print("\n\n".join(map("\n".join, tables)))
    return 0


def neighbors(found, probes):
    """Returns the lines of a Markdown table: nearest neighbors and reconstructions, by epoch."""
    found = [row for row in found if row.get("probes") == probes]
    header = (
        "encoder",
        "features",
        "authors",
        "codes",
        "authors",
        "L2 error",
        "authors",
        "of the next",
        "authors",
        "features, moving averages",
    )
    lines = [_line(header), _line(["---"] * len(header))]
    epochs = sorted((row for row in found if "epoch" in row), key=lambda row: row["epoch"])
    for row in epochs + [row for row in found if "what" in row]:
        name = f"epoch {row['epoch']}" if "epoch" in row else row["what"]
        forms = {
            "features": "{:.2f}",
            "codes": "{:.2f}",
            "error": "{:.2f}",
            "error_of_next": "{:.2f}",
        }
        ours = [form.format(row[key]) if key in row else "" for key, form in forms.items()]
        theirs = [f"{each:.2f}" for each in LOGGED.get(row.get("epoch"), ())] or [""] * 4
        pairs = [cell for pair in zip(ours, theirs) for cell in pair]
        moving = f"{row['features_moving']:.2f}" if "features_moving" in row else ""
        lines.append(_line([name, *pairs, moving]))
    return lines


def fillings(found):
    """Returns the lines of a Markdown table: PSNR and agreement of classes, a column a mask."""
    found = [row for row in found if "filling" in row]
    masks = list(dict.fromkeys(row["mask"] for row in found))
    lines = [_line(["filled in by", *masks]), _line(["---"] * (1 + len(masks)))]
    for name in dict.fromkeys(row["filling"] for row in found):
        of = {row["mask"]: row for row in found if row["filling"] == name}
        cells = [f"{of[mask]['psnr']:.2f} dB, {of[mask]['same_class']:.1f} %" for mask in masks]
        lines.append(_line([name, *cells]))
    return lines


def _measure(options):
    found = rows.read(options.out)
    of_probes = [row for row in found if row.get("probes") == options.probes]
    done = {row["epoch"] for row in of_probes if "epoch" in row}
    whats = {row.get("what") for row in of_probes}
    masks = {row.get("mask") for row in found}
    with flags.quiet_import():
        from experiments.bigan import filling
        from experiments.bigan.encoders import Evaluation

    evaluation = Evaluation(options.run_dir, options.probes, **options.location())
    known = {"probes": options.probes}
    for epoch in map(int, options.epochs or (0, 1, 25)):
        if epoch not in done:
            _write(options, known, evaluation.of_epoch, epoch)
    if "pixels" not in whats:
        _write(options, known, evaluation.of_pixels)
    if options.encoder_steps and "encoder trained afterwards" not in whats:
        _write(options, known, evaluation.of_encoder_afterwards, options.encoder_steps)
    pixels = evaluation.held_out.samples[: options.images]
    for mask in [each for each in MASKS if options.images and each not in masks]:
        for row in filling.compare(evaluation.trained, pixels, mask):
            rows.append(options.out, row)
            print(row, flush=True)


def _write(options, known, measure, *arguments):
    began = time.monotonic()
    row = known | measure(*arguments)
    row["seconds"] = round(time.monotonic() - began)
    rows.append(options.out, row)
    print(row, flush=True)


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    flags.run(main)
