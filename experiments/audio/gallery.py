"""Clips of each class, side by side and to be heard: real ones, and those of the trained runs."""

import io
import pathlib

import numpy as np
from PIL import Image

from experiments.audio import recipes
from gan_tf import latents, modalities
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.files.atomic_write import write
from gan_tf.runs.trained_run import TrainedRun

_SEARCHED = 1000  # held-out clips, among which there is one of each class


def save(folder, runs, audio_dir=None):
    """Writes, for each data set with runs, a picture of spectrograms, and a WAV file for each run.

    In the picture a column is a class. The first row is held-out clips, the others are, in the order of
    `recipes.RECIPES`, the runs' clips of latents 0, 1, 2, ... In a WAV file these follow one another.

    Args:
        folder: where the files go, such as "tones.jpg" and "tones-wavegan.wav".
        runs: the folder of all runs, of which those of seed 0 are used.
        audio_dir: the folder of spoken digits; None: these are left out.

    Returns:
        The paths of the files.
    """
    written = []
    for task in ("tones", "digits") if audio_dir else ("tones",):
        trained = {
            name: TrainedRun(path)
            for name in recipes.RECIPES
            if name.startswith(task) and (path := pathlib.Path(runs) / f"{name}-0").is_dir()
        }
        if not trained:
            continue
        data = pipeline.load_held_out(
            datasets.build(recipes.config_of(f"{task}-wavegan", 0, runs, audio_dir)), _SEARCHED
        )
        classes = np.arange(len(data.label_names))
        first = [np.flatnonzero(data.labels == label)[0] for label in classes]
        rows, modality = [data.samples[first]], modalities.of(data)
        for name, run in trained.items():
            normal = latents.draw(0, classes, run.latent_dim)
            rows.append(run.samples(normal, classes))
            written.append(pathlib.Path(folder) / f"{name}.wav")
            write(written[-1], modality.snapshot(rows[-1]))
        drawn, content = modality.sheet(np.concatenate(rows), len(classes)), io.BytesIO()
        Image.fromarray(drawn).save(content, "JPEG", quality=85)
        written.append(pathlib.Path(folder) / f"{task}.jpg")
        write(written[-1], content.getvalue())
    return written
