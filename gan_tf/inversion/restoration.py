"""What `gan_tf.restore` does: finds images that a generator can make behind damaged ones."""

import pathlib

import numpy as np

from gan_tf.files.atomic_write import write
from gan_tf.inversion import input_images
from gan_tf.inversion.reconstruction import searcher, table
from gan_tf.metrics import image_similarity
from gan_tf.modalities import image as images
from gan_tf.registry import TASKS
from gan_tf.runs.trained_run import TrainedRun

_SHOWN = 12  # images in the picture, at most


def restore(run, options):
    """Restores the images that the options of `gan_tf.restore` name; writes and prints the results.

    Raises:
        UserError: when run, images or mask cannot be used, or the results cannot be written.
    """
    trained = TrainedRun(run, options.checkpoint)
    given = input_images.read(trained, options)
    classes = input_images.classes(trained, given, options)
    name = TASKS.entry(options.task).name
    task = TASKS.build(options.task, vars(options))
    task.prepare(len(given.pixels), trained.image_shape, np.random.default_rng(options.seed))
    seen = task.degrade(given.floats)

    objectives = [each for each in task.objectives if _possible(each, trained)]
    search = searcher(trained, options, objectives, task.look)
    found = search(seen, task.weigh(seen), classes)
    labels = found.labels if trained.conditional else None
    generated = trained.modality.to_network(trained.images(found.latents, labels))
    difference = seen - np.asarray(task.look(generated))
    restored = generated + task.lift(np.asarray(task.gain(difference) * difference, np.float32))
    plain = task.restore_plainly(seen)
    results = {"restored": restored, "generated": generated} | plain
    results = {key: trained.modality.to_stored(value) for key, value in results.items()}

    out = pathlib.Path(options.out or run.restored / name)
    shown = [given.pixels, trained.modality.to_stored(task.show(seen)), results["restored"]]
    rows = np.stack([each[:_SHOWN] for each in shown])
    sheet = images.grid(rows.reshape(-1, *trained.image_shape), rows.shape[1])
    write(out / "before_after.png", images.png(sheet))
    for number, each in enumerate(results["restored"]):
        stem = pathlib.PurePath(given.names[number]).stem
        write(out / "images" / f"{number:04d}-{stem}.png", images.png(each))
    print(f"Original, seen and restored, a row each: {out / 'before_after.png'}")
    print(f"Restored images: {out / 'images'}")
    if not task.knows_originals:
        print("What they should be is not known, so nothing is measured (--noise=0).")
        return
    measured = {
        key: (
            image_similarity.psnr(given.pixels, value),
            image_similarity.ssim(given.pixels, value),
        )
        for key, value in results.items()
    }
    header = ["file", *(f"{what}_{key}" for key in measured for what in ("psnr", "ssim"))]
    lines = [
        [given.names[row], *(f"{value[row]:.4f}" for both in measured.values() for value in both)]
        for row in range(len(given.names))
    ]
    write(out / "quality.csv", table(header, lines))
    print(f"Of each image: {out / 'quality.csv'}. Means of {len(lines):,}:")
    print(f"  {'':<12}{'PSNR':>8}{'SSIM':>8}")
    for key, (ratios, similarities) in measured.items():
        print(f"  {key:<12}{np.mean(ratios):>8.2f}{np.mean(similarities):>8.3f}")


def _possible(objective, trained):
    """Whether a discriminator that judges packs of images leaves an objective with a meaning."""
    return trained.config.packing == 1 or "realism" not in objective
