"""One digit as the anomaly: `python -m experiments.anomaly`.

For each digit of MNIST a DCGAN is trained on the other nine, an encoder learns to invert it
(f-AnoGAN), and the scores of `gan_tf.anomaly` should separate that digit from the others.
Completed runs, one line each in the results file, are skipped, so that the program can be
interrupted. README.md explains the results.
"""

import dataclasses
import pathlib
import statistics
import time

from experiments import rows
from gan_tf.anomaly import Options as Detection
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option

TRAINING = "--dataset=mnist --arch=dcgan --width=32 --batch_size=64 --sample_every=2epochs --keep=1"
# Of anomalies in the test set of EGBAD: a fifth of the normal images, all of the others.
SHARE = 7_000 / (7_000 + 63_000 / 5)
# L. Tonnaer's thesis, table 3.3 (https://books.ipskampprinting.nl/thesis/603556-Tonnaer/65): AUROC
# of a latent-variable model with 2 and with 32 dimensions.
THESIS = {
    2: (0.96, 0.73, 0.97, 0.94, 0.73, 0.92, 0.95, 0.77, 0.92, 0.66),
    32: (0.81, 0.09, 0.92, 0.87, 0.78, 0.86, 0.87, 0.51, 0.89, 0.58),
}
_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    digits: tuple = option((), "Options", "which digits, each the anomaly once; default: all")
    seeds: int = option(1, "Options", "runs of each digit: seeds 0, 1, ...", low=1, high=100)
    first_seed: int = option(0, "Options", "the first of the seeds", low=0, high=10_000)
    epochs: int = option(2, "Options", "passes of the GAN over the nine digits", low=1)
    encoder_steps: int = option(1500, "Options", "updates of the encoder", low=1)
    out: str = option(str(_FILE), "Options", "the file of results, a JSON line each", path=True)
    runs: str = option("runs/anomaly", "Options", "where the runs are", path=True)
    table: bool = option(False, "Options", "print the table of the results there are, run nothing")


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "How well a digit is told from nine that were learned.")
    check(options)
    path = pathlib.Path(options.out)
    if not options.table:
        done = {(row["digit"], row["seed"]) for row in rows.read(path)}
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for digit in map(int, options.digits or range(10)):
                if (digit, seed) not in done:
                    row = run(digit, seed, options)
                    rows.append(path, row)
                    print(row, flush=True)
    print("\n".join(table(rows.read(path))))
    return 0


def run(digit, seed, options):
    """Trains a GAN without the digit, and an encoder; scores images; returns the row of results."""
    folder = f"{options.runs}/without-{digit}-seed{seed}"
    words = [
        *TRAINING.split(),
        f"--leave_out={digit}",
        f"--seed={seed}",
        f"--epochs={options.epochs}",
        f"--run_dir={folder}",
    ]
    config, _ = flags.parse(Config, ["anomaly", *words], "")
    with flags.quiet_import():
        import keras
        import numpy as np

        from gan_tf.inversion import anomaly_detection, encoder
        from gan_tf.inversion.run_objectives import run_objective
        from gan_tf.metrics.ranking import auroc, average_precision
        from gan_tf.runs.trained_run import TrainedRun
        from gan_tf.training import loop

    print(f"== without {digit}, seed {seed}", flush=True)
    began = time.monotonic()
    loop.train(config.resolve())
    keras.utils.clear_session()  # so that memory does not grow from run to run
    trained = TrainedRun(folder)
    detection = Detection(run_dir=folder, encoder_steps=options.encoder_steps, seed=seed)
    encode = encoder.obtain(trained, detection)
    total = run_objective(trained, anomaly_detection.SCORES["encoder"], encode=encode.of_tensors)

    def scored(pixels):
        floats = pixels.astype(np.float32) / 127.5 - 1
        return anomaly_detection.score(
            trained, total, floats, encode(floats), np.zeros(len(floats), np.int64)
        )

    normal = scored(trained.held_out().samples)
    full = trained.data(leave_out=None), trained.held_out(leave_out=None)
    anomalies = scored(np.concatenate([each.samples[each.labels == digit] for each in full]))
    anomalous = np.arange(len(normal.scores) + len(anomalies.scores)) >= len(normal.scores)
    row = {"digit": digit, "seed": seed}
    kinds = {"": lambda each: each.scores} | {
        f"_{name}": lambda each, name=name: each.terms[name] for name in normal.terms
    }
    for suffix, of in kinds.items():
        scores = np.concatenate([of(normal), of(anomalies)])
        row[f"auroc{suffix}"] = round(auroc(scores, anomalous), 4)
        row[f"auprc{suffix}"] = round(average_precision(scores, anomalous, SHARE), 4)
    counts = {"normal": len(normal.scores), "anomalous": len(anomalies.scores)}
    made = {"epochs": options.epochs, "encoder_steps": options.encoder_steps}
    return row | counts | made | {"seconds": round(time.monotonic() - began)}


def table(runs):
    """Returns the lines of a Markdown table: means over the seeds, and a mean of all digits."""
    header = ["anomaly", "AUROC", "AUPRC", "runs", "thesis, 2", "thesis, 32"]
    lines = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    digits = sorted({row["digit"] for row in runs})
    means = []
    for digit in digits:
        found = [row for row in runs if row["digit"] == digit]
        cells = [_cell([row[name] for row in found]) for name in ("auroc", "auprc")]
        theirs = [THESIS[size][digit] for size in THESIS]
        lines.append(_line([digit, *cells, len(found), *(f"{each:.2f}" for each in theirs)]))
        means.append([statistics.mean(row[name] for row in found) for name in ("auroc", "auprc")])
        means[-1] += theirs
    if len(digits) == 10:
        auroc, auprc, *theirs = (f"{statistics.mean(each):.3f}" for each in zip(*means))
        lines.append(_line(["mean", auroc, auprc, len(runs), *theirs]))
    return lines


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def _cell(values):
    text = f"{statistics.mean(values):.3f}"
    return f"{text} ± {statistics.stdev(values):.3f}" if len(values) > 1 else text


if __name__ == "__main__":
    flags.run(main)
