"""Glyphs and MNIST, translated both ways: `python -m experiments.translation.digits`.

Trains the preset experiments/cyclegan-glyphs.flags once for each seed, scores both directions on held-out
digits, and prints a table of means. What has been scored is not trained again.
"""

import dataclasses
import json
import pathlib

from experiments import rows
from gan_tf import evaluate
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same

METRICS = ("fid", "class_kept", "cycle_l1", "robust_cycle_l1")
_HERE = pathlib.Path(__file__).parent
_PRESET = _HERE.parent / "cyclegan-glyphs.flags"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    seeds: tuple = option(("0",), "Options", "seeds of the trainings")
    num_images: int = option(5000, "Options", "held-out digits of each set to score", low=2)
    data_dir: str | None = same(Config, "data_dir", "Options")
    runs: str = option("runs/translation", "Options", "where the runs are", path=True)
    out: str = option(str(_HERE / "digits.jsonl"), "Output", "the file of results", path=True)
    table: bool = option(False, "Output", "print the table of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Digits of two sets, translated both ways.")
    check(options)
    done = {row["seed"] for row in rows.read(options.out)}
    for seed in () if options.table else map(int, options.seeds):
        status = 0 if seed in done else run(options, seed)
        if status:
            return status
    print("\n".join(table(rows.read(options.out))))
    return 0


def run(options, seed):
    """Trains and scores with one seed; appends a row for each direction; returns the exit status."""
    folder = pathlib.Path(options.runs, f"digits-{seed}")
    words = [f"--flagfile={_PRESET}", f"--seed={seed}", f"--run_dir={folder}"]
    config, _ = flags.parse(Config, ["digits", *words], "")
    with flags.quiet_import():
        from gan_tf.training import loop

    status = loop.train(dataclasses.replace(config, data_dir=options.data_dir).resolve())
    if status:
        return status
    scores = folder / "both.json"
    arguments = [f"--metric={each}" for each in METRICS]
    arguments += [f"--num_images={options.num_images}", f"--run_dir={folder}", f"--json={scores}"]
    evaluate.main(
        ["digits", *arguments, *([f"--data_dir={options.data_dir}"] * bool(options.data_dir))]
    )
    for report in json.loads(scores.read_text())["runs"]:
        rows.append(
            options.out, {key: report[key] for key in ("direction", "metrics")} | {"seed": seed}
        )
    return 0


def table(found):
    """Returns the lines of a Markdown table: means over the seeds, floors and ceilings."""
    lines = [
        "| direction | score | value | floor | untranslated | runs |",
        "|---|---|---|---|---|---|",
    ]
    for direction in ("a_to_b", "b_to_a"):
        own = [row["metrics"] for row in found if row["direction"] == direction]
        for name in METRICS if own else ():
            cells = [
                rows.cell([each[name][key] for each in own], "{:.3g}")
                if key in own[0][name]
                else ""
                for key in ("value", "floor", "ceiling")
            ]
            lines.append(f"| {' | '.join([direction, name, *cells, str(len(own))])} |")
    return lines


if __name__ == "__main__":
    flags.run(main)
