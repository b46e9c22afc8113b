"""Missing pixels filled in by Gibbs draws and by latent search, on the same images and masks."""

import numpy as np

from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.inversion import restoration
from gan_tf.metrics import image_similarity
from gan_tf.registry import TASKS
from gan_tf.restore import Options

METHODS = {
    "search": Options(steps=300, starts=4, draws=1),
    "gibbs": Options(method="gibbs", steps=30, draws=8),
}


def compare(trained, pixels, mask, seed=0):
    """Yields a row of results for each method, and for filling without a generator.

    Args:
        trained: a `TrainedRun` with an encoder, on MNIST.
        pixels: uint8 (n, 28, 28, 1) that it was not trained on.
        mask: the spec of a mask.
        seed: of masks, starts and draws.

    Yields:
        Dicts: mean PSNR in dB, and the share of images that a classifier finds the same digit in
        as in the original, in percent; of Gibbs draws also their spread.
    """
    floats = trained.modality.to_network(pixels)
    task = TASKS.build("inpaint", {"mask": mask})
    task.prepare(len(pixels), trained.sample_shape, np.random.default_rng(seed))
    seen = task.degrade(floats)
    classify = MnistClassifier()
    true = classify.labels(pixels)

    def row(method, images, **more):
        images = trained.modality.to_stored(images)
        agreeing = np.all(classify.labels(images) == true, axis=1)
        scores = {
            "psnr": round(float(np.mean(image_similarity.psnr(pixels, images))), 2),
            "same_class": round(100 * float(np.mean(agreeing)), 1),
        }
        counts = {"images": len(pixels), "step": trained.step}
        return {"filling": method, "mask": mask} | scores | more | counts

    for name, images in task.restore_baselines(seen).items():
        yield row(name, images)
    classes = np.zeros((len(pixels), 1), np.int64)
    for name, options in METHODS.items():
        made = restoration.METHODS[name](trained, task, seen, classes, options)
        spread = {} if made.spread is None else {"spread": round(float(np.mean(made.spread)), 4)}
        yield row(name, made.results["restored"], **spread)
        if "mean" in made.results:
            yield row(f"{name}, mean of the draws", made.results["mean"])
