"""Directions along which a generator's images change most: of latents, or of styles."""

import keras
import numpy as np

from gan_tf import latents
from gan_tf.networks.layers import ACTIVATIONS
from gan_tf.runtime.chunk import CHUNK


def find(trained, count=8, samples=None, seed=0):
    """Finds the principal directions of a generator, by their effect on its first hidden layer.

    PCA of the first activation's outputs over many samples gives coordinates x; the directions are
    the regression of the latents on x (for uncorrelated coordinates of variance 1, the covariance
    of latents and x), scaled to length 1, so that a step of s along one is s standard deviations
    of the latents. For a conditional generator, the effect of the class is removed first.

    Source: Härkönen et al., "GANSpace: Discovering Interpretable GAN Controls", 2020
    (https://arxiv.org/abs/2004.02546), sections 2.1 and 2.2, equation 3.

    Args:
        trained: a `gan_tf.runs.trained_run.TrainedRun`.
        count: the maximum number, default 8.
        samples: the number of latents; default: 5 per latent dimension, from 1,000 to 2,000.
        seed: of the latents.

    Returns:
        float32 (up to count, latent_dim), the largest change first.
    """
    samples = samples or min(2000, max(1000, 5 * trained.latent_dim))
    indices = range(samples)
    drawn = latents.draw(seed, indices, trained.latent_dim)
    labels = trained.choose_labels(seed, indices)
    hidden = _hidden(trained, drawn, labels)
    if labels is not None:
        for each in np.unique(labels):
            hidden[labels == each] -= hidden[labels == each].mean(0)
    return principal(drawn, hidden, count)


def of_styles(trained, space, count=8, samples=10_000, seed=0):
    """Finds the principal directions of the styles of a style-based generator.

    They are the principal components of w over many latents, each scaled to one standard deviation
    of w along it, so that w + s v is s standard deviations away; w is moved in all rows, or in those
    of chosen layers. For a conditional generator, the effect of the class is removed first.

    Source: Härkönen et al., "GANSpace: Discovering Interpretable GAN Controls", 2020
    (https://arxiv.org/abs/2004.02546), sections 2.2 and 2.3.

    Args:
        trained: a `gan_tf.runs.trained_run.TrainedRun`.
        space: its `gan_tf.runs.style_space.StyleSpace`.
        count: the maximum number, default 8.
        samples: the number of latents, default 10,000.
        seed: of the latents.

    Returns:
        float32 (up to count, m), the largest change first.
    """
    labels = trained.choose_labels(seed, range(samples))
    found = space.drawn(samples, seed, labels)
    if labels is not None:
        for each in np.unique(labels):
            found[labels == each] -= found[labels == each].mean(0)
    axes = principal(found, found, count)
    return axes * (found @ axes.T).std(0)[:, None]


def principal(drawn, hidden, count):
    """Returns the directions of latents (n, latent_dim) with activations (n, f); see `find`."""
    hidden = hidden - hidden.mean(0)
    # Eigendecomposition of the smaller of the n x n and the f x f Gram matrix.
    if len(hidden) < hidden.shape[1]:
        variances, coordinates = np.linalg.eigh(hidden @ hidden.T)
    else:
        variances, axes = np.linalg.eigh(hidden.T @ hidden)
        coordinates = hidden @ axes
    order = np.argsort(variances)[::-1][: min(count, drawn.shape[1])]
    order = order[variances[order] > 1e-9 * variances.max()] if variances.max() > 0 else order[:0]
    found = coordinates[:, order].T @ (drawn - drawn.mean(0))
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    found = (found / np.maximum(lengths, 1e-12))[lengths[:, 0] > 0]
    # The sign of an eigenvector is arbitrary: make the largest value positive.
    largest = np.abs(found).argmax(1)
    return np.asarray(found * np.sign(found[np.arange(len(found)), largest])[:, None], np.float32)


def _hidden(trained, drawn, labels):
    """The outputs of the first hidden activation for latents, float32 (n, f)."""
    model = _first_activation(trained.generator)
    rows = []
    for at in range(0, len(drawn), CHUNK):
        part = slice(at, at + CHUNK)
        inputs = trained.inputs(drawn[part], None if labels is None else labels[part])
        made = np.asarray(model.predict_on_batch(inputs), np.float32)
        # Virtual batch normalization prepends its reference examples.
        rows.append(made[-len(drawn[part]) :].reshape(len(drawn[part]), -1))
    return np.concatenate(rows)


def _first_activation(generator):
    """A model from the generator's inputs to the outputs of its first activation."""
    found = []

    def call(operation, *args, **kwargs):
        if not found and isinstance(operation, keras.Model):  # nested in that of a prior
            hidden = keras.Model(operation.inputs, _first(operation).output)
            found.append(hidden(*args))
        outputs = operation(*args, **kwargs)
        if not found and isinstance(operation, ACTIVATIONS):
            found.append(outputs)
        return outputs

    copy = keras.models.clone_model(
        generator, clone_function=lambda layer: layer, call_function=call
    )
    return keras.Model(copy.inputs, found[0])


def _first(model):
    return next(layer for layer in model.layers if isinstance(layer, ACTIVATIONS))
