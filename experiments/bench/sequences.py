"""The speed of SeqGAN, and of WGAN-GP on sequences: `python -m experiments.bench.sequences`.

gan_tf and, if installed, PyTorch alternate in separate processes. A training step is adversarial: one
update of the generator, with rollouts, and one of the discriminator. Then both draw sequences. A step of
WGAN-GP is five updates of a one-dimensional ResNet with a gradient penalty, and one of its generator.
"""

import dataclasses
import json

from experiments.bench import machine, train_step
from experiments.bench.contender import Contest, matrix_peak, medians, ratio
from experiments.bench.critic_job import CriticJob
from experiments.bench.sequence_job import SequenceJob
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same
from gan_tf.runtime.chunk import CHUNK

MODULES = {"gan_tf": "seqgan_ours", "pytorch": "seqgan_pytorch"}
CRITICS = {"gan_tf": "critic_ours", "pytorch": "critic_pytorch"}
_JOB = SequenceJob()
_CRITIC = CriticJob()


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    vocabulary: int = option(_JOB.vocabulary, "Options", "tokens", low=2, high=1_000_000)
    length: int = option(_JOB.length, "Options", "tokens in a sequence", low=2, high=1000)
    width: int = option(_JOB.width, "Options", "units of the generator", low=1, high=4096)
    batch_size: int = option(_JOB.batch_size, "Options", "sequences", low=1, high=65536)
    rollouts: int = option(_JOB.rollouts, "Options", "of each prefix", low=1, high=1000)
    critic_width: int = option(_CRITIC.width, "Options", "channels of WGAN-GP", low=1, high=4096)
    critic_batch: int = option(
        _CRITIC.batch_size, "Options", "sequences of a step of WGAN-GP", low=5, high=65536
    )
    contender: tuple = option(tuple(MODULES), "Options", "who takes part: gan_tf, pytorch")
    rounds: int = same(train_step.Options, "rounds", "Options")
    json: str | None = same(train_step.Options, "json", "Options")
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times SeqGAN.")
    check(options)
    results = measure(options)
    print(table(results))
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def measure(options):
    """Returns the results of `Options`: a dict for JSON, see `table` for its content."""
    names = [each for each in train_step.taking_part(options.contender) if each in MODULES]
    fields = {each.name for each in dataclasses.fields(SequenceJob)}
    job = {name: value for name, value in vars(options).items() if name in fields}
    results = {"job": job, "matrix_peak_flops": matrix_peak()}
    with _contest(names, "Training", job) as contest:
        results["parameters"] = _parameters(contest)
        results["train"] = _rates(contest, options, "train", job["batch_size"], 5.0)
    with _contest(names, "Sampling", job | {"batch_size": CHUNK}) as contest:
        results["sample"] = _rates(contest, options, "sample", CHUNK, 1.5)
    critic = {"width": options.critic_width, "batch_size": options.critic_batch}
    with _contest(names, "Training", critic, CRITICS) as contest:
        results["critic_job"] = critic | {"parameters": _parameters(contest)}
        results["critic"] = _rates(contest, options, "train", critic["batch_size"], 5.0)
    return results


def _contest(names, target, job, modules=MODULES):
    return Contest([(each, f"experiments.bench.{modules[each]}:{target}", job) for each in names])


def _parameters(contest):
    """The number of parameters, the same of all."""
    parameters = contest.ask("parameters")
    if len(set(parameters.values())) != 1:
        raise UserError(f"These are not the same networks: {parameters} parameters.")
    return next(iter(parameters.values()))


def _rates(contest, options, method, per_call, seconds):
    found = contest.rates(options.rounds, method, per_call, seconds)
    disturbed = contest.disturbed()
    results = {
        "sequences_per_second": medians(found),
        "rounds": found,
        "peak_memory_bytes": contest.peak_memory(),
        "disturbed_by_others": disturbed,
        "remark": machine.remark(disturbed, options.even_if_busy),
    }
    if {"gan_tf", "pytorch"} <= set(found):
        results["times_as_fast_as_pytorch"] = ratio(found, "gan_tf", "pytorch")
    return results


def table(results):
    """Returns the results as a Markdown table."""
    job = results["job"]
    remarks = filter(None, (results[each]["remark"] for each in ("train", "sample", "critic")))
    lines = [
        f"{job['vocabulary']:,} tokens, length {job['length']}, batch {job['batch_size']}, "
        f"{job['rollouts']} rollouts, {results['parameters']:,} parameters; "
        f"WGAN-GP: {results['critic_job']['width']} channels, {results['critic_job']['batch_size']} "
        f"sequences a step, {results['critic_job']['parameters']:,} parameters. "
        + machine.caption(results["matrix_peak_flops"], " ".join(remarks)),
        "",
        "| | sequences/s | slowest and fastest round | peak memory, MB |",
        "|---|---|---|---|",
    ]
    named = {"train": "adversarial step", "sample": "generation", "critic": "step of WGAN-GP"}
    for method, what in named.items():
        found = results[method]
        for name, speed in found["sequences_per_second"].items():
            slowest, fastest = min(found["rounds"][name]), max(found["rounds"][name])
            memory = found["peak_memory_bytes"][name] / 2**20
            cells = f"{speed:,.1f} | {slowest:,.1f} to {fastest:,.1f} | {memory:,.0f}"
            lines.append(f"| {what}, {name} | {cells} |")
        if "times_as_fast_as_pytorch" in found:
            times = found["times_as_fast_as_pytorch"]
            lines.append(f"| {what}, gan_tf, times as fast as pytorch | {times:.2f} | | |")
    return "\n".join(lines)


if __name__ == "__main__":
    flags.run(main)
