"""Training steps of the same networks in gan_tf and PyTorch, each in float32 and in bfloat16."""

import dataclasses
import json

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, matrix_peak, medians, ratio
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

PRECISIONS = ("mixed_bfloat16", "float32")
_SECONDS = 3.0  # that are timed in each round


@dataclasses.dataclass(frozen=True)
class Options:
    """How to measure; the fields of subclasses, `batch_size` among them, are the job's arguments.

    Subclasses set

        title: what the networks are called.
        unit: what a batch has, such as "videos".
        modules: {name of a contender: module of this package with its `Training`}.
        halved: the field that must be a power of two.
    """

    precision: str = same(train_step.Options, "precision", "Options")
    contender: tuple = option(("gan_tf", "pytorch"), "Options", "who takes part: gan_tf, pytorch")
    rounds: int = same(train_step.Options, "rounds", "Options")
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")

    @property
    def job(self):
        """The arguments of the job, without the precision."""
        shared = {field.name for field in dataclasses.fields(Options)}
        return {name: value for name, value in vars(self).items() if name not in shared}


def main(argv, kind, table):
    """Measures, prints the table, writes the file; returns the exit status.

    Args:
        argv: the command line.
        kind: the subclass of `Options`.
        table: a function of the results that returns their table.
    """
    options, _ = flags.parse(kind, argv, f"Times {kind.title}.")
    check(options)
    size = options.job[kind.halved]
    if size & (size - 1):
        raise UserError(f"--{kind.halved}={size}: give a power of two.")
    results = measure(options)
    print(table(results))
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def measure(options):
    """Times the contenders of `Options`, in separate processes that alternate.

    Returns:
        A dict for JSON, see `table` for its content.
    """
    modules, job = options.modules, options.job
    names = [each for each in train_step.taking_part(options.contender) if each in modules]
    precisions = PRECISIONS if options.precision == "auto" else (options.precision,)
    modes = {f"{name} {each}": (name, each) for name in names for each in precisions}
    with Contest(
        [
            (mode, f"experiments.bench.{modules[name]}:Training", job | {"precision": precision})
            for mode, (name, precision) in modes.items()
        ]
    ) as contest:
        parameters = contest.ask("parameters")
        if len(set(parameters.values())) != 1:
            raise UserError(f"These are not the same networks: {parameters} parameters.")
        found = contest.rates(options.rounds, "train", options.batch_size, _SECONDS)
        memory, disturbed = contest.peak_memory(), contest.disturbed()
    remark = machine.remark(disturbed, options.even_if_busy)
    speeds = medians(found)
    best = {name: max((m for m in speeds if modes[m][0] == name), key=speeds.get) for name in names}
    results = {
        "job": job,
        "parameters": next(iter(parameters.values())),
        "best_modes": best,
        f"{options.unit}_per_second": speeds,
        "rounds": found,
        "peak_memory_bytes": memory,
        "disturbed_by_others": disturbed,
        "matrix_peak_flops": matrix_peak(),
        "remark": remark,
    }
    if {"gan_tf", "pytorch"} <= set(best):
        results["times_as_fast_as_pytorch"] = ratio(found, best["gan_tf"], best["pytorch"])
    return results


def table(results, unit, described):
    """Returns results of `measure` as a Markdown table, below a description of the job."""
    lines = [
        f"{described}, batch {results['job']['batch_size']}, {results['parameters']:,} parameters. "
        + machine.caption(results["matrix_peak_flops"], results["remark"]),
        "",
        f"| | {unit}/s | slowest and fastest round | peak memory, MB |",
        "|---|---|---|---|",
    ]
    for mode, speed in results[f"{unit}_per_second"].items():
        slowest, fastest = min(results["rounds"][mode]), max(results["rounds"][mode])
        memory = results["peak_memory_bytes"][mode] / 2**20
        named = f"**{mode}**" if mode in results["best_modes"].values() else mode
        lines.append(
            f"| {named} | {speed:,.1f} | {slowest:,.1f} to {fastest:,.1f} | {memory:,.0f} |"
        )
    if "times_as_fast_as_pytorch" in results:
        times = results["times_as_fast_as_pytorch"]
        lines.append(f"| gan_tf, times as fast as pytorch | {times:.2f} | | |")
    return "\n".join(lines)
