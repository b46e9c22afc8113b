"""Trains and scores GANs of videos, each for as many minutes: `python -m experiments.video`.

MoCoGAN, TGAN, and a DCGAN of single frames whose videos are straight walks through its latents, on moving
glyphs, beside held-out videos. Completed trainings, a line of JSON each, are skipped, and interrupted
ones resume for the minutes that are left.
"""

import dataclasses
import pathlib
import time

from experiments import rows
from experiments.video import recipes
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "results.jsonl"
_SCORES = {  # key of a row: title
    "same_digit": "same digit",
    "recognized": "right digit",
    "fid": "FID",
    "content_distance": "content distance",
    "straightness": "straightness",
    "speed_distance": "speed distance, px",
    "bounces": "bounces",
    "classifier_score": "classifier score",
    "class_kl": "class KL",
    "steps": "steps",
}
_REAL = "held-out videos"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    only: tuple = option(
        (), "Options", f"which trainings: {', '.join(recipes.RECIPES)}; default: all"
    )
    seeds: int = option(1, "Options", "runs of each", low=1, high=100)
    minutes: int = option(15, "Options", "of each training", low=1, high=10_000)
    videos: int = option(1000, "Options", "videos that are scored", low=20)
    steps: int | None = option(None, "Options", "at most, of each training", low=1)
    runs: str = option("runs/video", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Output", "print the table of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains and scores GANs of videos.")
    check(options)
    unknown = set(options.only) - set(recipes.RECIPES)
    if unknown:
        raise UserError(f"--only={min(unknown)}: give one of {', '.join(recipes.RECIPES)}.")
    if not options.table:
        for seed in range(options.seeds):
            for name in options.only or recipes.RECIPES:
                if status := _run(options, name, seed):
                    return status
    print("\n".join(rows.table(rows.read(options.out), _SCORES)))
    return 0


def _run(options, name, seed):
    """Trains and scores what is not yet; returns the exit status."""
    known = {(row["name"], row["seed"]) for row in rows.read(options.out)}
    if (name, seed) in known:
        return 0
    with flags.quiet_import():
        from experiments.video import frames
        from experiments.video.scoring import Scorer
        from gan_tf.data import build as datasets
    videos = recipes.config_of("mocogan", seed, options.runs)
    if name in recipes.OF_FRAMES:
        frames.write(datasets.build(videos), recipes.frames_of(options.runs))
    status, minutes = _train(options, name, seed)
    if status:
        return status
    scorer = Scorer(videos, options.videos)
    if (_REAL, None) not in known:
        rows.append(options.out, {"name": _REAL, "seed": None} | scorer.of_held_out())
    row = {"name": name, "seed": seed, "minutes": round(minutes, 2)}
    row |= scorer.of_run(pathlib.Path(options.runs) / f"{name}-{seed}")
    rows.append(options.out, row)
    print(row, flush=True)
    return 0


def _train(options, name, seed):
    """Trains for the minutes that are left; returns the exit status, and the minutes of all sessions."""
    with flags.quiet_import():
        from gan_tf.training import loop
    spent = pathlib.Path(options.runs) / f"{name}-{seed}.minutes"
    before = float(spent.read_text()) if spent.exists() else 0.0
    left = round(options.minutes - before)
    if left < 1:
        return 0, before
    changes = [f"--max_minutes={left}"]
    changes += [f"--steps={options.steps}"] if options.steps else []
    began = time.monotonic()
    status = loop.train(recipes.config_of(name, seed, options.runs, changes))
    minutes = before + (time.monotonic() - began) / 60
    spent.parent.mkdir(parents=True, exist_ok=True)
    spent.write_text(f"{minutes:.3f}")
    return status, minutes


if __name__ == "__main__":
    flags.run(main)
