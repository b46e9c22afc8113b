"""Quality per minute of training: `python -m experiments.faces`.

Each recipe is trained on the same data, and scored when its training has taken so many minutes; scoring
takes none of them. Rows that are there, a line of JSON each, are not made again, and a training that was
interrupted resumes, so that the program can be stopped, or called again with more minutes.
"""

import dataclasses
import datetime
import pathlib

from experiments import rows
from experiments.faces import comparison, recipes, tables
from experiments.faces.clock import Clock
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    task: str = option("faces", "Options", "the data and recipes", choices=tuple(recipes.TASKS))
    only: tuple = option((), "Options", "names of recipes, such as dcgan; default: all of the task")
    minutes: tuple = option(
        (), "Options", "of training, after which each is scored; default: the task's"
    )
    seeds: tuple = option(("0",), "Options", "seeds of the trainings")
    images: int | None = option(
        None, "Options", "images that are scored; default: half of the data", low=100
    )
    runs: str = option("runs/faces", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    plot: str | None = option(None, "Output", "PNG of FID over minutes of training", path=True)
    samples: str | None = option(
        None, "Output", "JPEG or PNG of samples after the last of --minutes", path=True
    )
    table: bool = option(False, "Output", "print the tables of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the tables; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Quality per minute of training.")
    check(options)
    task = recipes.TASKS[options.task]
    names = [*task.recipes, *task.peers]
    for name in options.only:
        if name not in names:
            raise UserError(f"--only={name}: give one of {', '.join(names)}.")
    if not options.table:
        for seed in map(_seed, options.seeds):
            for name in options.only or names:
                if status := _run(options, name, seed):
                    return status
    found = [row for row in rows.read(options.out) if row["task"] == options.task]
    print("\n\n".join("\n".join(each) for each in tables.tables(task, found)))
    if options.plot and found:
        write(options.plot, tables.plot(task, found))
    if options.samples:
        last, suffix = _minutes(options)[-1], pathlib.Path(options.samples).suffix
        write(options.samples, comparison.picture(task, found, options.runs, last, suffix))
    return 0


def _seed(text):
    if not text.isdecimal():
        raise UserError(f"--seeds={text}: give whole numbers.")
    return int(text)


def _minutes(options):
    """The minutes after which each is scored, ascending."""
    found = options.minutes or recipes.TASKS[options.task].minutes
    try:
        found = sorted(map(float, found))
    except ValueError:
        raise UserError(f"--minutes={','.join(found)}: give numbers.") from None
    if not found[0] > 0:
        raise UserError(f"--minutes={found[0]:g}: give numbers above 0.")
    return found


def _run(options, name, seed):
    """Trains and scores what is not yet; returns the exit status."""
    what = {"task": options.task, "name": name, "seed": seed}
    minutes = _minutes(options)
    missing = set(minutes) - _done(options, what)
    if not missing:
        return 0
    print(f"== {name}, seed {seed}", flush=True)
    folder = pathlib.Path(options.runs) / f"{options.task}-{name}-{seed}"
    clock = Clock(folder / "times.jsonl", minutes)
    if clock.kept > 60 * max(missing):
        print(
            f"It has been trained for {clock.kept / 60:.1f} minutes: what was before is not scored."
        )
        return 0
    config = recipes.run_config(options.task, name, seed, folder / "run")
    with flags.quiet_import():
        from experiments.faces import trainings
        from experiments.faces.scoring import Scorer
        from gan_tf.runtime import device, precision
    scorer = Scorer(config, folder, options.images)
    peer = recipes.TASKS[options.task].peers.get(name)
    batch_size = trainings.batch_size(peer) if peer else config.batch_size
    facts = {
        "processor": device.processor(),
        "precision": "float32" if peer else precision.resolve(config.precision),
        "date": datetime.date.today().isoformat(),
    }

    def score(mark, step, generate):
        if mark not in _done(options, what):
            seen = step * batch_size * config.discriminator_steps
            row = what | {"minutes": mark, "step": step, "images": seen}
            row |= scorer.score(generate, mark) | facts
            rows.append(options.out, row)
            print(row, flush=True)

    if not peer:
        return trainings.train(config, clock, score, scorer.training)
    samples = scorer.training.samples
    trainings.train_peer(peer, samples, seed, folder / "state", clock, score)
    return 0


def _done(options, what):
    """The minutes of which there are rows."""
    return {
        row["minutes"] for row in rows.read(options.out) if {key: row[key] for key in what} == what
    }


if __name__ == "__main__":
    flags.run(main)
