"""Calibrates the health verdict: `python -m experiments.health`.

Trains runs that were provoked to fail and runs that are sound, judges what they logged, and writes
the table of experiments/health/README.md. A run that is there already, in `runs/health`, is only
judged anew, so that a changed threshold takes seconds to try.
"""

import dataclasses
import json
import pathlib
import re
import shlex
import subprocess
import sys
import time

from experiments.health.runs import HEALTHY, PROVOKED
from gan_tf import flags
from gan_tf.callbacks import logs
from gan_tf.errors import UserError
from gan_tf.health import Judge
from gan_tf.options import check, option
from gan_tf.run_dir import RunDir

_README = pathlib.Path(__file__).with_name("README.md")


@dataclasses.dataclass(frozen=True)
class Options:
    """What to do; every field is documented by its own text."""

    runs: str = option("runs/health", "Options", "where the runs are", path=True)
    seed: int = option(0, "Options", "seed of all runs", low=0, high=2**31 - 1)


def main(argv):
    """Trains what is missing, judges all, writes the table; returns how many were misjudged."""
    options, _ = flags.parse(Options, argv, "Calibrates the health verdict.")
    check(options)
    folder = pathlib.Path(options.runs)
    rows, wrong, seconds = [], 0, [0.0, 0.0]
    for run in (*PROVOKED, *HEALTHY):
        path = folder / run.name
        _train(run, path, options.seed)
        judge, told = judged(path)
        right = told[0] == run.expected if told else run.expected == "healthy"
        wrong += not right
        spent = json.loads(RunDir(path).health.read_text())["seconds"]
        seconds = [a + b for a, b in zip(seconds, (spent["health"], spent["training"]))]
        rows.append(row(run, judge, told, right, options.seed))
        print(rows[-1], flush=True)
    share = f"{100 * seconds[0] / seconds[1]:.2g} %"
    print(f"Share of the training time that watching took, over all runs: {share}.")
    _write(rows, share)
    return wrong


def judged(path):
    """Judges a run's log anew.

    Returns:
        Its `Judge`, and the names of what was found, causes first; what ended the run as no
        numbers stands in health.json only.
    """
    judge = Judge()
    for each in logs.rows(RunDir(path).metrics):
        judge.add(each)
    for found in json.loads(RunDir(path).health.read_text())["findings"]:
        if found["name"] == "not_finite":
            judge.fail(found["since"], found["evidence"])
    return judge, [each.name for each in judge.active]


def row(run, judge, told, right, seed):
    """Returns a row of the table."""
    found = judge.active or judge.findings
    evidence = "; ".join(f"{each.name} {each.when()}: {each.evidence}" for each in found) or "–"
    said = ", ".join(told) or ("healthy" if not found else "healthy now")
    command = " ".join(shlex.quote(each) for each in run.flags)
    cells = run.name, run.expected, said, evidence, f"{judge.step:,}", f"`{command} --seed={seed}`"
    return "| " + " | ".join((*cells, "yes" if right else "**no**")) + " |"


def _train(run, path, seed):
    if RunDir(path).health.exists() and (path / "done").exists():
        return
    module = run.module
    command = [*run.flags, f"--seed={seed}", f"--run_dir={path}", "--keep=1"]
    status = subprocess.run([sys.executable, "-m", module, *command]).returncode
    if status and run.expected != "not_finite":
        raise UserError(f"'{run.name}' ended with status {status}, for the reason above.")
    (path / "done").touch()
