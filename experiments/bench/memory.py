"""Where the memory of a training step goes: `python -m experiments.bench.memory`.

The most memory that a process has held after its imports, with the networks built, and after some steps
of the DCGAN. Other processes do not matter.
"""

import dataclasses
import importlib
import json
import pathlib
import re

from experiments.bench import convolutions, train_step
from experiments.bench.contender import Contest
from experiments.bench.worker import peak_memory
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

_NAMES = {
    "imports": "after the imports",
    "files": "of that, pages of the files of libraries",
    "built": "with networks and optimizers",
    "steps": "after the steps",
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    dataset: str = same(train_step.Options, "dataset", "Options")
    batch_size: int | None = same(train_step.Options, "batch_size", "Options")
    width: int | None = same(train_step.Options, "width", "Options")
    precision: str = same(convolutions.Options, "precision", "Options")
    contender: tuple = same(train_step.Options, "contender", "Options")
    steps: int = option(5, "Options", "training steps", low=1, high=1000)
    json: str | None = same(train_step.Options, "json", "Options")


class Stages:
    """A contender that says how much memory its process has held at each stage.

    Args:
        module: which has a class `Training`.
        steps: training steps to make, besides those that warm up.
        **job: of that class.
    """

    def __init__(self, module, steps, **job):
        with flags.quiet_import():
            kind = importlib.import_module(module).Training
        self.found = found = {"imports": peak_memory(), "files": _file_pages()}

        class Training(kind):
            def train(self, steps):
                if "built" not in found:
                    found["built"] = peak_memory()
                return super().train(steps)

        Training(**job).train(steps)
        found["steps"] = peak_memory()

    def stages(self):
        """Returns {name of a stage: bytes}."""
        return self.found


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Measures the memory of training steps.")
    check(options)
    names = ("dataset", "batch_size", "width")
    described = train_step.Options(**{name: getattr(options, name) for name in names})
    job = train_step.describe(described) | {"precision": options.precision, "steps": options.steps}
    found = {}
    for name in train_step.taking_part(options.contender):
        module = f"experiments.bench.{train_step.MODULES[name]}"
        target = "experiments.bench.memory:Stages"
        with Contest([(name, target, job | {"module": module})]) as contest:
            found |= contest.ask("stages")
    print(table(found))
    if options.json:
        write(options.json, (json.dumps(found, indent=1) + "\n").encode())
    return 0


def table(found):
    """Returns {contender: {stage: bytes}} as a Markdown table."""
    lines = [f"| MB | {' | '.join(found)} |", f"|---|{'---|' * len(found)}"]
    for stage, text in _NAMES.items():
        cells = [f"{each[stage] / 2**20:,.0f}" for each in found.values()]
        lines.append(f"| {text} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _file_pages():
    """The bytes in memory that are pages of files; 0 where there is no /proc."""
    status = pathlib.Path("/proc/self/status")
    if not status.exists():
        return 0
    return 1024 * int(re.search(r"RssFile:\s*(\d+)", status.read_text())[1])


if __name__ == "__main__":
    flags.run(main)
