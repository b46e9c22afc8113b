"""Trains and scores the translations: `python -m experiments.translation`.

Each task is trained with its content loss only, with the adversarial loss only, and with both, and
scored on held-out pairs beside a baseline on the same pairs. Completed runs, a line of JSON each,
are skipped, so that the program can be interrupted. README.md explains the results.
"""

import dataclasses
import pathlib

from experiments import rows
from experiments.configs import config_of
from experiments.translation import recipes, training
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "results.jsonl"

_COLUMNS = {  # (key of a row, format): title
    ("psnr", "{:.2f}"): "PSNR, dB",
    ("ssim", "{:.3f}"): "SSIM",
    ("fid", "{:.3g}"): "FID",
    ("color_histogram", "{:.3f}"): "color histogram",
    ("images", "{:,.0f}"): "pairs seen",
    ("cpu_seconds", "{:.0f}"): "processor s",
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    only: tuple = option((), "Options", "names of trainings, such as color-both; default: all")
    seeds: tuple = option(("0",), "Options", "seeds of the trainings")
    maps: str | None = option(None, "Options", "folder of satellite image | relief", path=True)
    emoji: str | None = option(None, "Options", "folder of emoji", path=True)
    runs: str = option("runs/translation", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    picture: str | None = option(
        None, "Output", "folder for a JPEG of each task: sources, outputs, targets", path=True
    )
    table: bool = option(False, "Output", "print the table of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "What the losses of a translation are worth.")
    check(options)
    if not options.table:
        done = {(row["name"], row["seed"]) for row in rows.read(options.out)}
        for seed in map(int, options.seeds):
            for name in options.only or recipes.ORDER:
                status = 0 if (name, seed) in done else _run(options, name, seed)
                if status:
                    return status
    if options.picture:
        _draw(options)
    print("\n".join(table(rows.read(options.out))))
    return 0


def _config(options, name, seed):
    """The resolved `Config` of a training."""
    folders = {"maps": options.maps, "emoji": options.emoji}
    return config_of(recipes.words(name, folders, seed, options.runs))


def _run(options, name, seed):
    """Trains and scores; returns the exit status.

    Appends the row, and that of the task's baseline if there is none.
    """
    print(f"== {name}, seed {seed}", flush=True)
    config = _config(options, name, seed)
    shown = recipes.words(name, {"maps": "maps", "emoji": "emoji"}, seed, "runs/translation")
    status, facts = training.train(config, shown)
    if status:
        return status
    with flags.quiet_import():
        from experiments.translation.scoring import Scorer
    scorer, (task, _, losses) = Scorer(config), name.rpartition("-")
    outputs = scorer.outputs(config.run_dir)
    row = {"name": name, "losses": losses, "seed": seed} | scorer.scores(outputs) | facts
    rows.append(options.out, row)
    print(row, flush=True)
    if not any(each["name"] == f"{task}-baseline" for each in rows.read(options.out)):
        baseline, title = recipes.TASKS[task].baseline
        found = {"name": f"{task}-baseline", "losses": title, "seed": None, "date": facts["date"]}
        rows.append(options.out, found | scorer.scores(scorer.baseline(baseline)))
    return 0


def _draw(options):
    """Writes the picture of each task that has runs of the first seed."""
    with flags.quiet_import():
        from experiments.translation.scoring import Scorer

    for name, task in recipes.TASKS.items():
        runs = [f"{name}-{losses}" for losses in recipes.LOSSES if getattr(task, losses)]
        configs = [_config(options, each, options.seeds[0]) for each in runs]
        made = [each for each in configs if pathlib.Path(each.run_dir, "checkpoints").is_dir()]
        if made:
            scorer, baseline = Scorer(made[0]), task.baseline[0]
            drawn = [] if baseline == "untranslated" else [scorer.baseline(baseline)]
            drawn += [scorer.outputs(each.run_dir) for each in made]
            write(pathlib.Path(options.picture) / f"{name}.jpg", scorer.picture(drawn))


def table(found):
    """Returns the lines of a Markdown table: mean and standard deviation over the seeds."""
    heads = ("task", "losses", *_COLUMNS.values(), "goal", "seeds")
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for name, task in recipes.TASKS.items():
        for end in ("baseline", *recipes.LOSSES):
            of_row = [row for row in found if row["name"] == f"{name}-{end}"]
            if not of_row:
                continue
            cells = [
                rows.cell([row[key] for row in of_row], form) if key in of_row[0] else ""
                for (key, form) in _COLUMNS
            ]
            goal = f"{task.goal} dB" if task.goal and end == "content" else ""
            seeds = "" if end == "baseline" else len(of_row)
            shown = [task.title, of_row[0]["losses"], *cells, goal, seeds]
            lines.append(f"| {' | '.join(map(str, shown))} |")
    return lines


if __name__ == "__main__":
    flags.run(main)
