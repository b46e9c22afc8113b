"""Sampling from a trained run."""

import io
import pathlib

import keras
import numpy as np
from tqdm import tqdm

from gan_tf import images, latents, precision
from gan_tf.checkpoint import CheckpointStore, read_generator
from gan_tf.errors import UserError, suggest
from gan_tf.networks import build as networks
from gan_tf.registries import TRICKS
from gan_tf.run_dir import write

_SUFFIXES = {"grid": ".png", "png": "", "npz": ".npz"}


def load_generator(run, checkpoint="last"):
    """Loads the generator that samples of a run are drawn from.

    Args:
        run: a `RunDir`.
        checkpoint: "last", "best", or a step.

    Returns:
        The generator, a `keras.Model`, (batch, latent_dim), or [latents, labels], ->
        (batch, H, W, C) in [-1, 1]; and the step of its checkpoint.

    Raises:
        UserError: when there is no run, or no such checkpoint that can be used.
    """
    config, facts = run.config(), run.read_data()
    keras.config.set_dtype_policy(precision.resolve(config.precision))
    generator = networks.generator(config, tuple(facts["image_shape"]), len(facts["label_names"]))
    samplers = [TRICKS.entry(each).attributes["sampler"] for each in config.trick]
    name = next((each for each in reversed(samplers) if each != "generator"), "generator")
    store, steps = _find(run, checkpoint)
    if not steps:
        raise UserError(
            f"'{run.path}' has no checkpoint yet: train until its first one, which is after "
            f"{config.checkpoint_every}."
        )
    return generator, store.restore(read_generator(generator, name), steps)


def _find(run, checkpoint):
    """The store that has a checkpoint, and the steps to try in it."""
    last, best = CheckpointStore(run.checkpoints), CheckpointStore(run.best)
    if checkpoint == "last":
        return last, last.steps()
    if checkpoint == "best":
        if not best.steps():
            raise UserError(
                f"'{run.path}' has no best checkpoint, since it was trained without scores: give "
                "--checkpoint=last, or train with --evaluate_every=1epoch."
            )
        return best, best.steps()
    for store in (last, best):
        if checkpoint.isdigit() and int(checkpoint) in store.steps():
            return store, [int(checkpoint)]
    there = ", ".join(map(str, sorted({*last.steps(), *best.steps()}))) or "none"
    raise UserError(
        f"'{run.path}' has no checkpoint '{checkpoint}': give last, best, or one of the steps there "
        f"are: {there}."
    )


def label_chooser(run, label=None):
    """Returns what gives each image its class, for `generate`; None for an unconditional run.

    Args:
        run: a `RunDir`.
        label: the name or number of a class, for all; None: classes as often as in the data.

    Raises:
        UserError: for an unknown class, or any class where the run is not conditional.
    """
    facts = run.read_data()
    names = facts["label_names"]
    if not run.config().conditional:
        if label is not None:
            raise UserError(
                f"--label={label}: the run in '{run.path}' is not conditional: leave it out, or train "
                "with --conditional."
            )
        return None
    if label is None:
        shares = facts.get("label_counts") or [1] * len(names)
        return lambda seed, numbers: latents.draw_labels(seed, numbers, shares)
    if label not in names and not (label.isdigit() and int(label) < len(names)):
        raise UserError(
            f"--label={label}: there is no such class{suggest(label, names)}; there are: "
            f"{', '.join(names)}."
        )
    number = names.index(label) if label in names else int(label)
    return lambda seed, numbers: np.full(len(numbers), number)


def generate(generator, num_images, seed=0, batch_size=100, labels=None):
    """Yields generated images, a batch at a time.

    Args:
        generator: a Keras model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1], or of
            [latents, labels].
        num_images: how many in all.
        seed: image k depends on the seed and k alone.
        batch_size: images computed at once.
        labels: for a conditional generator: (seed, numbers) -> int labels; see
            `label_chooser`.

    Yields:
        uint8 (up to batch_size, H, W, C), and the labels, or None.
    """
    latent_dim = generator.inputs[0].shape[-1]
    for start in range(0, num_images, batch_size):
        # Whole batches only, so that the last is computed like the others.
        numbers = range(start, start + batch_size)
        inputs = latents.draw(seed, numbers, latent_dim)
        chosen = labels and labels(seed, numbers)
        if labels:
            inputs = [inputs, chosen]
        made = images.to_uint8(generator.predict_on_batch(inputs))
        count = num_images - start
        yield made[:count], chosen[:count] if labels else None


def write_images(run, options):
    """Generates what the options of `gan_tf.generate` ask for, and writes it.

    Returns:
        The path of the file, or for `png` of the folder, that was written.

    Raises:
        UserError: when the run cannot be used or the disk is full.
    """
    labels = label_chooser(run, options.label)
    generator, _ = load_generator(run, options.checkpoint)
    name = f"seed{options.seed}" + (f"-label{options.label}" if options.label else "")
    out = pathlib.Path(options.out or run.generated / (name + _SUFFIXES[options.format]))
    if options.format != "png" and out.is_dir():
        raise UserError(f"'{out}' is a folder: --out takes a file for --format={options.format}.")
    stream = generate(generator, options.num_images, options.seed, options.batch_size, labels)
    batches = (batch for batch, _ in stream)
    bar = tqdm(total=options.num_images, unit=" images", leave=False)
    with bar:
        if options.format == "png":
            number = 0
            for batch in batches:
                for image in batch:
                    write(out / f"{name}-{number:06d}.png", images.png(image))
                    number += 1
                bar.update(len(batch))
            return out
        made = []
        for batch in batches:
            made.append(batch)
            bar.update(len(batch))
    made = np.concatenate(made)
    if options.format == "grid":
        write(out, images.png(images.grid(made)))
    else:
        archive = io.BytesIO()
        np.savez(archive, images=made)
        write(out, archive.getvalue())
    return out
