"""Histograms of colors whose a and b are known."""

import numpy as np
import pytest

from gan_tf.metrics.color_histogram import ab_histograms
from gan_tf.metrics.metric import Sample
from gan_tf.registry import METRICS

RED, VIOLET, GRAY, WHITE = (255, 0, 0), (68, 0, 255), (128, 128, 128), (255, 255, 255)


def images(*rows):
    """One image with a pixel for each color in a row, for each row."""
    pixels = np.array(rows, np.uint8)[:, None]
    return Sample(pixels, np.zeros((len(pixels), 1)))


def test_the_histograms_of_known_colors():
    """Red has a = 80.09, b = 67.20; violet a = 80.12, b = -103.45; grays have 0."""
    found = ab_histograms(images((RED, VIOLET), (GRAY, WHITE)).samples)
    expected = np.zeros((2, 221))
    expected[0, [110 + 80, 110]] = 0.5
    expected[1, [110 + 67, 110 - 103, 110]] = 0.25, 0.25, 0.5
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "outputs, expected",
    [
        (images((RED, RED, GRAY, GRAY)), 1),
        (images((GRAY, RED), (WHITE, RED)), 1),  # neither places nor lightness count
        (images((VIOLET, RED, GRAY, WHITE)), (1 + 0.75) / 2),  # the a of violet is that of red
        (images((GRAY, GRAY, GRAY, GRAY)), 0.5),
        (images((VIOLET, VIOLET, VIOLET, VIOLET)), (0.5 + 0) / 2),
    ],
)
def test_the_intersection_by_hand(outputs, expected):
    metric = METRICS.build("color_histogram")
    assert metric.score(images((RED, RED, GRAY, GRAY)), outputs).value == expected


def test_pixels_of_all_images_count_whatever_the_chunks():
    pixels = np.random.default_rng(0).integers(0, 256, (205, 2, 2, 3), np.uint8)
    whole = ab_histograms(pixels)
    np.testing.assert_allclose(whole.sum(axis=1), 1)
    parts = [ab_histograms(pixels[at : at + 5]) for at in range(0, 205, 5)]
    np.testing.assert_allclose(np.mean(parts, axis=0), whole, atol=1e-12)
