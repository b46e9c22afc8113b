"""Frames of videos as a data set of images, and videos made of images on a line through the latents."""

import zipfile

import numpy as np

from gan_tf import latents
from gan_tf.data import pipeline
from gan_tf.files.atomic_write import atomic_file
from gan_tf.modalities.image import png

_EACH = 2  # frames of each video


def write(source, path):
    """Writes an archive of random frames of a data set of videos, unless it is there.

    Frames are in a folder for each class, as `image_folder` reads them.

    Args:
        source: the data set.
        path: of the archive.
    """
    if path.exists():
        return
    random, examples = np.random.default_rng(0), pipeline.load(source)
    with atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for row in range(len(examples)):
            chosen = random.choice(examples.samples.shape[1], _EACH, replace=False)
            name = examples.label_names[examples.labels[row]]
            for frame in chosen:
                archive.writestr(f"{name}/{row:06}-{frame}.png", png(examples.samples[row][frame]))


def walks(trained, count, frames, seed=0):
    """Makes videos of a generator of images: of points on the straight line between two latents.

    Args:
        trained: a `gan_tf.runs.trained_run.TrainedRun` on images.
        count: how many videos.
        frames: of a video.
        seed: of the latents and of the classes, of which a video has one.

    Returns:
        uint8 (count, frames, height, width, C), and the classes (count,), or None.
    """
    fractions = np.linspace(0, 1, frames)
    start, end = (latents.draw(each, range(count), trained.latent_dim) for each in (seed, seed + 1))
    lines = [latents.lerp(*each, fractions) for each in zip(start, end)]
    labels = trained.choose_labels(seed, range(count))
    of_frames = None if labels is None else np.repeat(labels, frames)
    made = trained.samples(np.concatenate(lines), of_frames)
    return made.reshape(count, frames, *made.shape[1:]), labels
