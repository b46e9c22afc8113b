"""What the training programs of the feature extractors have in common."""

import argparse
import time

import keras
import numpy as np
import tensorflow as tf

from gan_tf.data import pipeline
from gan_tf.features import pretrained
from gan_tf.metrics.fid import fid
from gan_tf.registry import DATASETS

NOISE_DISTANCE = 400.0


def parse(doc, epochs, **flags):
    """Parses the flags: `out`, `epochs`, `seed`, and required ones, {name: help}."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    for name, text in flags.items():
        parser.add_argument(f"--{name}", required=True, help=text)
    parser.add_argument("--out", required=True, help="the .npz file to write")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def train_classifier(extractor, dataset, options):
    """Trains the network of a classifier, prints its accuracy, and writes its weights.

    Args:
        extractor: the class, such as `MnistClassifier`.
        dataset: the name of the data set.
        options: the result of `parse`.
    """
    source = DATASETS.build(dataset)
    train_on(extractor, pipeline.load(source), pipeline.load_held_out(source), options)


def train_on(extractor, examples, test, options, **how):
    """Does the same with `Examples` of images for training and test; `how` is for `fit`."""
    start = time.time()
    keras.utils.set_random_seed(options.seed)
    model = extractor.network()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    fit(model, examples, loss, options, **how)
    found = predict(model, test.samples)[1].argmax(1)
    print(f"Test accuracy: {np.mean(found == test.labels):.2%}")
    pretrained.save(options.out, model, *unit(model, examples.samples[:10_000]))
    print(f"Written after {time.time() - start:.0f} s: {options.out}")


def fit(model, examples, loss, options, batch_size=128, shift=2, flip=False):
    """Trains the second output of a network, with AdamW and a cosine schedule.

    Args:
        model: a `network()`.
        examples: `gan_tf.data.examples.Examples`.
        loss: a function of labels and logits.
        options: the result of `parse`.
        shift: maximum shift of each batch in pixels, in each direction; padded with black.
        flip: whether images are mirrored at random.
    """
    steps = len(examples) // batch_size
    seed = tf.constant(options.seed, tf.int64)

    def shifted(step, batch):
        pixels, labels = batch
        padded = tf.pad(pixels, [[0, 0], [shift] * 2, [shift] * 2, [0, 0]], constant_values=-1)
        return tf.image.stateless_random_crop(padded, pixels.shape, tf.stack([seed, step])), labels

    batches = pipeline.batches(examples, batch_size, options.seed, flip=flip)
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, steps * options.epochs)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=0.02), loss=[None, loss])
    model.fit(
        batches.enumerate().map(shifted),
        epochs=options.epochs,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=2,
    )


def predict(model, pixels):
    """Features and logits of uint8 images."""
    return model.predict(np.float32(pixels) / 127.5 - 1, batch_size=250, verbose=0)


def unit(model, pixels):
    """The origin and the scale of the features.

    Args:
        model: a trained `network()`.
        pixels: uint8 (n, height, width, channels): real images.

    Returns:
        The mean of the features of real images, and the factor for which the Frechet distance of
        these and n images of uniform noise is `NOISE_DISTANCE`.
    """
    noise = np.random.default_rng(0).integers(0, 256, pixels.shape, np.uint8)
    real = predict(model, pixels)[0]
    distance = fid(real, predict(model, noise)[0])
    return real.mean(0), np.sqrt(NOISE_DISTANCE / distance)
