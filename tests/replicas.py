"""Steps of several replicas beside those of one, on logical CPUs: `python -m tests.replicas 2`.

In a process of its own, since TensorFlow divides the CPU once, and each number of replicas in
another, since a process has one strategy. Prints {case: figures} as JSON.
"""

import json
import sys
from unittest import mock

import keras
import numpy as np
import tensorflow as tf

from gan_tf.data import pipeline
from gan_tf.data.examples import Examples
from gan_tf.gans.batch import Batch
from gan_tf.gans.standard import GAN
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.fastgan import FastGAN
from gan_tf.networks.mlp import MLP
from gan_tf.networks.modulation import MapNoise
from gan_tf.networks.normalization import synchronize
from gan_tf.networks.r3gan import R3GAN
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.runtime import replicas
from gan_tf.runtime.strategies import Workers

BATCH, LATENTS, SHAPE = 12, 6, (16, 16, 1)


class FromImages(GAN):
    """Makes the fakes of latents that are pixels of the reals, so that each has its own anywhere."""

    def generate_batch(self, real, labels):
        latents = tf.reshape(real, (tf.shape(real)[0], -1))[:, : self.latent_dim]
        return Batch(real, self.generator(latents, training=True), labels, latents)


def networks(norm=None, sync=False, architecture=None, shape=SHAPE):
    """Small ones: of an architecture, or of `dcgan` with this normalization, or the MLP for None.

    Noise and statistics of the minibatch, which differ between replicas, are left out.
    """
    if not architecture:
        norms = {"generator_norm": norm, "discriminator_norm": norm}
        architecture = DCGAN(width=4, **norms) if norm else MLP(width=8)
    pair = architecture.generator(shape, LATENTS), architecture.discriminator(shape)
    for each in pair:
        synchronize(each, sync)
        for layer in each.layers:
            layer.trainable = not isinstance(layer, MapNoise)  # its strength stays 0
    return pair


CASES = {
    "two discriminator steps, dragan, relativistic": (
        dict(norm="none"),
        dict(discriminator_steps=2, loss="relativistic_average", penalties=["dragan"]),
        (),
    ),
    "synchronized batch norm, r1, lazy, ema": (
        dict(norm="batch", sync=True),
        dict(penalties=["r1(every=2)"]),
        ("ema(0.5)",),
    ),
    "batch norm of each replica": (dict(norm="batch"), {}, ()),
    "mlp": (dict(sync=True), {}, ()),
    "r3gan, relativistic, r1, r2": (
        dict(architecture=R3GAN(2, 4)),
        dict(loss="relativistic", penalties=["r1(every=1)", "r2(every=1)"]),
        (),
    ),
    "layer norm, wgan_gp, feature matching": (
        dict(norm="layer"),
        dict(loss="wasserstein", penalties=["wgan_gp"]),
        ("feature_matching",),
    ),
    "weight_clip, clipped": (
        dict(norm="none"),
        dict(penalties=["weight_clip(0.05)"]),
        ("gradient_clipping(0.01)",),
    ),
    "styles, their mean, path lengths": (
        dict(architecture=StyleGAN2(2, 4, style_dim=4, minibatch_stddev=0)),
        dict(optimizer="sgd(0.00005)"),
        ("path_length(every=2, shrink=1)", "ema(0.5)"),
    ),
    "skips, synchronized, reconstruction": (
        dict(architecture=FastGAN(1), sync=True, shape=(28, 28, 1)),
        dict(loss="hinge", optimizer="sgd(0.001)"),
        ("reconstruction(width=2)",),
    ),
    "ada": (dict(norm="none"), {}, ("ada(every=1, batch_size=12)",)),
    "adam": (dict(norm="none"), dict(optimizer="adam"), ()),
}


def train(workers, case, steps=2, eagerly=False):
    """Trains on the replicas of a `Workers`; returns all weights, what was logged, and the model."""
    options, settings, tricks = CASES[case]
    settings = dict(settings)
    optimizer = settings.pop("optimizer", "sgd(0.1)")
    keras.utils.set_random_seed(0)
    with workers.strategy.scope():
        gan = FromImages(*networks(**options), tricks=tricks)
        gan.compile(optimizer, optimizer, run_eagerly=eagerly, **settings)
    parts = settings.get("discriminator_steps", 1)
    images = np.random.default_rng(0).integers(
        0, 256, (4 * BATCH * parts, *options.get("shape", SHAPE)), np.uint8
    )
    data = Examples({"image": images})

    def batches(rows):
        return pipeline.batches(data, BATCH * parts, seed=3, flip=True, rows=rows)

    fed = workers.feed(batches, BATCH * parts, parts)
    history = gan.fit(fed, epochs=1, steps_per_epoch=steps, verbose=0).history
    weights = [each for network in gan.networks.values() for each in network.get_weights()]
    return weights, {name: float(value[-1]) for name, value in history.items()}, gan


def difference(some, others):
    """The largest difference of two lists of arrays, each relative to its largest value.

    Or to 0.01, half the deviation that weights begin with.
    """
    return max(
        float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-2)) for a, b in zip(some, others)
    )


def compare(case, workers):
    """How far the replicas of a `Workers` come from one."""
    alone, logged, _ = train(Workers(), case, eagerly=True)  # which takes less than to trace it
    together, of_all, gan = train(workers, case)
    return {
        "weights": difference(alone, together),
        "logs": difference(
            [np.array(list(logged.values()))], [np.array([of_all[k] for k in logged])]
        ),
        "kept": difference(
            [np.array(list(of_all.values()))],
            [np.array([float(gan._metrics_by_name[name].result()) for name in of_all])],
        ),
        "replicas": max(map(_between, gan.generator.weights + gan.discriminator.weights)),
    }


def _between(variable):
    """How far the copies of a variable are from each other."""
    values = [each.numpy() for each in variable.value.values]
    return max(float(np.abs(values[0] - each).max()) for each in values)


def streams(strategy):
    """The numbers that each replica draws, twice, and what a plain generator draws."""
    with strategy.scope():
        seeds = replicas.SeedGenerator(5)
        dropout = keras.layers.Dropout(0.5, seed=5)
    replicas.use_replica_seeds(dropout)

    @tf.function
    def draw():
        return strategy.run(
            lambda: (
                keras.random.normal((4,), seed=seeds),
                dropout(tf.ones((32,)), training=True),
            )
        )

    drawn = [[], []]
    for _ in range(2):
        for kept, values in zip(drawn, draw()):
            kept += [each.numpy().tolist() for each in strategy.experimental_local_results(values)]
    plain = keras.random.SeedGenerator(5)
    first = [keras.random.normal((4,), seed=plain).numpy().tolist() for _ in range(2)]
    return {"normal": drawn[0], "dropout": drawn[1], "plain": first}


def cases(count):
    """The cases of a number of replicas; of three those of batch norm."""
    return list(CASES) if count == 2 else list(CASES)[1:3]


def main(count):
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * count
    )
    keras.config.set_dtype_policy("float32")
    # The penalties' random places, which each replica draws for itself, are the same everywhere.
    keras.random.uniform = lambda shape, *_, **__: tf.fill(shape, 0.3)
    workers = Workers(tf.distribute.MirroredStrategy([f"CPU:{each}" for each in range(count)]))
    keras.random.randint = lambda shape, low, *_, **__: tf.fill(shape, low)
    with mock.patch.object(keras.random, "normal", lambda shape, *_, **__: tf.fill(shape, 1.2)):
        found = {case: compare(case, workers) for case in cases(count)}
    print(json.dumps(found | {"streams": streams(workers.strategy)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
