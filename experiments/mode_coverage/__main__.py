"""Mode coverage compared with papers: `python -m experiments.mode_coverage --task=ring`."""

import dataclasses
import json
import time

from experiments.mode_coverage.presets import PRESETS, PUBLISHED
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same

EXAMPLES = (
    "python -m experiments.mode_coverage --task=ring --preset=vanilla --plot=ring.png",
    "python -m experiments.mode_coverage --task=stacked_mnist --json=stacked.json",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train; every field is documented by its own text."""

    task: str = option("ring", "Options", "the distribution to learn", choices=tuple(PRESETS))
    preset: str = option(
        "best", "Options", "how to train; see presets.py", choices=("vanilla", "pacgan", "best")
    )
    seed: int = option(0, "Options", "of weights, data and latents", low=0, high=2**31 - 1)
    steps: int | None = option(None, "Options", "training steps; default: the preset's", low=1)
    data_dir: str | None = same(Config, "data_dir", "Options")
    json: str | None = option(None, "Output", "write the scores to this file", path=True)
    plot: str | None = option(None, "Output", "PNG of samples", path=True)


def main(argv):
    """Trains, scores, prints; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Counts the modes that a GAN covers.", EXAMPLES)
    check(options)
    preset = PRESETS[options.task][options.preset]
    preset = dataclasses.replace(preset, steps=options.steps or preset.steps)
    with flags.quiet_import():
        from experiments.mode_coverage import training
        from experiments.mode_coverage.tasks import TASKS
    task = TASKS[options.task](options.data_dir)
    began = time.monotonic()
    gan = training.train(task, preset, options.seed)
    seconds = time.monotonic() - began
    samples = training.sample(gan, task.num_samples, options.seed)
    scores = task.scores(samples)
    print(_table(task, options, scores))
    print(f"{preset.steps:,} steps in {seconds:.0f} s.")
    if options.json:
        facts = {name: getattr(options, name) for name in ("task", "preset", "seed")}
        facts |= {"steps": preset.steps, "seconds": round(seconds, 1)} | scores
        write(options.json, (json.dumps(facts, indent=1) + "\n").encode())
    if options.plot:
        write(options.plot, task.picture(samples))
    return 0


def _table(task, options, scores):
    """The papers' rows and this program's, as Markdown."""
    rows = [
        *PUBLISHED[options.task],
        (f"this, {options.preset}, seed {options.seed}", scores["modes"], scores[task.quality]),
    ]
    header = {"high_quality": "high quality", "kl": "KL to uniform"}[task.quality]
    form = {"high_quality": "{:.1%}", "kl": "{:.3f}"}[task.quality]
    lines = [f"| {options.task} | modes of {task.num_modes:,} | {header} |", "|---|---|---|"]
    lines += [f"| {name} | {modes:g} | {form.format(value)} |" for name, modes, value in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    flags.run(main)
