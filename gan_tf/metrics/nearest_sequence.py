"""How far generated sequences are from the nearest real one."""

import numpy as np

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS


@METRICS.register("nearest_sequence")
class NearestSequence(TokenMetric):
    """Edit distance to the nearest real sequence, per token: 0 for copies.

    A value far below that of other real sequences means that the samples are copies; one far above,
    that they are not like the data. Quadratic in `num_images`.

    Args:
        num_images: sequences of each kind, default 500.
    """

    higher_is_better = False
    best_is_data = True

    def __init__(self, num_images: int = 500, modality=None):
        super().__init__(min(num_images, 500), modality)

    def score(self, real, fake):
        others = np.asarray(real.samples)
        lengths = np.array([len(each) for each in self.sequences(real)])
        distances = np.array(
            [
                (
                    edit_distances(each, others, lengths)
                    / np.maximum(1, np.maximum(len(each), lengths))
                ).min()
                for each in self.sequences(fake)
            ]
        )
        return Score(float(distances.mean()), standard_error(distances))


def edit_distances(sequence, others, lengths):
    """Returns how many tokens must be inserted, deleted or replaced (Levenshtein, 1966).

    Args:
        sequence: a list of tokens.
        others: int (n, length).
        lengths: int (n,): how many tokens of each of the others count.

    Returns:
        int (n,): the distance from the sequence to each of the others.
    """
    columns = np.arange(others.shape[1] + 1)
    distance = np.broadcast_to(columns, (len(others), len(columns)))
    for row, token in enumerate(sequence, 1):
        best = np.empty_like(distance)
        best[:, 0] = row
        best[:, 1:] = np.minimum(distance[:, 1:] + 1, distance[:, :-1] + (others != token))
        # Insertions: the smallest of all to the left, plus one for each column between.
        distance = np.minimum.accumulate(best - columns, axis=1) + columns
    return distance[np.arange(len(others)), lengths]
