"""Trains what the gallery shows, and writes its page: `python -m experiments.gallery`.

Runs are where their commands put them, in `runs/`. Trainings that have a line in results.jsonl are not
made again; those that were interrupted resume.
"""

import dataclasses
import datetime
import io
import json
import time

from PIL import Image

from experiments import curves, rows
from experiments.gallery import page
from experiments.gallery.recipes import RECIPES
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option
from gan_tf.runs import metrics_log
from gan_tf.runs.run_dir import RunDir

_LARGE = 100_000  # bytes of a PNG file that becomes a JPEG file


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    only: tuple = option((), "Options", f"which entries: {', '.join(RECIPES)}; default: all")
    page: bool = option(False, "Options", "write the page of what there is, train nothing")


def main(argv):
    """Trains what is missing, and writes the page; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains what the gallery shows.")
    check(options)
    unknown = set(options.only) - set(RECIPES)
    if unknown:
        raise UserError(f"--only={min(unknown)}: give one of {', '.join(RECIPES)}.")
    results = page.FILES / "results.jsonl"
    if not options.page:
        done = {row["name"] for row in rows.read(results)}
        for name in options.only or RECIPES:
            if name not in done:
                print(f"== {name}", flush=True)
                rows.append(results, {"name": name} | _run(RECIPES[name], name))
    write(page.PAGE, page.write(rows.read(results)).encode())
    return 0


def _run(recipe, name):
    """Trains a run, and keeps what it shows; returns the facts of its row."""
    with flags.quiet_import():
        import keras

        from gan_tf.runtime import device, precision
        from gan_tf.training import loop
    config = recipe.config
    run = RunDir(config.run_dir)
    resumed, began = run.checkpoints.exists(), time.monotonic()
    if loop.train(config):
        raise UserError(f"{name}: the training ended early; repeat the command to resume it.")
    minutes = None if resumed else round((time.monotonic() - began) / 60, 1)
    keras.utils.clear_session()  # so that memory does not grow from run to run
    keep(run, page.FILES / name, recipe.panels)
    health = json.loads(run.health.read_text())
    return {
        "seed": config.seed,
        "steps": health["step"],
        "minutes": minutes,  # unknown if there were interruptions
        "health": health["verdict"],
        "precision": precision.resolve(config.precision),
        "processor": device.processor(),
        "date": datetime.date.today().isoformat(),
    }


def keep(run, path, panels=()):
    """Copies the last snapshot of a run, and plots its log.

    Args:
        run: the `RunDir`.
        path: of the files, without suffix: a large PNG file becomes a JPEG file, and the plot's name
            ends in "-log.png".
        panels: of the plot, see `experiments.curves.Options`.
    """
    last = max(run.samples.glob("step-*"), key=lambda each: each.stem)
    for each in run.samples.glob(f"{last.stem}.*"):
        suffix, content = each.suffix, each.read_bytes()
        if suffix == ".png" and len(content) > _LARGE:
            made = io.BytesIO()
            Image.open(each).convert("RGB").save(made, "JPEG", quality=90)
            suffix, content = ".jpg", made.getvalue()
        write(path.with_suffix(suffix), content)
    drawn = curves.panels_of(metrics_log.rows(run.metrics), [each.split(":") for each in panels])
    write(path.with_name(f"{path.name}-log.png"), curves.plot(drawn))


if __name__ == "__main__":
    flags.run(main)
