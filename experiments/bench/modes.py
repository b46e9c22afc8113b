"""Training steps of the same networks in gan_tf and PyTorch, each in float32 and in bfloat16."""

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, matrix_peak, medians, ratio
from gan_tf.errors import UserError

PRECISIONS = ("mixed_bfloat16", "float32")


def measure(options, modules, job, unit, seconds=3.0):
    """Times the contenders, in separate processes that alternate.

    Args:
        options: with `contender`, `precision`, `batch_size`, `rounds` and `even_if_busy`.
        modules: {name of a contender: module of this package with its `Training`}.
        job: the arguments of the job, without the precision.
        unit: what a batch has, such as "videos".
        seconds: that are timed in each round.

    Returns:
        A dict for JSON, see `table` for its content.
    """
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
        found = contest.rates(options.rounds, "train", options.batch_size, seconds)
        memory, disturbed = contest.peak_memory(), contest.disturbed()
    remark = machine.remark(disturbed, options.even_if_busy)
    speeds = medians(found)
    best = {name: max((m for m in speeds if modes[m][0] == name), key=speeds.get) for name in names}
    results = {
        "job": job,
        "parameters": next(iter(parameters.values())),
        "best_modes": best,
        f"{unit}_per_second": speeds,
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
        lines.append(f"| gan_tf by pytorch | {times:.2f} | | |")
    return "\n".join(lines)
