"""SeqGAN's synthetic task, beside the paper's numbers: `python -m experiments.sequences`.

A generator learns from 10,000 sequences of an oracle, an LSTM whose likelihood is known. For each seed
it is trained by maximum likelihood first; from there, with each reward, by policy gradient; and once
without pretraining, as ScratchGAN. Scores that are there already, a line of JSON each, are left out, and
a run that is there goes on, so that the program can be interrupted. What the numbers mean is in README.md
beside it.
"""

import dataclasses
import pathlib

from experiments import rows
from experiments.sequences import tables
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir

REWARDS = {
    "seqgan": "rollout(16, lag=0.0)",
    "seqgan, lag 0.8": "rollout(16, lag=0.8)",
    "seqgan, baseline": "rollout(16, lag=0.0, baseline='batch')",
    "maligan": "maligan",
}
TEMPERATURES = (0.7, 0.8, 0.9, 1.0, 1.1)
_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    oracle: str | None = option(
        None, "Options", "the authors' parameters, .npz; default: random ones", path=True
    )
    models: tuple = option(
        ("mle", "seqgan", "maligan", "scratchgan"),
        "Options",
        f"which: mle, scratchgan, {', '.join(REWARDS)}",
    )
    seeds: int = option(3, "Options", "runs of each", low=1, high=100)
    width: int = option(32, "Options", "units of the generator", low=1)
    scratch_width: int = option(
        128, "Options", "units of ScratchGAN's LSTMs; published: 512", low=1
    )
    batch_size: int = option(64, "Options", "sequences in a batch", low=2)
    updates: int = option(50, "Options", "discriminator updates in a step", low=1, high=100)
    mle_steps: int = option(375, "Options", "of likelihood; 375 of 50 updates: 120 epochs", low=1)
    discriminator_steps: int = option(50, "Options", "of the discriminator alone", low=0)
    adversarial_steps: int = option(200, "Options", "generator updates by policy gradient", low=1)
    scratch_steps: int = option(4000, "Options", "generator updates of ScratchGAN", low=1)
    every: int = option(25, "Options", "adversarial steps between two scores", low=1)
    samples: int = option(10_000, "Options", "sequences that are scored", low=1)
    runs: str = option("runs/sequences", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Options", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Options", "print the table of the results there are, run nothing")


def main(argv):
    """Trains and scores what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains on SeqGAN's synthetic task.")
    check(options)
    if not options.table:
        if not any(row["model"] == "reference" for row in rows.read(options.out)):
            _references(options)
        for seed in range(options.seeds):
            for model in ["mle", *(each for each in options.models if each != "mle")]:
                _run(options, model, seed)
    print("\n".join(tables.oracle(rows.read(options.out))))
    return 0


def config_of(options, model, seed):
    """Returns the resolved `Config` of a run.

    Args:
        options: the `Options`.
        model: "mle", "scratchgan", or a name in `REWARDS`.
        seed: of everything random.
    """
    shared = dict(
        dataset="oracle",
        oracle=options.oracle,
        batch_size=options.batch_size,
        precision="float32",
        seed=seed,
        keep=1000,
        run_dir=str(_folder(options, model, seed)),
    )
    adam = "adam({}, beta_1={}, epsilon=1e-8)"
    published = dict(
        arch=f"lstm(width={options.width})",
        discriminator_steps=options.updates,
        generator_optimizer=adam.format(0.01, 0.9),
        pretraining_optimizer=adam.format(0.01, 0.9),
        discriminator_optimizer=adam.format(1e-4, 0.9),
        trick=("gradient_clipping(5)",),
    )
    if model == "scratchgan":
        return Config(
            gan="seqgan(mle=0, discriminator_only=0)",
            arch=f"scratchgan(width={options.scratch_width})",
            reward="per_token",
            generator_optimizer=adam.format(9.59e-5, 0.5),
            discriminator_optimizer=adam.format(9.38e-3, 0.5),
            steps=options.scratch_steps,
            checkpoint_every=f"{max(1, options.scratch_steps // 8)}steps",
            **shared,
        ).resolve()
    if model == "mle":
        steps = options.mle_steps
        return Config(
            gan="seqgan",
            reward="none",
            steps=steps,
            checkpoint_every=f"{max(1, steps // 5)}steps",
            **shared | published,
        ).resolve()
    return Config(
        gan=f"seqgan(mle=0, discriminator_only={options.discriminator_steps})",
        reward=REWARDS[model],
        init_from=str(_folder(options, "mle", seed)),
        steps=options.discriminator_steps + options.adversarial_steps,
        checkpoint_every=f"{options.every}steps",
        **shared | published,
    ).resolve()


def _folder(options, model, seed):
    return pathlib.Path(options.runs) / f"{model.replace(', ', '-').replace(' ', '')}-{seed}"


def _run(options, model, seed):
    """Trains a run, unless it is finished, and scores those of its checkpoints that are not yet."""
    config = config_of(options, model, seed)
    known = {
        (row["model"], row["seed"], row["step"]) for row in rows.read(options.out) if "seed" in row
    }
    if (model, seed, config.steps) in known:
        return
    with flags.quiet_import():
        from experiments.sequences import scoring
        from gan_tf.training import loop
    if loop.train(config):
        raise KeyboardInterrupt
    oracle = scoring.oracle_of(options.oracle)
    for step in choices.steps(RunDir(config.run_dir).checkpoints):
        if (model, seed, step) in known or step < _first_scored(options, model):
            continue
        row = {"model": model, "seed": seed, "step": step}
        row |= scoring.of_run(config.run_dir, step, oracle, options.samples)
        if model == "mle" and step == config.steps:
            row["sweep"] = scoring.sweep(config.run_dir, oracle, options.samples, TEMPERATURES)
        rows.append(options.out, row)
        print(row, flush=True)


def _first_scored(options, model):
    """The first step of a run that is scored: while the discriminator learns, the generator is the same."""
    return options.discriminator_steps if model in REWARDS else 1


def _references(options):
    with flags.quiet_import():
        from experiments.sequences import scoring
    for row in scoring.references(
        scoring.oracle_of(options.oracle), options.samples, options.width
    ):
        rows.append(options.out, {"model": "reference"} | row)


if __name__ == "__main__":
    flags.run(main)
