"""Trains and scores the runs of the results table: `python -m experiments.results`.

Prints the table of `experiments/README.md`. Existing runs in the folder `runs/results` are resumed
or only scored, so that the program can be interrupted.
"""

import dataclasses
import json
import pathlib
import statistics
import subprocess
import sys
import time

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.option import check, option
from gan_tf.runs.run_dir import RunDir

_MNIST = ("mlp", "dcgan", "ema", "wgan", "wgan_gp", "hinge_sn", "conditional")
_CELEB_A = ("dcgan", "wgan_gp", "hinge_sn")
_PUBLISHED = (  # DCGAN: the table compares methods, not how they are updated
    "--batch_size=64",
    "--generator_optimizer=adam(2e-4, beta_1=0.5)",
    "--discriminator_optimizer=adam(2e-4, beta_1=0.5)",
    "--trick=",
)
_BUDGETS = {  # what a run of the table is given, where it is not what its preset says
    "mlp-mnist": ["--epochs=4", "--batch_size=64"],
    "dcgan-mnist": ["--epochs=4", *_PUBLISHED],
    "dcgan-celeb_a": ["--steps=1000", "--width=64", *_PUBLISHED],
}
_METRICS = ("fid", "kid", "precision", "recall", "coverage", "swd")


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    presets: tuple = option(
        (
            *(f"{each}-mnist" for each in _MNIST),
            *(f"{each}-celeb_a" for each in _CELEB_A),
        ),
        "Options",
        "the presets to run",
    )
    seeds: int = option(3, "Options", "runs of each on MNIST; one on CelebA", low=1, high=100)
    runs: str = option("runs/results", "Options", "where the runs are", path=True)


def main(argv):
    """Trains, scores, prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains and scores the runs of the results table.")
    check(options)
    print("| run | " + " | ".join(_METRICS) + " | images seen | minutes |")
    print("|" + "---|" * (len(_METRICS) + 3))
    for preset in options.presets:
        seeds = range(options.seeds if preset.endswith("-mnist") else 1)
        found = [_run(preset, seed, pathlib.Path(options.runs)) for seed in seeds]
        print(f"| {preset} | {' | '.join(_cells(found))} |", flush=True)
    return 0


def _run(preset, seed, folder):
    """Trains and scores one run, unless already done; returns the content of scores.json."""
    run_dir = folder / f"{preset}-{seed}"
    path, clock = run_dir / "scores.json", run_dir / "seconds.txt"
    if path.exists():
        return json.loads(path.read_text())
    before = float(clock.read_text()) if clock.exists() else 0.0  # of a run that was interrupted
    began = time.monotonic()
    command = [f"--preset={preset}", *_BUDGETS.get(preset, ())]
    try:
        _call("main", *command, f"--seed={seed}", f"--run_dir={run_dir}", "--keep=1")
    finally:
        if run_dir.exists():
            clock.write_text(f"{before + time.monotonic() - began:.0f}\n")
    _call("evaluate", f"--run_dir={run_dir}", f"--json={path}", "--metric", *_METRICS)
    config, scores = RunDir(run_dir).config(), json.loads(path.read_text())
    scores["images_seen"] = scores["step"] * config.batch_size * config.discriminator_steps
    scores["seconds"] = float(clock.read_text())
    path.write_text(json.dumps(scores, indent=1))
    return scores


def _call(command, *arguments):
    status = subprocess.run([sys.executable, "-m", f"gan_tf.{command}", *arguments]).returncode
    if status:
        raise UserError(f"gan_tf.{command} ended with status {status}, for the reason above.")


def _cells(found):
    """The cells of a row: mean and standard deviation over the runs."""
    for name in _METRICS:
        yield _mean([each["metrics"][name]["value"] for each in found])
    yield f"{found[0]['images_seen']:,}"
    yield f"{statistics.mean(each['seconds'] for each in found) / 60:.1f}"


def _mean(values):
    text = f"{statistics.mean(values):.3g}"
    return f"{text} ± {statistics.stdev(values):.2g}" if len(values) > 1 else text


if __name__ == "__main__":
    flags.run(main)
