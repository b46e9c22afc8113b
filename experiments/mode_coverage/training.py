"""Trains the project's GAN on a task."""

import math

import keras
import numpy as np

from experiments.mode_coverage.annealing import AnnealedR1
from gan_tf import latents
from gan_tf.gans.standard import GAN


def train(task, preset, seed):
    """Trains a GAN, printing progress.

    Args:
        task: see `tasks`.
        preset: a `Preset`.
        seed: of weights, data and latents.

    Returns:
        The trained `GAN`.
    """
    task.set_up()
    keras.utils.set_random_seed(seed)
    gan = GAN(*task.networks(preset), seed=seed, tricks=preset.tricks)
    parts = math.gcd(preset.steps, 10)
    gan.compile(
        _optimizer(preset),
        _optimizer(preset),
        penalties=_penalties(preset),
        # A step of small networks is over before Python has begun the next.
        steps_per_execution=math.gcd(preset.steps // parts, 100),
    )
    gan.fit(
        task.batches(preset.batch_size, seed),
        epochs=parts,
        steps_per_epoch=preset.steps // parts,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=_report(preset.steps // parts))],
        shuffle=False,
        verbose=0,
    )
    return gan


def sample(gan, count, seed, batch_size=500):
    """Generates float32 (count, ...) from latents that depend on the seed."""
    drawn = latents.draw(seed, range(count), gan.latent_dim)
    starts = range(0, count, batch_size)
    return np.concatenate([np.asarray(gan(drawn[at : at + batch_size])) for at in starts])


def _optimizer(preset):
    rate = preset.learning_rate
    if preset.decays:
        rate = keras.optimizers.schedules.CosineDecay(rate, preset.steps)
    return keras.optimizers.Adam(rate, beta_1=preset.beta_1, beta_2=preset.beta_2)


def _penalties(preset):
    if not preset.smoothness:
        return preset.penalties
    # The last quarter of the run has the last weight.
    annealed = AnnealedR1(*preset.smoothness, steps=max(1, preset.steps * 3 // 4))
    return (*preset.penalties, annealed)


def _report(steps):
    def report(epoch, logs):
        losses = ", ".join(f"{name} {logs[name]:.3f}" for name in sorted(logs) if "loss" in name)
        print(f"step {(epoch + 1) * steps:,}: {losses}", flush=True)

    return report
