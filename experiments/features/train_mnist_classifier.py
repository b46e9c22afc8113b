"""Trains the network of --features=mnist_classifier on the training split of MNIST."""

import time

import keras
import numpy as np

from experiments.features import training
from gan_tf.data import pipeline
from gan_tf.features import pretrained
from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.registry import DATASETS


def main():
    options = training.parse(__doc__, epochs=8)
    start = time.time()
    keras.utils.set_random_seed(options.seed)
    source = DATASETS.build("mnist")
    examples = pipeline.load(source)
    model = MnistClassifier.network()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    training.fit(model, examples, loss, options)

    test = pipeline.load_held_out(source)
    found = training.predict(model, test.samples)[1].argmax(1)
    print(f"Test accuracy: {np.mean(found == test.labels):.2%}")
    pretrained.save(options.out, model, *training.unit(model, examples.samples[:10_000]))
    print(f"Written after {time.time() - start:.0f} s: {options.out}")


if __name__ == "__main__":
    main()
