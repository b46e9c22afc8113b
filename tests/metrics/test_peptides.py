"""Properties of peptides, beside the values of modlamp."""

import numpy as np
import pytest

from gan_tf.metrics.metric import Sample
from gan_tf.metrics.peptides import charge, hydrophobic_moment
from gan_tf.modalities.tokens import Tokens
from gan_tf.registry import METRICS

LETTERS = "ACDEFGHIKLMNPQRSTVWY"


@pytest.mark.parametrize(
    "letters, charged, moment",
    [
        ("GLFDIVKKVVGALGSL", 0.996, 0.48790226),
        ("KLLKLLKKLLKLLK", 5.995, 0.7666517),
        ("DEHCYRW", -0.972, 0.47454513),
    ],
)
def test_equal_those_of_modlamp(letters, charged, moment):
    assert charge(letters) == pytest.approx(charged, abs=5e-4)
    assert hydrophobic_moment(letters) == pytest.approx(moment, abs=1e-6)


def test_moment_by_hand():
    assert hydrophobic_moment("IR", angle=180) == pytest.approx((1.4 + 2.5) / 2)
    assert hydrophobic_moment("") == 0


def test_scores_are_means_over_sequences_up_to_their_end():
    modality = Tokens(["", *LETTERS])
    rows = np.zeros((2, 5), np.int32)
    for row, letters in zip(rows, ("KKK", "DE")):
        row[: len(letters)] = [1 + LETTERS.index(each) for each in letters]
    sample = Sample(rows, np.zeros((2, 1)))
    score = METRICS.build("charge", {"modality": modality})(sample, sample)
    values = charge("KKK"), charge("DE")
    assert score.value == pytest.approx(sum(values) / 2)
    assert score.standard_error == pytest.approx(abs(values[0] - values[1]) / 2 / 2**0.5)
    score = METRICS.build("hydrophobic_moment", {"modality": modality})(sample, sample)
    assert score.value == pytest.approx((hydrophobic_moment("KKK") + hydrophobic_moment("DE")) / 2)
