"""Anomaly detection: scores images by how badly the generator reconstructs them."""

import dataclasses
import pathlib

import numpy as np
import tensorflow as tf

from gan_tf.files.atomic_write import write
from gan_tf.inversion import encoder, heat_map, input_images
from gan_tf.inversion.reconstruction import OBJECTIVES, searcher, table
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.messages import show
from gan_tf.modalities import image as images

SCORES = {
    # On MNIST, latents are more informative than pixels and features: 10 makes them dominate.
    "encoder": ("pixels", "features(1.0)", "codes(10.0)"),
    "search": ("pixels", "features(1.0)"),
}
_ROWS = 256
_ACROSS = 4  # anomalies side by side in the picture


@dataclasses.dataclass(frozen=True)
class Scored:
    """Scores of n images.

    Attributes:
        scores: float (n,): the larger, the more anomalous.
        terms: {objective: float (n,)}: the terms whose weighted sums are the scores.
        made: uint8 (n, H, W, C): the nearest generated images.
        labels: int (n,): the assumed classes.
    """

    scores: np.ndarray
    terms: dict
    made: np.ndarray
    labels: np.ndarray


def by_search(trained, floats, classes, options):
    """Scores images at latents found by search (AnoGAN, Schlegl et al., 2017)."""
    found = searcher(trained, options, OBJECTIVES)(floats, classes=classes)
    total = run_objective(trained, options.score or SCORES["search"])
    return score(trained, total, floats, found.latents, found.labels)


def by_encoder(trained, floats, classes, options):
    """Scores images at latents found by an encoder (f-AnoGAN, Schlegl et al., 2019).

    Of several classes, the one with the lowest score counts.
    """
    encode = encoder.obtain(trained, options)
    latents = encode(floats)
    total = run_objective(trained, options.score or SCORES["encoder"], encode=encode.of_tensors)
    if classes.shape[1] == 1:
        return score(trained, total, floats, latents, classes[:, 0])
    scores = [
        score(trained, total, floats, latents, classes[:, column]).scores
        for column in range(classes.shape[1])
    ]
    best = np.argmin(scores, axis=0)
    labels = classes[np.arange(len(best)), best]
    return score(trained, total, floats, latents, labels)


METHODS = {"encoder": by_encoder, "search": by_search}


def score(trained, total, floats, latents, labels):
    """Scores images by the objectives at their latents.

    Args:
        trained: the `TrainedRun`.
        total: the `Total` of objectives that the score is.
        floats: float32 (n, H, W, C) in [-1, 1].
        latents, labels: (n, latent_dim) and int (n,).

    Returns:
        `Scored`.
    """
    count = len(floats)

    @tf.function(reduce_retracing=True)
    def terms(images, latents, labels):
        return total.terms(latents, labels, total.target(images, labels=labels))

    parts = []
    for at in range(0, count, _ROWS):
        rows = (
            np.arange(at, at + _ROWS) % count
        )  # full batches: every image is computed in the same way
        part = terms(
            tf.constant(floats[rows]),
            tf.constant(latents[rows]),
            tf.constant(labels[rows], tf.int32),
        )
        parts.append({name: value.numpy() for name, value in part.items()})
    found = {name: np.concatenate([part[name] for part in parts])[:count] for name in parts[0]}
    scores = sum(total.objectives[name].weight * value for name, value in found.items())
    made = trained.samples(latents, labels if trained.conditional else None)
    return Scored(scores, found, made, labels)


def detect(run, options):
    """Scores the images that the options of `gan_tf.anomaly` name; writes and prints the results.

    Raises:
        UserError: when run or images cannot be used, or the results cannot be written.
    """
    trained, given, classes = input_images.open_run(run, options)
    scored = METHODS[options.method](trained, given.floats, classes, options)
    order = np.argsort(-scored.scores, kind="stable")
    out = pathlib.Path(options.out or run.anomalies)

    names = trained.label_names if trained.conditional else None
    rows = [
        [
            given.names[row],
            f"{scored.scores[row]:.6f}",
            *(f"{term[row]:.6f}" for term in scored.terms.values()),
            names[scored.labels[row]] if names else "",
        ]
        for row in order
    ]
    write(out / "scores.csv", table(["file", "score", *scored.terms, "label"], rows))
    top = order[: options.top]
    write(out / "anomalies.png", images.png(picture(given.pixels[top], scored.made[top])))

    low, middle, high = np.quantile(scored.scores, (0.05, 0.5, 0.95))
    show(
        f"{len(order):,} images scored: median {middle:.4f}, 5th and 95th percentile {low:.4f} and "
        f"{high:.4f}."
    )
    for row in top[:5]:
        show(f"  {scored.scores[row]:.4f}  {given.names[row]}")
    show(f"All, the most anomalous first: {out / 'scores.csv'}")
    show(
        f"The first {len(top):,}, each with the nearest image and a heat map: {out / 'anomalies.png'}"
    )


def picture(pixels, made):
    """Returns a grid of images, the nearest generated images, and heat maps of |x - G(z)|.

    The brightest color stands for half of the range from black to white.

    Args:
        pixels, made: uint8 (n, H, W, C).
    """
    difference = np.abs(pixels.astype(np.float32) - made).mean(axis=-1) / 255
    triples = [
        heat_map.to_rgb(pixels),
        heat_map.to_rgb(made),
        heat_map.overlay(pixels, 2 * difference),
    ]
    cells = np.stack(triples, axis=1).reshape(-1, *pixels.shape[1:3], 3)
    return images.grid(cells, 3 * min(_ACROSS, len(pixels)))
