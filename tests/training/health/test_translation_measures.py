"""Measures of translations, by hand, and the symptoms that they show."""

import numpy as np
import pytest

from gan_tf.modalities.image import Image
from gan_tf.training.health.diagnosis import Diagnosis
from gan_tf.training.health.translation_measures import TranslationMeasures

RNG = np.random.default_rng(0)
TARGETS = Image().to_network(RNG.integers(0, 256, (8, 4, 4, 3), np.uint8))
SOURCES = TARGETS[:, ::2, ::2].mean(-1, keepdims=True)


def measured(outputs):
    measures = TranslationMeasures(lambda _: {}, SOURCES, TARGETS, Image().to_network)
    return measures(Image().to_stored(outputs))


def test_targets_themselves():
    assert measured(TARGETS) == pytest.approx(
        {"change": 1, "response": 1, "luminance": 1}, rel=1e-5
    )


def test_copies_of_the_sources_a_single_output_and_a_negative():
    shown = np.kron(SOURCES, np.ones((1, 2, 2, 3)))
    assert measured(shown)["change"] == pytest.approx(0, abs=0.01)
    assert measured(np.repeat(TARGETS[:1], 8, axis=0))["response"] == 0
    assert measured(-TARGETS)["luminance"] == pytest.approx(-1, abs=1e-3)
    assert measured(0.5 * TARGETS)["response"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    "name, values",
    [
        ("ignores_source", {"response": 0.05}),
        ("copies_source", {"change": 0.02}),
        ("inverted_luminance", {"luminance": -0.8}),
    ],
)
def test_symptoms(name, values):
    healthy = {"response": 0.9, "change": 0.8, "luminance": 0.7, "discriminator_loss": 1.0}
    for row, expected in ((healthy, []), (healthy | values, [name])):
        diagnosis = Diagnosis("image")
        for step in range(100, 2100, 100):
            diagnosis.add({"step": step} | row)
        assert [each.name for each in diagnosis.findings] == expected
