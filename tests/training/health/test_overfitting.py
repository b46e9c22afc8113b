"""Overfitting: a discriminator that is sure, many passes, and samples that get worse."""

import pytest

from gan_tf.training.health.diagnosis import Diagnosis


def diagnose(accuracy, distances, per_epoch=20, **others):
    """Logs every 50 steps, with samples every 200, of which the distances are given."""
    found = Diagnosis()
    for number, distance in enumerate(distances, start=1):
        for step in range(200 * number - 150, 200 * number + 1, 50):
            row = {"step": step, "epoch": step / per_epoch, "discriminator_loss": 0.5}
            found.add(row | {"real_accuracy": accuracy, "fake_accuracy": 0.9} | others)
        found.add({"step": 200 * number, "diversity": 0.9, "distance": distance})
    return found


FALLING = [3.0, 2.0, 1.6, 1.4, 1.3, 1.2, 1.2, 1.2]
RISING = [*FALLING, 1.3, 1.5, 1.7, 1.7, 1.8, 1.8]


def test_it_is_found_once_samples_get_worse():
    (finding,) = diagnose(0.97, RISING).active
    assert (finding.name, finding.evidence) == (
        "overfitting",
        "mean sign of the logits of reals 0.94 after 99 passes over the data, samples 1.5 times as far "
        "from the data as other real samples, after 1.2",
    )
    assert 1600 < finding.since < finding.found < 2400
    assert "--trick=diff_augment" in finding.advice


@pytest.mark.parametrize(
    "accuracy, distances, per_epoch",
    [
        (0.97, [*FALLING, *FALLING[-3:] * 2], 20),  # samples stay good
        (0.88, RISING, 20),  # r is 0.76
        (0.97, RISING, 500),  # 5 passes
    ],
)
def test_a_sure_discriminator_alone_is_no_failure(accuracy, distances, per_epoch):
    assert not diagnose(accuracy, distances, per_epoch).findings


def test_a_sign_that_is_logged_comes_first():
    assert not diagnose(0.97, RISING, real_sign=0.6).findings
    (finding,) = diagnose(0.5, RISING, real_sign=0.9).active
    assert "reals 0.90 after" in finding.evidence
