"""The effect of each loss, penalty and trick: `python -m experiments.evidence`.

One small DCGAN on MNIST, one epoch; each run changes one option, or options that belong together.
Completed runs, one line each in the results file, are skipped, so that the program can be
interrupted; the table is written next to that file.
"""

import dataclasses
import pathlib
import re
import time

from experiments import rows
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option
from gan_tf.runs.run_dir import RunDir

BASELINE = (
    "--dataset=mnist --arch=dcgan --width=16 --batch_size=64 --epochs=1 "
    "--generator_optimizer=adam(1e-3) --discriminator_optimizer=adam(1e-3)"
)
CHANGES = {
    "Baseline": ["(nothing)"],
    "Losses": [
        "--loss=minimax",
        "--loss=least_squares",
        "--loss=hinge",
        "--loss=relativistic",
        "--loss=relativistic_average",
        "--loss=wasserstein",
    ],
    "Penalties and constraints": [
        "--loss=wasserstein --penalty=weight_clip(0.01)",
        "--loss=wasserstein --penalty=wgan_gp(10) --discriminator_norm=layer",
        "--penalty=dragan(10)",
        "--penalty=r1(10)",
        "--penalty=r2(10)",
        "--penalty=l2(1e-4)",
        "--spectral_norm=discriminator --discriminator_norm=none",
        "--loss=hinge --spectral_norm=both --discriminator_norm=none",
    ],
    "Tricks": [
        "--trick=label_smoothing(0.9,0.9)",
        "--trick=label_smoothing(0.7,1.2)",
        "--trick=label_flipping(0.05)",
        "--trick=instance_noise(0.1)",
        "--trick=generator_noise(0.1)",
        "--trick=generator_dropout(0.5)",
        "--trick=feature_matching",
        "--trick=infogan",
        "--trick=mixed_batches",
        "--trick=ttur(4)",
        "--trick=ema(0.99)",
        "--trick=diff_augment",
        "--trick=gradient_clipping(1)",
        "--trick=generator_l2(1e-4)",
        "--trick=lr_decay('linear')",
        "--trick=lr_decay('cosine')",
        "--trick=lr_decay('exponential',start=0.5)",
    ],
    "Labels": [
        "--conditional=concat",
        "--conditional=projection",
        "--conditional=acgan",
        "--semi_supervised=100",
    ],
    "Networks": [
        "--discriminator_norm=none",
        "--discriminator_norm=layer",
        "--discriminator_norm=instance",
        "--discriminator_norm=virtual_batch",
        "--generator_norm=none",
        "--generator_norm=instance",
        "--generator_norm=virtual_batch",
        "--upsampling=pixel_shuffle",
        "--upsampling=nearest",
        "--downsampling=average_pool",
        "--downsampling=max_pool",
        "--minibatch_stddev=4",
        "--packing=2",
        "--arch=mlp --width=128",
        "--arch=resnet",
    ],
    "Newer techniques": [
        "--arch=stylegan2 --penalty=r1(1)",
        "--arch=stylegan2 --penalty=r1(1) --trick=style_mixing(0.9)",
        "--arch=stylegan2 --penalty=r1(1) --trick=path_length(2)",
        "--trick=ada(kimg=50.0)",
        "--trick=augmentation(0.3)",
        "--arch=r3gan --loss=relativistic --penalty=r1(1,every=1) --penalty=r2(1,every=1)",
        "--arch=r3gan --loss=relativistic --penalty=r1(1,every=1) --penalty=r2(1,every=1)"
        " --trick=penalty_decay(0.1) --trick=beta_2_growth(0.99)"
        " --generator_optimizer=adam(1e-3,beta_2=0.9) --discriminator_optimizer=adam(1e-3,beta_2=0.9)",
        "--arch=fastgan --loss=hinge",
        "--arch=fastgan --loss=hinge --trick=reconstruction",
    ],
    "Priors": [
        "--prior=spherical",
        "--prior=uniform",
        "--prior=truncated_normal",
        "--prior=lognormal",
    ],
}
_LONGER = "--epochs=3 --width=32 --generator_optimizer=adam --discriminator_optimizer=adam"
CHANGES["Precision"] = [
    f"--precision={precision} {_LONGER}" for precision in ("float32", "mixed_bfloat16")
]
_METRICS = ("fid(5000)", "recall(5000)", "coverage(5000)", "mode_count(5000)", "class_kl(5000)")
_NAMES = ("fid", "recall", "coverage", "mode_count", "class_kl")
_FILE = pathlib.Path(__file__).parent / "evidence.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    groups: tuple = option((), "Options", "groups of changes to run, by first words; default: all")
    seeds: int = option(3, "Options", "runs of each change: seeds 0, 1, ...", low=1, high=100)
    out: str = option(str(_FILE), "Options", "the file of runs, a JSON line each", path=True)
    runs: str = option("runs/evidence", "Options", "where the runs are", path=True)
    table: bool = option(False, "Options", "print the table of the runs there are, run nothing")


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "What each loss, penalty and trick changes.")
    check(options)
    path = pathlib.Path(options.out)
    groups = [
        name
        for name in CHANGES
        if not options.groups or any(name.lower().startswith(g.lower()) for g in options.groups)
    ]
    if not options.table:
        done = {(row["change"], row["seed"]) for row in rows.read(path)}
        for seed in range(options.seeds):
            for change in (change for group in groups for change in CHANGES[group]):
                if (change, seed) not in done:
                    rows.append(
                        path, {"change": change, "seed": seed} | _run(change, seed, options.runs)
                    )
    print("\n".join(table(rows.read(path))))
    return 0


def table(runs):
    """Returns the lines of a Markdown table: mean and standard deviation over the seeds."""
    lines = [f"| change | {' | '.join(_NAMES)} | runs |", "|" + "---|" * (len(_NAMES) + 2)]
    for group, changes in CHANGES.items():
        found = {each: [row for row in runs if row["change"] == each] for each in changes}
        if any(found.values()):
            lines.append(f"| **{group}** |" + " |" * (len(_NAMES) + 1))
        for change, of_change in found.items():
            if of_change:
                cells = [rows.cell([row[name] for row in of_change]) for name in _NAMES]
                lines.append(f"| `{change}` | {' | '.join(cells)} | {len(of_change)} |")
    return lines


def _config(change, seed, runs):
    changed = [] if change == "(nothing)" else change.split()
    names = {each.split("=")[0] for each in changed}
    # An architecture of its own has a width of its own.
    dropped = {"--width"} if "--arch" in names else set()
    kept = [each for each in BASELINE.split() if each.split("=")[0] not in names | dropped]
    config, _ = flags.parse(Config, ["evidence", *kept, *changed, f"--seed={seed}"], "")
    name = re.sub(r"[^a-z0-9]+", "-", change.lower()).strip("-")
    return dataclasses.replace(
        config, metric=_METRICS, evaluate_every="1epoch", keep=1, run_dir=f"{runs}/{name}-{seed}"
    ).resolve()


def _run(change, seed, runs):
    """Trains one run in this process; returns its final scores and the time it took."""
    config = _config(change, seed, runs)
    with flags.quiet_import():
        import keras

        from gan_tf.runs import metrics_log
        from gan_tf.training import loop

    print(f"== {change}, seed {seed}", flush=True)
    began = time.monotonic()
    loop.train(config)
    keras.utils.clear_session()  # so that memory does not grow from run to run
    seconds = round(time.monotonic() - began, 1)
    scores = {
        name: metrics_log.read(RunDir(config.run_dir).metrics, name)[-1][1] for name in _NAMES
    }
    return scores | {"seconds": seconds}


if __name__ == "__main__":
    flags.run(main)
