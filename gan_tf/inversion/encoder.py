"""A network from images to latents, trained against the frozen generator and discriminator."""

import dataclasses
import hashlib
import json
import os
import tempfile

import keras
import numpy as np
import tensorflow as tf

from gan_tf.data import pipeline
from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.files.json_file import read_json
from gan_tf.files.plain_file import read_bytes
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.messages import progress_bar, show
from gan_tf.networks.layers import to_keras_layers
from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime import keras_file, precision
from gan_tf.runtime.chunk import CHUNK
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.runtime.keras_file import MAX_BYTES

STEPS = 1500
OBJECTIVES = ("pixels", "features(1.0)", "shell(0.1)")
_BATCH = 64
_LEARNING_RATE = 1e-3


def build(config, image_shape):
    """Builds an encoder, that of the run's architecture: see `Architecture.encode`.

    Args:
        config: the `Config` of the run.
        image_shape: (height, width, channels).

    Returns:
        A functional `keras.Model`: images (batch, H, W, C) in [-1, 1] -> float32 (batch,
        latent_dim).
    """
    images = keras.Input(image_shape, name="images")
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    length = architecture.latent_length(config.latent_dim, image_shape)
    return keras.Model(images, architecture.encode(images, length), name="encoder")


def train(trained, total, data, steps=STEPS, seed=0, bar=True):
    """Trains an encoder E of a run: G(E(x)) shall be like x, in pixels and features.

    Source: the izi_f training of f-AnoGAN (Schlegl et al., 2019,
    https://doi.org/10.1016/j.media.2019.01.010); Adam from 1e-3 with a cosine.

    Args:
        trained: the `TrainedRun`.
        total: the `Total` of objectives to minimize, a mean over the batch.
        data: `gan_tf.data.examples.Examples` that the run learned from.
        steps: updates, on 64 images each, from 1.
        seed: of the order of the images; the weights start from Keras's global seed.
        bar: whether a progress bar is shown on stderr.

    Returns:
        The encoder, see `build`.
    """
    with precision.policy(precision.resolve(trained.config.precision)):
        encoder = build(trained.config, trained.sample_shape)
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps, alpha=0.01)
    optimizer = keras.optimizers.Adam(rate, beta_1=0.5)
    optimizer.build(encoder.trainable_variables)
    size = min(_BATCH, len(data))
    config = trained.config
    batches = iter(pipeline.batches(data, size, seed, flip=config.flip, jitter=config.jitter))

    @tf.function
    def step(batch):
        images, labels = batch if isinstance(batch, tuple) else (batch, None)
        labels = tf.cast(labels, tf.int32) if trained.conditional else tf.zeros(size, tf.int32)
        target = total.target(images, labels=labels)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(total(encoder(images, training=True), labels, target))
        optimizer.apply(tape.gradient(loss, encoder.trainable_variables))
        return loss

    with progress_bar(total=steps, desc="encoder", unit="step", disable=not bar) as progress:
        for number in range(steps):
            loss = step(next(batches))
            progress.update()
            if number % 50 == 0:
                progress.set_postfix(loss=f"{float(loss):.3f}")
    return encoder


@dataclasses.dataclass(frozen=True)
class Stored:
    """An encoder in a run directory.

    Attributes:
        steps: how long it was trained.
        objectives: the specs that it was trained with.
        seed: of its training.
        generator: digest of the generator that it belongs to.
        file: digest of encoder.keras.
    """

    steps: int
    objectives: list
    seed: int
    generator: str
    file: str


def obtain(trained, options):
    """Returns the encoder of a run: its GAN's own, or one trained now where none is kept.

    Args:
        trained: the `TrainedRun`.
        options: `SearchOptions` with `encoder_steps`: None takes what there is, else `STEPS`.

    Returns:
        `OwnEncoder` or `Encoder`.

    Raises:
        UserError: when the run's data are gone, or the run directory cannot be written.
    """
    if trained.has_encoder:
        show("Encoder: the run's own, trained with its generator.")
        return OwnEncoder(trained)
    found, steps = stored(trained), options.encoder_steps
    if found and (steps or found.steps) == found.steps:
        show(f"Encoder: {trained.run.encoder} ({found.steps:,} steps).")
        return Encoder(trained)
    steps = steps or STEPS
    show(f"Training an encoder, {steps:,} steps, which '{trained.run.path}' keeps.")
    keras.utils.set_random_seed(options.seed)
    data = trained.data(**options.location())
    made = train(trained, run_objective(trained, OBJECTIVES), data, steps, options.seed)
    store(trained, made, steps, OBJECTIVES, options.seed)
    return Encoder(trained)


def stored(trained):
    """Returns the `Stored` of an encoder that belongs to the generator; None where there is none."""
    run = trained.run
    try:
        found = Stored(**read_json(run.encoder_facts))
        if type(found.steps) is not int:
            return None
        whole = found.file == hashlib.sha256(read_bytes(run.encoder, MAX_BYTES)).hexdigest()
    except (OSError, ValueError, TypeError):
        return None
    return found if whole and found.generator == _digest(trained.generator) else None


class OwnEncoder:
    """The encoder that a run's GAN has.

    Args:
        trained: the `TrainedRun`.
    """

    def __init__(self, trained):
        self._trained = trained

    def of_tensors(self, images):
        """Returns the latents of images, (batch, H, W, C) in [-1, 1], differentiably."""
        return self._trained.encoding(images, training=False)["codes"]

    def __call__(self, images):
        """Returns the latents of images, float (n, H, W, C): float32 (n, latent_dim)."""
        return self._trained.encode(images)


class Encoder:
    """The encoder of a run directory, see `stored`.

    Args:
        trained: the `TrainedRun`.

    Raises:
        UserError: when its file cannot be loaded.
    """

    def __init__(self, trained):
        path = trained.run.encoder
        try:
            self._model, _ = keras_file.load(path, CHUNK)
            if (self._model.input_shape, self._model.output_shape) != (
                (None, *trained.sample_shape),
                (None, trained.latent_dim),
            ):
                raise ValueError("it is not of the run's images and latents")
        except Exception as error:  # corrupt or malicious files can raise anything
            reason = str(error).strip().partition("\n")[0][:150]
            raise UserError(
                f"'{path}' cannot be loaded ({reason}): delete it, and another one is trained."
            ) from error
        self._chunked = FixedBatchModel(self._model)

    def of_tensors(self, images):
        """Returns the latents of images, (batch, H, W, C) in [-1, 1], differentiably."""
        return self._model(images, training=False)

    def __call__(self, images):
        """Returns the latents of images, float (n, H, W, C): float32 (n, latent_dim)."""
        return self._chunked(images)


def store(trained, encoder, steps, objectives, seed):
    """Writes an encoder to the run directory: encoder.keras, which plain Keras opens, and its facts.

    Raises:
        UserError: when it cannot be written.
    """
    run = trained.run
    with (
        writing(run.encoder),
        tempfile.TemporaryDirectory(prefix=".writing-", dir=run.path) as folder,
    ):
        beside = os.path.join(folder, run.encoder.name)
        to_keras_layers(encoder).save(beside)
        digest = hashlib.sha256(read_bytes(beside, MAX_BYTES)).hexdigest()
        os.replace(beside, run.encoder)
    facts = Stored(steps, list(objectives), seed, _digest(trained.generator), digest)
    write(run.encoder_facts, (json.dumps(vars(facts), indent=1) + "\n").encode())


def _digest(network):
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(np.ascontiguousarray(weights).tobytes())
    return digest.hexdigest()
