"""Translations between domains, and fonts: `python -m experiments.translation.domains`.

Trains the recipes of domain_recipes.py, scores them on held-out images, and prints a table for each task.
Completed runs, a line of JSON each, are skipped, so that the program can be interrupted. README.md explains
the results.
"""

import dataclasses
import pathlib

from experiments import rows
from experiments.configs import config_of
from experiments.translation import domain_recipes as recipes
from experiments.translation import training
from gan_tf.options import flags
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "domains.jsonl"
_FOLDERS = ("emoji", "fonts")
_SHARES = (
    "class_kept",
    "trained_on",
    "attribute_changed",
    "others_kept",
    "recognized",
    "style_accuracy",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    only: tuple = option((), "Options", "names of trainings, such as digits-base; default: all")
    seeds: tuple = option(("0",), "Options", "seeds of the trainings")
    emoji: str | None = option(
        None, "Options", "folder with the folders google and twitter", path=True
    )
    fonts: str = option("/usr/share/fonts", "Options", "folder of fonts", path=True)
    steps: int | None = option(
        None, "Options", "steps of each training; default: those of the recipe", low=1
    )
    num_images: int = option(5000, "Options", "held-out images of each set to score", low=2)
    runs: str = option("runs/domains", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Output", "print the tables of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the tables; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Translations between domains, and fonts.")
    check(options)
    if not options.table:
        done = {(row["name"], row["seed"]) for row in rows.read(options.out)}
        for seed in map(int, options.seeds):
            for name in options.only or recipes.ORDER:
                status = 0 if (name, seed) in done else run(options, name, seed)
                if status:
                    return status
    print("\n".join(tables(rows.read(options.out))))
    return 0


def run(options, name, seed):
    """Trains and scores; appends the row; returns the exit status."""
    print(f"== {name}, seed {seed}", flush=True)
    folders = {each: getattr(options, each) for each in _FOLDERS}
    config = config_of(recipes.words(name, folders, seed, options.runs, options.steps))
    shown = recipes.words(name, dict(zip(_FOLDERS, _FOLDERS)), seed, "runs/domains", options.steps)
    status, facts = training.train(config, shown)
    if status:
        return status
    with flags.quiet_import():
        from experiments.translation import domain_scoring
    task = recipes.TASKS[name.partition("-")[0]]
    scores = domain_scoring.evaluated(config.run_dir, task.metrics, options.num_images)
    for part, found in getattr(domain_scoring, task.scorer)(config.run_dir, seed=seed).items():
        scores[part] = scores.get(part, {}) | found
    row = {"name": name, "seed": seed, "scores": scores} | facts
    rows.append(options.out, row)
    print(row, flush=True)
    return 0


def tables(found):
    """Yields the lines of a Markdown table for each task that has rows.

    A cell is the mean over the seeds, with its standard deviation, then in parentheses the score of
    untranslated images, where it has been measured that of real ones, and the goal, if there is one.
    """
    for task, about in recipes.TASKS.items():
        if any(row["name"].startswith(f"{task}-") for row in found):
            heads = (about.title, "variant", *about.columns.values(), "images seen", "seeds")
            yield from (f"| {' | '.join(heads)} |", "|" + "---|" * len(heads))
        for variant in about.variants:
            of_row = [row for row in found if row["name"] == f"{task}-{variant}"]
            for part in of_row[0]["scores"] if of_row else ():
                values = [row["scores"][part] for row in of_row]
                cells = [
                    _cell(key, [each.get(key) for each in values], about.goals.get((part, key)))
                    for key in about.columns
                ]
                about_part = part.replace("_", " ")
                count = f"{of_row[0]['images']:,}"
                yield f"| {' | '.join([about_part, variant, *cells, count, str(len(of_row))])} |"
        if any(row["name"].startswith(f"{task}-") for row in found):
            yield ""


def _cell(key, values, goal):
    """A score of each seed: its mean, and what it is compared with."""
    if None in values:
        return ""
    form = "{:.1%}" if key in _SHARES else "{:.3g}"
    text = rows.cell([each["value"] for each in values], form)
    known = [
        rows.cell([values[0][name]], form) for name in ("ceiling", "floor") if name in values[0]
    ]
    known += [f"goal {form.format(goal)}"] if goal else []
    return f"{text} ({', '.join(known)})" if known else text


if __name__ == "__main__":
    flags.run(main)
