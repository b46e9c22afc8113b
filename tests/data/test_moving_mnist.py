"""Moving MNIST, made of digits that stand in for MNIST's."""

import numpy as np
import pytest

from gan_tf.data.moving_mnist import MovingMnist


@pytest.fixture
def source(monkeypatch):
    """Moving digits of 20 squares, whose brightness says their label and split."""

    def digits(first):
        images = np.zeros((20, 28, 28, 1), np.uint8)
        images[:, 6:22, 8:20] = (first + np.arange(20))[:, None, None, None]
        for start in (0, 10):
            yield {
                "image": images[start : start + 10],
                "label": np.arange(20)[start : start + 10] % 10,
            }

    monkeypatch.setattr("gan_tf.data.mnist.Mnist.batches", lambda self: digits(100))
    monkeypatch.setattr("gan_tf.data.mnist.Mnist.held_out", lambda self: digits(200))
    monkeypatch.setattr(MovingMnist, "num_examples", 40)
    monkeypatch.setattr(MovingMnist, "num_held_out", 10)
    return MovingMnist(image_size=64, frames=4)  # as large as they are


def test_each_video_has_a_digit_of_mnist_and_its_label(source):
    (batch,) = source.batches()
    assert batch["video"].shape == (40, 4, 64, 64, 1)
    brightest = batch["video"].max(axis=(1, 2, 3, 4)).astype(int)
    np.testing.assert_array_equal((brightest - 100) % 10, batch["label"])
    assert len(set(brightest)) > 12  # drawn at random


def test_held_out_videos_are_of_held_out_digits(source):
    (batch,) = source.held_out()
    assert len(batch["video"]) == 10 and batch["video"].max(axis=(1, 2, 3, 4)).min() >= 200


@pytest.mark.slow
def test_real_digits(real_data, monkeypatch):
    monkeypatch.setattr(MovingMnist, "num_examples", 20)
    source = MovingMnist(real_data, image_size=64, frames=20, digits=2)
    (batch,) = source.batches()
    assert batch.keys() == {"video"} and batch["video"].shape == (20, 20, 64, 64, 1)
    assert batch["video"].max() == 255
