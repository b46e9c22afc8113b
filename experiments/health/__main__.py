"""Calibrates the health verdict: `python -m experiments.health`.

Trains runs provoked to fail and healthy runs, diagnoses what they logged, and writes
the tables of experiments/health/README.md. A run that is there already, in `runs/health`, is only
diagnosed again, so that a changed threshold takes seconds to try.
"""

import dataclasses
import json
import pathlib
import re
import shlex
import subprocess
import sys

from experiments.health.runs import HEALTHY, PROVOKED
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option
from gan_tf.runs import metrics_log
from gan_tf.runs.run_dir import RunDir
from gan_tf.training.health.diagnosis import NOT_FINITE, Diagnosis

_README = pathlib.Path(__file__).with_name("README.md")
_HEAD = "| run | expected | verdict | evidence | found at step | steps | correct |"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to do; every field is documented by its own text."""

    runs: str = option("runs/health", "Options", "where the runs are", path=True)
    seed: int = option(0, "Options", "seed of all runs", low=0, high=2**31 - 1)


def main(argv):
    """Trains missing runs, diagnoses all, writes the tables; returns 0 when all are right."""
    options, _ = flags.parse(Options, argv, "Calibrates the health verdict.")
    check(options)
    tables, wrong, seconds = {}, [], [0.0, 0.0]
    for title, runs in (("provoked", PROVOKED), ("healthy", HEALTHY)):
        lines = [_HEAD, "|" + "---|" * 7]
        for run in runs:
            folder = pathlib.Path(options.runs) / f"{run.name}-{options.seed}"
            _train(run, folder, options.seed)
            report = json.loads(RunDir(folder).health.read_text())
            rows = metrics_log.rows(RunDir(folder).metrics)
            diagnosis = rediagnosed(rows, report, RunDir(folder).config().modality_name)
            lines.append(row(run, diagnosis))
            print(lines[-1], flush=True)
            if not right(run, diagnosis):
                wrong.append(run.name)
            spent = report["seconds"]
            seconds = [seconds[0] + spent["health"], seconds[1] + spent["training"]]
        tables[title] = lines
    share = 100 * seconds[0] / seconds[1]
    cost = (
        f"Watching took {seconds[0]:.0f} of {seconds[1]:,.0f} seconds of training: {share:.2g} %."
    )
    print(cost, f"Wrong: {', '.join(wrong) or 'none'}.", sep="\n")
    tables["commands"] = _commands(options.seed)
    tables["cost"] = [cost]
    _write(tables)
    return 1 if wrong else 0


def rediagnosed(rows, report, modality="image"):
    """Returns the `Diagnosis` of logged rows.

    Args:
        rows: of metrics.jsonl.
        report: the content of health.json, the only record of values that were not finite.
        modality: the name of the modality of the samples.
    """
    diagnosis = Diagnosis(modality)
    for each in rows:
        diagnosis.add(each)
    for found in report["findings"]:
        if found["name"] == NOT_FINITE:
            diagnosis.fail(found["found"], found["evidence"])
    return diagnosis


def right(run, diagnosis):
    """Returns whether the verdict names the expected finding first; none for a healthy run."""
    if run.expected == "healthy":
        return diagnosis.verdict() == "healthy"
    return bool(diagnosis.active) and diagnosis.active[0].name == run.expected


def row(run, diagnosis):
    """Returns the row of a run."""
    found = diagnosis.active or diagnosis.findings
    said = ", ".join(f"{each.name} {each.when()}" for each in found) or diagnosis.verdict()
    cells = (
        run.name,
        run.expected,
        said if diagnosis.active or not found else f"healthy again after {said}",
        "; ".join(each.evidence for each in found) or "-",
        ", ".join(f"{each.found:,}" for each in found) or "-",
        f"{diagnosis.step:,}",
        "yes" if right(run, diagnosis) else "**no**",
    )
    return f"| {' | '.join(cells)} |"


def _train(run, folder, seed):
    """Trains a run, unless already done; some are meant to end with an error."""
    if RunDir(folder).health.exists():
        return
    command = [*shlex.split(run.flags), f"--seed={seed}", f"--run_dir={folder}", "--keep=1"]
    status = subprocess.run([sys.executable, "-m", "gan_tf.main", *command]).returncode
    print(f"{run.name}: exit status {status}.", file=sys.stderr)


def _commands(seed):
    lines = [
        f"# {run.name}\npython -m gan_tf.main {run.flags} --seed={seed}"
        for run in (*PROVOKED, *HEALTHY)
    ]
    return ["```", *lines, "```"]


def _write(tables):
    """Writes the tables between their markers in README.md."""
    text = _README.read_text()
    for name, lines in tables.items():
        marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
        body = "\n".join([marks[0], *lines, marks[1]])
        text = re.sub(f"{marks[0]}.*?{marks[1]}", lambda _, body=body: body, text, flags=re.DOTALL)
    write(_README, text.encode())


if __name__ == "__main__":
    flags.run(main)
