"""The work of the experiment: real images, GANs, their images, classifiers."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from experiments import classifier
from experiments.augmentation.gans import SETS, gan_config
from gan_tf import augment
from gan_tf.data import labeled_subset, pipeline
from gan_tf.data.examples import Examples, select
from gan_tf.data.image_folder import ImageFolder
from gan_tf.data.mnist import Mnist
from gan_tf.files.atomic_write import write
from gan_tf.modalities import image as images
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling.labeled_data_set import write_folders
from gan_tf.training import loop

_BATCH = 64
_SHIFT = 2  # pixels at most, along each axis
_ROWS = 3  # of each kind in the picture


class Work:
    """Runs the parts of the experiment, and keeps reusable results.

    Args:
        options: those of the command.
    """

    def __init__(self, options):
        tf.get_logger().setLevel("ERROR")  # many models in one process: functions are retraced
        self.options = options
        self.folder = pathlib.Path(options.runs)
        source = Mnist(options.data_dir)
        self.training = pipeline.load(source)
        held_out = pipeline.load_held_out(source)
        self.test = held_out.samples, held_out.labels

    def accuracy(self, seed, shifts, name):
        """Trains a classifier; returns its accuracy on MNIST's 10,000 test images.

        Args:
            seed: of the choice of real images, and of all other random choices.
            shifts: whether images are shifted at random.
            name: of one of `SETS`, or None.
        """
        generated = None if name is None else self.generated(seed, name)
        model = self._classifier(seed, shifts, self.real(seed), generated)
        accuracy = classifier.accuracy(model, *self.test)
        if (shifts, name) == (True, None):
            model.save(self._judge(seed))
        keras.utils.clear_session()
        return accuracy

    def real(self, seed):
        """The real images of a seed, `Examples`, class-balanced, also written to a folder."""
        rows = labeled_subset.class_balanced(self.training, self.options.images, seed)
        chosen = Examples(select(self.training.arrays, rows), self.training.label_names)
        folder = self.folder / f"real-{self.options.images}-{seed}"
        if not folder.exists():
            folder.mkdir(parents=True)
            batches = [(chosen.samples, chosen.labels)]
            write_folders(folder, batches, chosen.samples.shape[1:], chosen.label_names)
        return chosen

    def generated(self, seed, name):
        """A set of images of a GAN, `Examples`; the GAN is trained first if necessary."""
        self.real(seed)
        gan, filtered = SETS[name]
        config = gan_config(self.options, gan, seed)
        out = self.folder / f"{name.replace(', ', '-')}-images-{self.options.images}-{seed}"
        if not out.exists():
            if not RunDir(config.run_dir).generator.exists():
                loop.train(config)
                keras.utils.clear_session()
            command = [f"--run_dir={config.run_dir}", f"--out={out}", f"--seed={seed}", "--balance"]
            command += [f"--num_images={self.options.generated}"]
            if filtered:
                if not self._judge(seed).exists():
                    self.accuracy(seed, True, None)
                command += [f"--classifier={self._judge(seed)}"]
            augment.main(["augment", *command])
            keras.utils.clear_session()
        return pipeline.load(ImageFolder(str(out), 28, color_mode="grayscale"))

    def draw(self, path):
        """Writes a PNG of images of seed 1, real and of each of `SETS`, with a column per class."""
        kinds = [self.real(1), *(self.generated(1, name) for name in SETS)]
        sheet = [
            each.samples[np.flatnonzero(each.labels == label)[row]]
            for each in kinds
            for row in range(_ROWS)
            for label in range(10)
        ]
        write(path, images.png(images.grid(np.stack(sheet), 10)))

    def _judge(self, seed):
        """The file of the classifier that labels images, trained on real images and shifts."""
        return self.folder / f"shifts-{self.options.images}-{seed}.keras"

    def _classifier(self, seed, shifts, real, generated):
        """Trains a network for the given steps, on batches that are half generated if there are any."""
        random = np.random.default_rng(seed)
        parts = [(real, shifts)] + [(generated, False)] * (generated is not None)

        def batches():
            while True:
                chosen = [_draw(random, _BATCH // len(parts), *each) for each in parts]
                pixels, labels = zip(*chosen)
                yield np.concatenate(pixels), np.concatenate(labels)

        return classifier.train(batches(), self.options.steps, seed)


def _draw(random, count, data, shifts):
    """Random images and labels of `Examples`, optionally shifted at random."""
    rows = random.integers(len(data), size=count)
    pixels = data.samples[rows]
    return shifted(pixels, random) if shifts else pixels, data.labels[rows]


def shifted(pixels, random):
    """Shifts each image by up to 2 pixels along each axis, padding with black.

    Args:
        pixels: uint8 (n, H, W, C).
        random: a `numpy.random.Generator`.

    Returns:
        The same shape.
    """
    height, width = pixels.shape[1:3]
    padded = np.pad(pixels, ((0, 0), (_SHIFT, _SHIFT), (_SHIFT, _SHIFT), (0, 0)))
    starts = random.integers(0, 2 * _SHIFT + 1, (len(pixels), 2))
    cut = [each[y : y + height, x : x + width] for each, (y, x) in zip(padded, starts)]
    return np.stack(cut)
