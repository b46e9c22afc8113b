"""Whether the data keep up, and the overhead of the trainer: `python -m experiments.bench.pipeline`.

First only the pipelines, without training, compared with bare training steps; then complete runs of
`python -m gan_tf.main`, with the samples, checkpoints, logs and health checks of every run, compared
with the same bare steps.
"""

import dataclasses
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, medians, ratio
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same
from gan_tf.runs.run_dir import RunDir


@dataclasses.dataclass(frozen=True)
class Run:
    """A run of the trainer.

    Attributes:
        dataset, image_shape, arch, width, batch_size: of it.
        first, last: the steps between which it is timed: past the first, which traces, and long
            enough for the samples and checkpoints of at least an epoch.
        goal: the fraction of the bare step's speed that it should reach.
    """

    dataset: str
    image_shape: tuple
    arch: str
    width: int
    batch_size: int
    first: int
    last: int
    goal: float

    def flags(self):
        """Returns the flags of the run."""
        text = (
            f"--dataset={self.dataset} --image_size={self.image_shape[0]} --arch={self.arch} "
            f"--width={self.width} --batch_size={self.batch_size} --steps={self.last + 10} "
            "--log_every=10steps"
        )
        return shlex.split(text)


RUNS = {
    "mnist-dcgan": Run("mnist", (28, 28, 1), "dcgan", 32, 64, 50, 1000, 0.95),
    "celeb_a-dcgan": Run("celeb_a", (64, 64, 3), "dcgan", 64, 64, 10, 160, 0.95),
    "mnist-mlp": Run("mnist", (28, 28, 1), "mlp", 256, 128, 100, 1900, 0.85),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    run: tuple = option(tuple(RUNS), "Options", f"which of: {', '.join(RUNS)}")
    part: tuple = option(("data", "trainer"), "Options", "what to measure: data, trainer")
    contender: tuple = same(train_step.Options, "contender", "Options")
    rounds: int = option(5, "Options", "turns of the pipelines", low=1, high=1000)
    trainings: int = option(1, "Options", "rounds of the whole runs", low=1, high=100)
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the tables, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times pipelines and whole runs.")
    check(options)
    if unknown := sorted({*options.run} - {*RUNS}):
        raise UserError(f"There is no run '{unknown[0]}'; there are: {', '.join(RUNS)}.")
    results = {}
    for name in options.run:
        results[name] = {}
        if "data" in options.part:
            found, peak, shares = feeding(RUNS[name], options)
            remark = machine.remark(shares, options.even_if_busy)
            results[name]["data"] = medians(found) | {"matrix_peak_flops": peak, "remark": remark}
            print(f"\n{name}. {machine.caption(peak, remark)}\n")
            print("| | images/s | times what the bare step needs |\n|---|---|---|")
            for each, speed in medians(found).items():
                print(f"| {each} | {speed:,.0f} | {ratio(found, each, 'bare step'):.1f} |")
        if "trainer" in options.part:
            found, peak, shares = training(RUNS[name], options.trainings)
            remark = machine.remark(shares, options.even_if_busy)
            share = ratio(found, "gan_tf.main", "bare step")
            facts = {"share": share, "goal": RUNS[name].goal}
            facts |= {"matrix_peak_flops": peak, "remark": remark}
            results[name]["trainer"] = medians(found) | facts
            print(f"\n{name}. {machine.caption(peak, remark)}\n\n| | images/s |\n|---|---|")
            for each, speed in medians(found).items():
                print(f"| {each} | {speed:,.0f} |")
            print(
                f"\nThe trainer reaches {share:.1%} of the bare step (goal: {RUNS[name].goal:.0%})."
            )
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def feeding(run, options):
    """Times the pipelines and the bare step.

    Returns:
        {name: [images per second, per round]}, the FLOP/s of matrix products, and {name: the share of the
        machine that others took meanwhile}.
    """
    names = train_step.taking_part(options.contender)
    size = run.image_shape[0]
    data = {"dataset": run.dataset, "image_size": size, "batch_size": run.batch_size}
    shape = {"count": 10_000, "image_shape": run.image_shape, "batch_size": run.batch_size}
    rows = {
        "gan_tf": ("gan_tf.data.pipeline", "experiments.bench.ours:Feed", data),
        "keras": ("tf.data as documented", "experiments.bench.stock:Feed", data),
        "pytorch": ("torch DataLoader", "experiments.bench.pytorch:Feed", shape),
    }
    with Contest([rows[name] for name in names]) as feeds, _bare(run) as steps:
        rates = feeds.rates(options.rounds, "read", run.batch_size, seconds=1.0)
        rates |= steps.rates(options.rounds, "train", run.batch_size, seconds=3.0)
        [peak] = steps.ask("matrix_peak").values()
        return rates, peak, feeds.disturbed() | steps.disturbed()


def training(run, rounds):
    """Times complete runs and the bare step; returns as `feeding`."""
    watch = machine.Watch()
    with _bare(run) as steps:
        [bare] = steps.contenders
        count = max(1, round(5.0 / bare.call("train", 5) * 5))

        def stepping():
            # Before and after each other, so that a drifting machine bears on both.
            return run.batch_size * count / bare.timed("train", count)

        pairs = [(stepping(), watch.call(lambda: _trained(run)), stepping()) for _ in range(rounds)]
        shares, peak = steps.disturbed() | {"gan_tf.main": watch.share}, bare.call("matrix_peak")
    found = {
        "bare step": [(before + after) / 2 for before, _, after in pairs],
        "gan_tf.main": [speed for _, speed, _ in pairs],
    }
    return found, peak, shares


def _bare(run):
    job = {
        "arch": run.arch,
        "image_shape": run.image_shape,
        "width": run.width,
        "batch_size": run.batch_size,
        "precision": "auto",
    }
    return Contest([("bare step", "experiments.bench.ours:Training", job)])


def _trained(run):
    """Trains; returns images per second between two steps, from the times in TensorBoard's log."""
    with flags.quiet_import():  # of TensorFlow
        from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        run_dir = RunDir(pathlib.Path(folder) / "run")
        command = [sys.executable, "-m", "gan_tf.main", *run.flags(), f"--run_dir={run_dir.path}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise UserError(f"{' '.join(command)} has failed: {done.stderr.strip()}")
        times = {}
        for file in run_dir.events():
            for event in EventFileLoader(str(file)).Load():
                if any(value.tag == "losses/discriminator_loss" for value in event.summary.value):
                    times[event.step] = event.wall_time
    begin = min(step for step in times if step >= run.first)
    end = max(step for step in times if step <= run.last)
    return run.batch_size * (end - begin) / (times[end] - times[begin])


if __name__ == "__main__":
    flags.run(main)
