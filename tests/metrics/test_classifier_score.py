"""The Inception score by hand."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.classifier_score import ClassifierScore, classifier_score
from gan_tf.metrics.metric import Sample


def sample(probabilities):
    return Sample(None, np.zeros((len(probabilities), 2), np.float32), probabilities)


def test_sure_and_even_gives_the_number_of_classes():
    assert classifier_score(np.tile(np.eye(4), (5, 1))) == pytest.approx(4)


def test_the_same_for_every_image_gives_1():
    assert classifier_score(np.full((6, 4), 0.25)) == pytest.approx(1)
    assert classifier_score(np.tile([1.0, 0, 0], (6, 1))) == pytest.approx(1)


def test_between():
    # p(y) = (1/2, 1/2), KL = 0.9 log 1.8 + 0.1 log 0.2
    probabilities = np.array([[0.9, 0.1], [0.1, 0.9]])
    expected = np.exp(0.9 * np.log(1.8) + 0.1 * np.log(0.2))
    assert classifier_score(probabilities) == pytest.approx(expected)


def test_is_the_mean_over_parts_with_its_standard_error():
    probabilities = np.concatenate([np.tile(np.eye(2), (5, 1)), np.full((10, 2), 0.5)])
    score = ClassifierScore(20, splits=2)(None or sample(probabilities), sample(probabilities))
    assert score.value == pytest.approx(1.5)
    assert score.standard_error == pytest.approx(np.std([2, 1], ddof=1) / np.sqrt(2))


def test_needs_an_image_for_each_part():
    with pytest.raises(UserError, match="needs 10 or more"):
        ClassifierScore()(sample(np.eye(4)), sample(np.eye(4)))


def test_too_few_images_are_refused_when_the_metric_is_built():
    with pytest.raises(UserError, match="needs 10 or more"):
        ClassifierScore(9)
