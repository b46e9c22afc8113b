"""Scores of images at given latents, and the picture of the most anomalous."""

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.inversion import anomaly_detection
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.runs.trained_run import TrainedRun


def test_a_score_is_the_weighted_sum_of_its_terms_for_any_number_of_images(plain_run, monkeypatch):
    monkeypatch.setattr(anomaly_detection, "_ROWS", 4)  # two batches, the second one padded
    trained = TrainedRun(plain_run)
    drawn, labels = latents.draw(5, range(6), 5), np.zeros(6, np.int64)
    images = trained.generator(drawn).numpy()
    images[2:] += np.float32(0.5)
    total = run_objective(trained, ["pixels(3.0)"])
    found = anomaly_detection.score(trained, total, images, drawn, labels)
    np.testing.assert_allclose(found.terms["pixels"], [0, 0, *[0.25] * 4], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.scores, 3 * found.terms["pixels"])
    np.testing.assert_array_equal(found.made, trained.samples(drawn))


@pytest.mark.parametrize("channels", [1, 3])
def test_the_picture_is_hot_where_an_image_and_the_nearest_one_differ(channels):
    pixels = np.zeros((1, 4, 4, channels), np.uint8)
    made = pixels.copy()
    made[0, 0, 0] = 255
    sheet = anomaly_detection.picture(pixels, made)
    assert sheet.shape == (4, 3 * 6 - 2, 3)  # image, nearest image, heat map, 2 pixels apart
    np.testing.assert_array_equal(sheet[:, :4], np.broadcast_to(pixels[0], (4, 4, 3)))
    np.testing.assert_array_equal(sheet[:, 6:10], np.broadcast_to(made[0], (4, 4, 3)))
    heat = sheet[:, 12:]
    assert heat[0, 0].sum() > 300 and heat[1:].sum() == 0 and heat[0, 1:].sum() == 0
