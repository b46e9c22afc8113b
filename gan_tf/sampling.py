"""Sampling from a trained run."""

import io
import pathlib

import keras
import numpy as np
from tqdm import tqdm

from gan_tf import images, latents, precision
from gan_tf.checkpoint import CheckpointStore, read_generator
from gan_tf.errors import UserError
from gan_tf.registries import ARCHITECTURES
from gan_tf.run_dir import write

_SUFFIXES = {"grid": ".png", "png": "", "npz": ".npz"}


def load_generator(run):
    """Loads the generator of a run from its newest whole checkpoint.

    Args:
        run: a `RunDir`.

    Returns:
        The generator, a `keras.Model`: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1].

    Raises:
        UserError: when there is no run, or it has no checkpoint that can be used.
    """
    config, facts = run.config(), run.read_data()
    keras.config.set_dtype_policy(precision.resolve(config.precision))
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    generator = architecture.generator(tuple(facts["image_shape"]), config.latent_dim)
    if CheckpointStore(run.checkpoints).restore(read_generator(generator)) is None:
        raise UserError(
            f"'{run.path}' has no checkpoint yet: train until its first one, which is after "
            f"{config.checkpoint_every}."
        )
    return generator


def generate(generator, num_images, seed=0, batch_size=100):
    """Yields generated images, a batch at a time.

    Args:
        generator: a Keras model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1].
        num_images: how many in all.
        seed: image k depends on the seed and k alone.
        batch_size: images computed at once.

    Yields:
        uint8 (up to batch_size, H, W, C).
    """
    latent_dim = generator.input_shape[-1]
    for start in range(0, num_images, batch_size):
        # Whole batches only, so that the last is computed like the others.
        batch = latents.draw(seed, range(start, start + batch_size), latent_dim)
        made = images.to_uint8(generator.predict_on_batch(batch))
        yield made[: num_images - start]


def write_images(run, options):
    """Generates what the options of `gan_tf.generate` ask for, and writes it.

    Returns:
        The path of the file, or for `png` of the folder, that was written.

    Raises:
        UserError: when the run cannot be used or the disk is full.
    """
    generator = load_generator(run)
    name = f"seed{options.seed}"
    out = pathlib.Path(options.out or run.generated / (name + _SUFFIXES[options.format]))
    if options.format != "png" and out.is_dir():
        raise UserError(f"'{out}' is a folder: --out takes a file for --format={options.format}.")
    batches = generate(generator, options.num_images, options.seed, options.batch_size)
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
