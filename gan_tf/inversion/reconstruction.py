"""Inversion: finds the latents of images, and writes them and their reconstructions."""

import csv
import io
import pathlib

import numpy as np

from gan_tf.files.atomic_write import write
from gan_tf.inversion import encoder, input_images, spaces
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.inversion.search import ENCODER, LatentSearch
from gan_tf.messages import show
from gan_tf.metrics import image_similarity
from gan_tf.modalities import image as images

OBJECTIVES = ("pixels", "features(0.1)", "shell(0.1)", "center(0.001)")  # that suit the space
_GRID = "reconstructions.png"
_PAIRS = 100  # in the picture, at most


def searcher(trained, options, objectives, look=None):
    """Returns the `LatentSearch` for `SearchOptions`; `objectives` are the default ones."""
    space = spaces.SPACES[options.space](trained)
    chosen = options.objective or spaces.suitable(objectives, space.name)
    total = run_objective(trained, chosen, look, space=space)
    return LatentSearch(
        total,
        space,
        options.steps,
        options.learning_rate,
        options.starts,
        options.seed,
        options.batch_size,
    )


def invert(run, options):
    """Inverts the images that the options of `gan_tf.invert` name; writes and prints the results.

    Raises:
        UserError: when run or images cannot be used, or the results cannot be written.
    """
    trained, given, classes = input_images.open_run(run, options)
    first = None
    if options.encoder or trained.has_encoder or encoder.stored(trained):
        first = encoder.obtain(trained, options)(given.floats)
    search = searcher(trained, options, OBJECTIVES)
    found = search(given.floats, classes=classes, first=first)
    made = search.space.samples(found.latents, found.labels)
    out = pathlib.Path(options.out or run.inverted)
    errors = image_similarity.mse(given.pixels, made)
    ratios = image_similarity.psnr(given.pixels, made)

    write(out / _GRID, images.png(_pairs(given.pixels, made)))
    _write_errors(out / "errors.csv", trained, given, found, errors, ratios)
    points = search.space.arrays(found.latents, found.labels)
    _write_latents(out / "latents.npz", trained, given, points, found.labels)

    by_encoder = np.mean(found.starts == ENCODER)
    show(
        f"{len(made):,} images, mean PSNR {np.mean(ratios):.2f} dB (from {ratios.min():.2f} to "
        f"{ratios.max():.2f})"
        + (
            f"; for {by_encoder:.0%} the encoder's start was the best."
            if first is not None
            else "."
        )
    )
    show(f"Images, each left of its reconstruction: {out / _GRID}")
    show(f"Errors: {out / 'errors.csv'}; latents: {out / 'latents.npz'}")


def _pairs(pixels, made):
    """A grid of images, each left of its reconstruction."""
    both = np.stack([pixels, made], axis=1)[:_PAIRS]
    across = max(1, round(len(both) ** 0.5 / 1.4))
    return images.grid(both.reshape(-1, *pixels.shape[1:]), 2 * across)


def _write_errors(path, trained, given, found, errors, ratios):
    """Writes a row for each image: its errors, and the start and class that fitted best."""
    names = trained.label_names if trained.conditional else None
    rows = [
        [
            name,
            f"{errors[row]:.6f}",
            f"{ratios[row]:.2f}",
            "encoder" if found.starts[row] == ENCODER else int(found.starts[row]),
            names[found.labels[row]] if names else "",
        ]
        for row, name in enumerate(given.names)
    ]
    write(path, table(["file", "mse", "psnr", "start", "label"], rows))


def _write_latents(path, trained, given, points, labels):
    """Writes the points as arrays by name, with what an encoder makes of the images."""
    arrays = points | {"names": np.array(given.names)}
    if trained.conditional:
        arrays["labels"] = labels
    if trained.has_encoder:
        arrays |= _encoded(trained, given)
    archive = io.BytesIO()
    np.savez(archive, **arrays)
    write(path, archive.getvalue())


def _encoded(trained, given):
    """An encoder's outputs for images, to train a classifier on: arrays by name."""
    found = {
        "codes": trained.encode(given.pixels),
        "features": trained.encoder_features(given.pixels),
    }
    return found if given.labels is None else found | {"labels": given.labels}


def table(header, rows):
    """Returns a CSV file, as bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(errors="replace")
