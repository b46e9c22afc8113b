"""Restoration: finds generated images that match damaged ones, and fills in what is missing."""

import dataclasses
import pathlib

import numpy as np

from gan_tf.data.examples import SOURCE, TARGET, Examples
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.inversion import input_images
from gan_tf.inversion.gibbs import Gibbs
from gan_tf.inversion.reconstruction import searcher, table
from gan_tf.messages import show
from gan_tf.metrics import image_similarity
from gan_tf.modalities import image as images
from gan_tf.registry import DEGRADATIONS, TASKS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import translated as translate

_MAX_IMAGES = 12  # images in a picture, at most
_MAX_DRAWS = 10  # of each image in a picture


@dataclasses.dataclass(frozen=True)
class Restored:
    """A method's results for n images, float32 (n, H, W, C) in [-1, 1].

    Attributes:
        results: {name: images}: "restored", "generated" (G(z) alone), and possibly others.
        draws: (n, draws, H, W, C): all restorations, if there are several; else None.
        spread: float (n,): the standard deviation of the draws, for values from 0 to 1, averaged
            over the pixels in which they differ (the missing ones); or None.
    """

    results: dict
    draws: np.ndarray | None = None
    spread: np.ndarray | None = None


def by_search(trained, task, seen, classes, options):
    """Restores images with latents found by search."""
    objectives = [each for each in task.objectives if _possible(each, trained)]
    search = searcher(trained, options, objectives, task.look)
    found = search(seen, task.weigh(seen), classes)
    made = search.space.samples(found.latents, found.labels)
    return Restored(_completed(trained, task, seen, made))


def by_gibbs(trained, task, seen, classes, options):
    """Fills in missing pixels by several draws (see `gan_tf.inversion.gibbs`).

    The restored image is the draw whose G(z) fits the known pixels best; "mean" is the mean of all.
    Known pixels are kept, without blending.
    """
    gibbs = Gibbs(trained, options.draws, options.steps, options.seed, options.batch_size)
    drawn = gibbs(seen, task.missing)
    draws = np.where(task.missing[:, None], drawn.images, seen[:, None])
    best = np.arange(len(seen)), np.argmin(drawn.errors, axis=1)
    results = {
        "restored": draws[best],
        "generated": drawn.images[best],
        "mean": draws.mean(axis=1),
    }
    deviations = np.std(draws / 2, axis=1).mean(axis=-1, keepdims=True)
    missing = np.maximum(task.missing.sum(axis=(1, 2, 3)), 1)
    spread = np.sum(deviations * task.missing, axis=(1, 2, 3)) / missing
    return Restored(results, draws, spread)


METHODS = {"search": by_search, "gibbs": by_gibbs}


def restore(run, options):
    """Restores the images that the options of `gan_tf.restore` name; writes and prints the results.

    Raises:
        UserError: when run, images or mask cannot be used, or the results cannot be written.
    """
    trained, given, classes = input_images.open_run(run, options)
    name = TASKS.entry(options.task).name
    task = TASKS.build(options.task, vars(options))
    task.prepare(len(given.pixels), trained.sample_shape, np.random.default_rng(options.seed))
    seen = task.degrade(given.floats)
    translated = options.translator and _translated(options, task, seen, given)
    made = METHODS[options.method](trained, task, seen, classes, options)

    to_stored = trained.modality.to_stored
    results = {
        key: to_stored(value)
        for key, value in (made.results | task.restore_baselines(seen)).items()
    }
    out = pathlib.Path(options.out or run.restored / name)
    before = [given.pixels, to_stored(task.show(seen))]
    shown = {"images": results["restored"]}
    if options.translator:
        shown["translated"] = results["translated"] = translated
    rows = np.stack([each[:_MAX_IMAGES] for each in [*before, *shown.values()]])
    sheet = images.grid(rows.reshape(-1, *trained.sample_shape), rows.shape[1])
    write(out / "before_after.png", images.png(sheet))
    for folder, restored in shown.items():
        for index, each in enumerate(restored):
            stem = pathlib.PurePath(given.names[index]).stem
            write(out / folder / f"{index:04d}-{stem}.png", images.png(each))
    kinds = "degraded, restored and translated" if options.translator else "degraded and restored"
    show(f"Rows of original, {kinds} images: {out / 'before_after.png'}")
    show(f"Restored images: {' and '.join(str(out / folder) for folder in shown)}")
    if made.draws is not None:
        write(out / "draws.png", images.png(_draws_sheet(before, to_stored(made.draws))))
        show(f"Original, degraded image and several draws, one row per image: {out / 'draws.png'}")
    if not task.knows_originals:
        show("The originals are unknown, so quality is not measured (--noise=0).")
        return
    _measure(given, results, made.spread, out / "quality.csv")


def _translated(options, task, seen, given):
    """What the translator makes of degraded images, stored with 8 bits, as those it was trained on.

    Raises:
        UserError: when it undoes something else, or images of another shape.
    """
    translator = TrainedRun(options.translator)
    pair_by = translator.config.pair_by
    if not pair_by or DEGRADATIONS.load(pair_by) is not type(task.degradation):
        learned = f"--pair_by={pair_by}" if pair_by else "its own pairs"
        raise UserError(
            f"--translator={options.translator} was trained on {learned}, which --task={options.task} does "
            "not undo: give a run that was trained on the same damage."
        )
    shapes = seen.shape[1:], given.pixels.shape[1:]
    if shapes != (translator.source_shape, translator.sample_shape):
        raise UserError(
            f"--translator={options.translator} makes {translator.sample_shape} of "
            f"{translator.source_shape}, and these images are {shapes[1]}, damaged {shapes[0]}: give a run "
            "on images of this size."
        )
    modality = translator.modality
    pairs = Examples({SOURCE: modality.to_stored(seen), TARGET: given.pixels}, sample=TARGET)
    made = translate(translator.generate, modality, pairs, len(pairs))
    return np.concatenate([outputs for outputs, _ in made])


def _completed(trained, task, seen, made):
    """The images that were generated, and the images restored with them."""
    generated = trained.modality.to_network(made)
    difference = seen - np.asarray(task.look(generated))
    gained = np.asarray(task.gain(difference) * difference, np.float32)
    return {"restored": generated + task.lift(gained), "generated": generated}


def _draws_sheet(before, draws):
    """One row per image: those in `before`, and the draws."""
    columns = [
        *(each[:_MAX_IMAGES] for each in before),
        *np.moveaxis(draws[:_MAX_IMAGES, :_MAX_DRAWS], 1, 0),
    ]
    cells = np.stack(columns, axis=1)
    return images.grid(cells.reshape(-1, *cells.shape[2:]), len(columns))


def _measure(given, results, spread, path):
    """Writes and prints how similar the results are to the originals, and how far draws differ."""
    measured = {
        key: (
            image_similarity.psnr(given.pixels, value),
            image_similarity.ssim(given.pixels, value),
        )
        for key, value in results.items()
    }
    header = ["file", *(f"{what}_{key}" for key in measured for what in ("psnr", "ssim"))]
    columns = [value for both in measured.values() for value in both]
    if spread is not None:
        header, columns = [*header, "spread"], [*columns, spread]
    lines = [
        [name, *(f"{column[row]:.4f}" for column in columns)]
        for row, name in enumerate(given.names)
    ]
    write(path, table(header, lines))
    show(f"Quality of each image: {path}. Means of {len(lines):,}:")
    show(f"  {'':<12}{'PSNR':>8}{'SSIM':>8}")
    for key, (ratios, similarities) in measured.items():
        show(f"  {key:<12}{np.mean(ratios):>8.2f}{np.mean(similarities):>8.3f}")
    if spread is not None:
        show(f"Standard deviation of the draws over missing pixels: {np.mean(spread):.3f}")


def _possible(objective, trained):
    """Whether an objective has a meaning: a discriminator of packs has no logit of an image."""
    return trained.config.packing == 1 or "realism" not in objective
