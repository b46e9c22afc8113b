"""The share of sequences that a scorer likes."""

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.motifs import Motifs
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.metrics.metric import Sample
from gan_tf.modalities import of
from gan_tf.registry import METRICS

SCORER = "tests.metrics.test_scored:share_of_a"


def share_of_a(texts):
    return [text.count("A") / len(text) for text in texts]


def test_it_is_the_share_above_the_threshold():
    rows = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
    sample = Sample(rows, np.zeros((4, 1)))
    metric = METRICS.build(f"scored(scorer='{SCORER}', threshold=0.5)", {"modality": of(Motifs())})
    score = metric(sample, sample)
    assert (score.value, score.standard_error) == (0.5, 0.25)


def test_it_needs_a_scorer_and_is_left_out_where_it_is_not_asked_for():
    with pytest.raises(UserError, match="scored needs a scorer"):
        METRICS.build("scored")
    with pytest.raises(UserError, match="'x' names no scorer"):
        METRICS.build("scored(scorer='x')")
    source = Motifs()
    data = pipeline.load(source, 1 << 20)
    assert "scored" not in Evaluator(data, "", "ngrams", source=source).metrics
