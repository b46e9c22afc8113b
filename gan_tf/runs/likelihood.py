"""Likelihoods of sequences under generators that draw them token by token."""

import numpy as np

_CHUNK = 500  # sequences at once


def nll(kind, generator, modality, samples):
    """Returns the negative log-likelihood of sequences under a generator, nats per token.

    A sequence's end counts as a token; what fills its row after it does not.

    Args:
        kind: the class of the kind of GAN, which knows "density".
        generator: its generator.
        modality: `gan_tf.modalities.tokens.Tokens`.
        samples: stored samples, int (n, length).

    Returns:
        float64 (n,).
    """
    rows = np.asarray(samples)
    chunks = [rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK)]
    found = [np.asarray(kind.log_likelihoods(generator, each), np.float64) for each in chunks]
    counts = np.minimum(modality.lengths(rows) + modality.has_end, rows.shape[1])
    counted = np.arange(rows.shape[1]) < counts[:, None]
    return -np.sum(np.concatenate(found) * counted, axis=1) / counts
