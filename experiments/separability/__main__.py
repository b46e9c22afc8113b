"""How well attributes are separated in z and in w: `python -m experiments.separability --run_dir=...`.

For each attribute that the features of a run recognize (40 of faces, or the classes of digits), a
linear classifier finds it in the latents, or in the styles, of generated images. What remains to be
known of the attribute, given what the classifier says, is its conditional entropy H(Y|X); the score
is exp(sum of H(Y|X) over the attributes), at least 1, where all are found without an error.
README.md says how it differs from the published one.
"""

import dataclasses
import pathlib

import numpy as np

from experiments import rows
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.options.style_based import has_styles
from gan_tf.registry import FEATURES
from gan_tf.runs.run_dir import RunDir

STEPS = 1000
_DECAY = 1e-3  # of the classifiers' weights
_AT_ONCE = 1000  # images
_FEWEST = 10  # images with an attribute, and without it, that a classifier needs


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    run_dir: tuple = option(
        (), "Options", "training runs, on images with known attributes", path=True
    )
    checkpoint: str = option("last", "Options", "last, best, or the step of a checkpoint")
    features: str | None = same(Config, "features", "Options")
    num_images: int = option(20_000, "Options", "how many are generated", low=100)
    seed: int = option(0, "Options", "of the images", low=0, high=2**31 - 1)
    out: str | None = option(
        None, "Options", "add the results to this file, a JSON line each", path=True
    )
    table: str | None = option(
        None, "Options", "print the table of such a file, measure nothing", path=True
    )


def main(argv):
    """Measures the runs and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "How well attributes are separated in z and in w.")
    check(options)
    if options.table:
        print("\n".join(table(rows.read(options.table))))
        return 0
    if not options.run_dir:
        raise UserError("Name training runs with --run_dir=...")
    runs = [RunDir(each) for each in options.run_dir]
    for run in runs:
        spec = options.features or run.config().feature_spec()
        if not FEATURES.entry(spec).attributes.get("label_names"):
            raise UserError(
                f"The features '{spec}' of '{run.path}' recognize no attributes: give others "
                "with --features."
            )
    found = []
    for run in runs:
        for row in measure(run, options):
            found.append(row)
            if options.out:
                rows.append(pathlib.Path(options.out), row)
    print("\n".join(table(found)))
    return 0


def measure(run, options):
    """Yields the rows of a run: in z, and, of a style-based generator, in w."""
    with flags.quiet_import():
        from gan_tf import latents
        from gan_tf.runs.style_space import StyleSpace
        from gan_tf.runs.trained_run import TrainedRun

    trained = TrainedRun(run, options.checkpoint)
    spec = options.features or trained.config.feature_spec()
    extractor = FEATURES.build(spec, {"image_shape": trained.sample_shape})
    count = options.num_images
    labels = trained.choose_labels(options.seed, range(count))
    points = {"z": latents.draw(options.seed, range(count), trained.latent_dim)}
    logits = []
    for at in range(0, count, _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        made = trained.samples(points["z"][part], None if labels is None else labels[part])
        logits.append(extractor.logits(made))
    logits = np.concatenate(logits)
    if has_styles(trained.config):
        points["w"] = StyleSpace(trained).drawn(count, options.seed, labels)
    for space, inputs in points.items():
        found = separability(inputs, logits, extractor.label_names, STEPS)
        yield {"run": run.path.name, "step": trained.step, "space": space, "images": count} | found


def separability(inputs, logits, names, steps):
    """Returns the score of inputs, and the conditional entropy of each attribute, a dict.

    Only the half of the images counts of which the network is most certain. Classifiers are trained
    on half of these, and measured on the others.

    Args:
        inputs: float (n, m): latents or styles.
        logits: float (n, k): of each attribute, above 0 where an image has it.
        names: of the attributes.
        steps: updates of the classifiers.
    """
    certain = np.zeros(logits.shape, bool)
    order = np.argsort(-np.abs(logits), axis=0, kind="stable")
    np.put_along_axis(certain, order[: len(logits) // 2], True, axis=0)
    has, learns = logits > 0, np.arange(len(logits)) % 2 == 0
    enough = [
        min(np.count_nonzero(certain[learns, at] & (has[learns, at] == is_so)) for is_so in (0, 1))
        >= _FEWEST
        for at in range(len(names))
    ]
    scaled = (inputs - inputs.mean(0)) / np.maximum(inputs.std(0), 1e-8)
    kernel, bias = fit(scaled[learns], has[learns], certain[learns], steps)
    says = scaled[~learns] @ kernel + bias > 0
    entropies, right = {}, []
    for at, name in enumerate(names):
        counted = certain[~learns, at]
        counts = np.zeros((2, 2))
        np.add.at(counts, (says[counted, at] * 1, has[~learns][counted, at] * 1), 1)
        if enough[at]:
            entropies[name] = round(conditional_entropy(counts), 5)
            right.append(np.trace(counts) / counts.sum())
    score = float(np.exp(sum(entropies.values())))
    accuracy = float(np.mean(right)) if right else 1.0
    return {"score": score, "accuracy": accuracy, "entropies": entropies}


def fit(inputs, targets, counted, steps):
    """Fits logistic regressions, one for each column of the targets, with Keras.

    Args:
        inputs: float (n, m), standardized.
        targets: bool (n, k).
        counted: bool (n, k): which of the targets count.
        steps: updates by Adam on all rows, whose rate falls from 0.05 along a cosine.

    Returns:
        Kernel (m, k) and bias (k,).
    """
    with flags.quiet_import():
        import keras
        import tensorflow as tf

    layer = keras.layers.Dense(
        targets.shape[1],
        kernel_initializer="zeros",
        kernel_regularizer=keras.regularizers.L2(_DECAY),
        dtype="float32",
    )
    layer.build(inputs.shape)
    rate = keras.optimizers.schedules.CosineDecay(0.05, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(layer.trainable_variables)
    inputs, targets, counted = (
        tf.constant(each, tf.float32) for each in (inputs, targets, counted)
    )
    totals = tf.maximum(tf.reduce_sum(counted, 0), 1.0)

    @tf.function
    def train():
        for _ in tf.range(steps):
            with tf.GradientTape() as tape:
                losses = tf.nn.sigmoid_cross_entropy_with_logits(targets, layer(inputs))
                loss = tf.reduce_sum(losses * counted / totals) + tf.add_n(layer.losses)
            optimizer.apply(tape.gradient(loss, layer.trainable_variables))

    train()
    return layer.kernel.numpy(), layer.bias.numpy()


def conditional_entropy(counts):
    """Returns H(Y|X) in nats of a table of counts, X the row and Y the column."""
    joint = counts / counts.sum()
    given = joint.sum(1, keepdims=True)
    ratios = np.divide(joint, given, out=np.ones_like(joint), where=joint > 0)
    return float(-np.sum(joint * np.log(ratios)))


def table(found):
    """Returns the lines of a Markdown table."""
    lines = [
        "| run | step | space | separability | accuracy | attributes |",
        "|---|---|---|---|---|---|",
    ]
    for row in found:
        cells = (row["run"], f"{row['step']:,}", row["space"], f"{row['score']:.3g}")
        cells += (f"{row['accuracy']:.3f}", len(row["entropies"]))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


if __name__ == "__main__":
    flags.run(main)
