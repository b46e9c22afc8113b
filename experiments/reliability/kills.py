"""Kills trainings and compares their results: `python -m experiments.reliability.kills`.

Each configuration is trained once without interruption, and then repeatedly killed (SIGKILL) at
random times and restarted with the same flags until it ends; both runs must end with the same
status and write the same files, bit for bit. One line per comparison is appended to a file; an
interrupted program resumes.

The trainings are forks of this program, which has imported TensorFlow without using it, to save
5 seconds per start.
"""

import dataclasses
import json
import os
import pathlib
import random
import signal
import sys
import time
import traceback

import numpy as np
from PIL import Image

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m experiments.reliability.kills --kills=60 --seed=0 --json=kills.jsonl",
    "python -m experiments.reliability.kills --kills=3 --only=tricks --json=quick.jsonl",
)
_COMMON = (
    "--dataset=glyphs --arch=dcgan --width=4 --latent_dim=8 --batch_size=64 --deterministic "
    "--cache_mb=0 --checkpoint_every=8steps --log_every=3steps --sample_every=50steps "
    "--evaluate_every=60steps --metric=fid(300) --features=pixels"
)
CONFIGURATIONS = {
    "tricks": "--trick=ema(0.99) --trick=instance_noise --trick=generator_noise "
    "--trick=generator_dropout --trick=lr_decay('cosine') --penalty=r1(1.0,every=4) --flip",
    "conditional": "--conditional=projection --discriminator_steps=2 --spectral_norm=both "
    "--discriminator_norm=none --trick=diff_augment --trick=ema(0.99)",
    "semi_supervised": "--semi_supervised=100 --trick=label_smoothing --trick=ema(0.9) "
    "--precision=mixed_bfloat16",
    "infogan": "--trick=infogan(4,2) --trick=ema(0.9) --penalty=r1(1.0,every=16)",
    "image_folder": "--dataset=image_folder --image_dir={runs}/photos --image_size=28 "
    "--conditional=concat --trick=instance_noise --trick=lr_decay('linear') --flip",
    # It learns so fast that it fails, before or after the rates have been halved, and fails for
    # good on some machines.
    "rollback": "--arch=mlp --generator_optimizer=sgd(5e14) "
    "--discriminator_optimizer=sgd(0.1) --on_unhealthy=rollback",
}
MOMENTS = ("any", "training", "checkpoint", "sample")


@dataclasses.dataclass(frozen=True)
class Options:
    """What to kill; every field is documented by its own text."""

    kills: int = option(60, "Options", "in all, shared among the configurations", low=1)
    only: tuple = option((), "Options", f"of {', '.join(CONFIGURATIONS)}; default: all")
    steps: int = option(600, "Options", "training steps of a run", low=20)
    seed: int = option(0, "Options", "of the moments", low=0, high=2**31 - 1)
    data_dir: str | None = same(Config, "data_dir", "Options")
    runs: str = option("runs/kills", "Output", "where the runs are", path=True)
    json: str = option("kills.jsonl", "Output", "lines are appended to this file", path=True)


def main(argv):
    """Kills and compares; returns 0 if no byte differs."""
    options, _ = flags.parse(Options, argv, "Kills trainings and compares how they end.", EXAMPLES)
    check(options)
    if options.data_dir:
        os.environ["TFDS_DATA_DIR"] = options.data_dir
    with flags.quiet_import():
        import gan_tf.training.loop  # noqa: F401 (for the forks)
    names = options.only or tuple(CONFIGURATIONS)
    _draw(pathlib.Path(options.runs, "photos"))
    for number, name in enumerate(names):
        share = options.kills // len(names) + (number < options.kills % len(names))
        _suffer(options, name, share)
    rows = [each for each in _rows(options.json) if each["configuration"] in names]
    compared = [each for each in rows if "bytes" in each]
    kills = len(rows) - len(compared)
    differ = sum(each["differ"] for each in compared)
    starts = {m: sum(each.get("moment") == m for each in rows) for m in MOMENTS}
    print(
        f"{kills} kills ({', '.join(f'{n} {m}' for m, n in starts.items())}) in {len(compared)} runs; "
        f"{sum(each['bytes'] for each in compared):,} bytes compared, {differ:,} differ."
    )
    return 1 if differ else 0


def _suffer(options, name, kills):
    """Kills one configuration this many times, in as many runs as necessary, and compares each."""
    while True:
        rows = [each for each in _rows(options.json) if each["configuration"] == name]
        done, ended = (sum(key in each for each in rows) for key in ("moment", "bytes"))
        if done >= kills and ended and "bytes" in rows[-1]:
            return
        folder = pathlib.Path(options.runs)
        calm, run = RunDir(folder / f"{name}-calm"), RunDir(folder / f"{name}-{ended}")
        status = pathlib.Path(f"{calm.path}.status")
        if not status.exists():
            exit_status = _wait(_start(options, name, calm))
            if not calm.health.exists():
                raise SystemExit(f"The run '{calm.path}' has failed: see '{calm.path}.log'.")
            status.write_text(f"{exit_status}")
        random.seed(f"{options.seed} {name} {done} {ended}")
        moment = random.choice(MOMENTS)
        process = _start(options, name, run)
        if done >= kills or not _kill(process, run, moment):
            if _wait(process) != int(status.read_text()):
                raise SystemExit(f"The run '{run.path}' has failed: see '{run.path}.log'.")
            _compare(options, name, calm, run)
            continue
        newest = run.metrics.read_text().splitlines()[-1:] if run.metrics.exists() else []
        row = {"kill": done, "moment": moment, "newest": newest}
        _append(options.json, {"configuration": name} | row)
        print(f"{name}: kill {done + 1} ({moment}) after {newest or 'nothing'}", flush=True)


def _compare(options, name, calm, run):
    # In a fork too: this process must not use TensorFlow.
    read, write = os.pipe()
    process = os.fork()
    if not process:
        from experiments.reliability.comparison import compare

        found = compare(calm.path, run.path)
        os.write(
            write, json.dumps({k: v for k, v in found.items() if v[1]})[:5000].encode() + b"\n"
        )
        os.write(write, json.dumps([sum(each) for each in zip(*found.values())]).encode())
        os._exit(0)
    os.close(write)
    with open(read) as file:
        different, sums = file.read().split("\n")
    os.waitpid(process, 0)
    size, differ = json.loads(sums)
    row = {"bytes": size, "differ": differ, "different": different if differ else ""}
    _append(options.json, {"configuration": name, "run": run.path.name} | row)
    print(
        f"{name}: ended; {size:,} bytes compared, {differ:,} differ. {row['different']}", flush=True
    )


def _draw(folder):
    """Draws two classes of pictures, unless they are there."""
    if folder.exists():
        return
    rng = np.random.default_rng(0)
    for number in range(1000):
        path = folder / ("light", "dark")[number % 2] / f"{number:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(100, 256, (9, 9, 3)) - (number % 2) * 100
        Image.fromarray(pixels.astype(np.uint8)).save(path)


def _start(options, name, run):
    """Forks a training; returns its process."""
    flags_of_run = f"{_COMMON} {CONFIGURATIONS[name]}".format(runs=options.runs)
    arguments = f"{flags_of_run} --steps={options.steps}".split()
    arguments += [f"--run_dir={run.path}", f"--cache_dir={options.runs}/cache"]
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        run.path.parent.mkdir(parents=True, exist_ok=True)
        output = os.open(f"{run.path}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for each in (1, 2):
            os.dup2(output, each)
        from gan_tf import main as program

        status = program.main(["", *arguments])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _wait(process):
    """Waits for a training; returns its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _kill(process, run, moment):
    """Kills a training after some time; returns whether it was still running."""
    from gan_tf.runs.checkpoint_store import CheckpointStore

    store = CheckpointStore(run.checkpoints)
    last = max(store.steps(), default=0)
    target = random.choice([last, last + random.randint(0, 100)])
    seen = {"training": _size(run.metrics), "sample": _newest(run.samples)}

    def begun():
        if moment in ("checkpoint", "sample") and max(store.steps(), default=0) < target:
            return False
        if moment == "checkpoint":
            return (run.checkpoints / ".writing").exists()
        if moment == "sample":
            return list(run.samples.glob(".*.writing")) or _newest(run.samples) > seen["sample"]
        return moment == "any" or _size(run.metrics) != seen["training"]

    while not begun():
        if _has_ended(process, run):
            return False
        time.sleep(0.0002)
    longest = {"any": 10, "training": 4, "checkpoint": 0.03, "sample": 0.01}[moment]
    deadline = time.monotonic() + random.uniform(0, longest)
    while time.monotonic() < deadline:
        if _has_ended(process, run):
            return False
        time.sleep(min(0.01, longest / 20))
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def _has_ended(process, run):
    """Whether a process has ended on its own; it can still be waited for."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _newest(folder):
    return max((each.name for each in folder.glob("step-*.png")), default="")


def _rows(path):
    path = pathlib.Path(path)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _append(path, row):
    with open(path, "a") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    flags.run(main)
