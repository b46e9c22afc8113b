"""Trains on poems, captions, DNA and peptides, and scores: `python -m experiments.sequences.corpora`.

Runs that are scored already, a line of JSON each, are left out, and a run that is there goes on, so that
the program can be interrupted. README.md beside it says what the scores mean.
"""

import dataclasses
import pathlib
import time

from experiments import rows
from experiments.sequences import recipes
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "corpora.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    data: str = option("data", "Options", "folder of the given data, see README.md", path=True)
    only: tuple = option((), "Options", "names of runs, such as poems-mle; default: all")
    seeds: int = option(1, "Options", "runs of each", low=1, high=100)
    steps: int | None = option(None, "Options", "of each run, instead of its own", low=1)
    samples: int = option(2_000, "Options", "sequences that are scored", low=1000)
    runs: str = option("runs/corpora", "Options", "where the runs and their data are", path=True)
    out: str = option(str(_FILE), "Options", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Options", "print the tables of the results there are, run nothing")


def main(argv):
    """Trains and scores what is missing and prints the tables; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains on text, DNA and peptides.")
    check(options)
    unknown = set(options.only) - set(recipes.NAMES)
    if unknown:
        raise UserError(f"--only={min(unknown)}: the runs are {', '.join(recipes.NAMES)}.")
    if not options.table:
        for seed in range(options.seeds):
            for name in options.only or recipes.NAMES:
                _run(options, name, seed)
    print("\n".join(tables(rows.read(options.out))))
    return 0


def config_of(options, name, seed):
    """Returns the resolved `Config` of a run."""
    words = recipes.words(name, seed, f"{options.runs}/files", options.runs)
    words += [f"--steps={options.steps}"] if options.steps else []
    config, _ = flags.parse(Config, ["corpora", *words], "")
    return config.resolve()


def _run(options, name, seed):
    """Trains and scores a run unless there is its row, and before it the data, once for each corpus."""
    done = {(row["name"], row["seed"]) for row in rows.read(options.out)}
    if (name, seed) in done:
        return
    with flags.quiet_import():
        from experiments.sequences import corpus_files, corpus_scores, peptide_classifier
        from gan_tf.training import loop
    files = f"{options.runs}/files"
    corpus_files.make(options.data, files)
    corpus = name.split("-", 1)[0]
    if corpus == "peptides" and not pathlib.Path(files, peptide_classifier.NAME).exists():
        row = {"name": "peptides-classifier", "seed": 0}
        rows.append(options.out, row | {"auc": peptide_classifier.train(options.data, files)})
    config, began = config_of(options, name, seed), time.monotonic()
    print(f"== {name}, seed {seed}", flush=True)
    if loop.train(config):
        raise KeyboardInterrupt
    seconds = round(time.monotonic() - began)
    scorer = corpus_scores.Scorer(
        recipes.CORPORA[corpus], config, options.data, files, options.samples
    )
    if (f"{corpus}-real", 0) not in done:
        for what, scores in scorer.references():
            rows.append(options.out, {"name": f"{corpus}-{what}", "seed": 0} | scores)
    row = {"name": name, "seed": seed, "step": config.steps, "seconds": seconds}
    rows.append(options.out, row | scorer.of_run(config.run_dir))


def tables(found):
    """Returns the lines of a Markdown table for each corpus: means and deviations over the seeds."""
    lines = []
    for corpus in recipes.CORPORA:
        mine = [row for row in found if row["name"].startswith(f"{corpus}-")]
        names = list(dict.fromkeys(row["name"] for row in mine))
        if not names:
            continue
        other = ("name", "seed", "step", "seconds")
        keys = list(dict.fromkeys(key for row in mine for key in row if key not in other))
        lines += ["", f"| {corpus} | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
        for key in keys:
            values = (
                [row[key] for row in mine if row["name"] == name and key in row] for name in names
            )
            cells = [rows.cell(each, "{:.3f}") if each else "" for each in values]
            lines.append(f"| {key} | {' | '.join(cells)} |")
    return lines[1:]


if __name__ == "__main__":
    flags.run(main)
