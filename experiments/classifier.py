"""A small network that classifies digits, for experiments on what images are worth for training."""

import keras
import numpy as np

from gan_tf.features.extractor import float32
from gan_tf.features.mnist_classifier import MnistClassifier

_BATCH = 500


def train(batches, steps, seed):
    """Trains a network of 28x28 grayscale images in float32, with Adam at 1e-3.

    Args:
        batches: yields images, uint8 (n, 28, 28, 1), and their classes, int (n,).
        steps: how many batches it is trained on.
        seed: of its weights.

    Returns:
        A compiled `keras.Model` from images in [-1, 1] to logits (n, 10).
    """
    keras.utils.set_random_seed(seed)
    with float32():
        network = MnistClassifier.network()
        model = keras.Model(network.inputs, network.outputs[1])
    model.compile(
        keras.optimizers.Adam(1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    scaled = ((_scaled(pixels), labels) for pixels, labels in batches)
    model.fit(scaled, steps_per_epoch=steps, verbose=0)
    return model


def accuracy(model, pixels, labels):
    """Returns the fraction of images, uint8 (n, 28, 28, 1), that a model of `train` gets right."""
    classes = model.predict(_scaled(pixels), batch_size=_BATCH, verbose=0).argmax(1)
    return float(np.mean(classes == labels))


def _scaled(pixels):
    return pixels.astype(np.float32) / 127.5 - 1
