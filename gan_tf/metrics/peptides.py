"""Properties of peptides that decide whether they can be antimicrobial."""

import numpy as np

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS

# Logarithmic acid constants: CRC Handbook of Chemistry and Physics, 96th edition.
_POSITIVE = {"K": 10.67, "R": 12.10, "H": 6.04}
_NEGATIVE = {"D": 3.71, "E": 4.15, "C": 8.14, "Y": 10.10}
_N_END, _C_END = 9.38, 2.15
# The consensus scale of Eisenberg et al., 1984 (https://doi.org/10.1016/0022-2836(84)90309-7).
_HYDROPHOBICITY = {
    **{"I": 1.4, "F": 1.2, "V": 1.1, "L": 1.1, "W": 0.81, "M": 0.64, "A": 0.62, "G": 0.48},
    **{"C": 0.29, "Y": 0.26, "P": 0.12, "T": -0.05, "S": -0.18, "H": -0.4, "E": -0.74},
    **{"N": -0.78, "Q": -0.85, "D": -0.9, "K": -1.5, "R": -2.5},
}


class _Property(TokenMetric):
    """The base class: the mean of a property of each sequence, which that of real ones is compared with."""

    knows = ("amino_acids",)
    higher_is_better = False
    best_is_data = True
    compute = None

    def score(self, real, fake):
        del real
        letters = self._modality.vocabulary
        texts = ("".join(letters[token] for token in each) for each in self.sequences(fake))
        values = [type(self).compute(each) for each in texts]
        return Score(float(np.mean(values)), standard_error(values))


def charge(letters, ph=7.0):
    """Returns the net charge of a peptide, in elementary charges, by Henderson and Hasselbalch.

    Equal to modlamp's `calculate_charge`: both ends are free.

    Args:
        letters: its amino acids, a str.
        ph: of the solution, default 7.
    """
    positive = [_N_END, *(_POSITIVE[each] for each in letters if each in _POSITIVE)]
    negative = [_C_END, *(_NEGATIVE[each] for each in letters if each in _NEGATIVE)]
    up = sum(1 / (1 + 10 ** (ph - constant)) for constant in positive)
    down = sum(1 / (1 + 10 ** (constant - ph)) for constant in negative)
    return up - down


def hydrophobic_moment(letters, angle=100.0):
    """Returns the hydrophobic moment of a peptide: |sum of H_k e^(i k angle)| / length; of "" 0.

    Large where one side of a helix is hydrophobic, the other not. Equal to modlamp's `calculate_moment`
    of whole peptides, with the same scale.

    Source: Eisenberg et al., 1982 (https://doi.org/10.1038/299371a0).

    Args:
        letters: its amino acids, a str.
        angle: degrees from one to the next: 100 (default) in an alpha helix, 160 to 180 in a strand.
    """
    if not letters:
        return 0.0
    values = np.array([_HYDROPHOBICITY[each] for each in letters])
    turns = np.exp(1j * np.deg2rad(angle) * np.arange(len(values)))
    return float(np.abs(np.sum(values * turns)) / len(values))


@METRICS.register("charge")
class Charge(_Property):
    """The mean net charge of peptides at pH 7, in elementary charges."""

    compute = staticmethod(charge)


@METRICS.register("hydrophobic_moment")
class HydrophobicMoment(_Property):
    """The mean hydrophobic moment of peptides as alpha helices (Eisenberg et al., 1982)."""

    compute = staticmethod(hydrophobic_moment)
