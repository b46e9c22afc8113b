"""GANs whose checkpoints tests write and read."""

import numpy as np

from gan_tf.gans.standard import GAN
from gan_tf.networks.mlp import MLP


def make(width=4, steps=0):
    architecture = MLP(width)
    gan = GAN(architecture.generator((8, 8, 1), 5), architecture.discriminator((8, 8, 1)))
    gan.compile(run_eagerly=True)  # few steps are not worth a graph
    rng = np.random.default_rng(0)
    for _ in range(steps):
        gan.train_on_batch(rng.uniform(-1, 1, (4, 8, 8, 1)).astype(np.float32))
    return gan


def full_state(gan):
    optimizers = gan.generator_optimizer.variables + gan.discriminator_optimizer.variables
    return [np.asarray(each) for each in gan.get_weights() + optimizers + [gan.random.state]]
