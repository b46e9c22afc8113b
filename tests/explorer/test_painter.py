"""Images made on request: one at a time, each once."""

import concurrent.futures
import io
import math

import numpy as np
import pytest
from PIL import Image

from gan_tf.explorer.painter import Painter
from gan_tf.explorer.request import ImageRequest


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)))


def test_many_threads_get_each_its_own_image(explored):
    painter = Painter(explored)
    requests = [
        ImageRequest(seed, label=0, moves=((0, 1.0),) * (seed % 2)) for seed in range(24)
    ] * 2
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        together = list(threads.map(painter.encoded, requests))
    alone = Painter(explored)
    for request, png in zip(requests[:24], together):
        np.testing.assert_array_equal(pixels(png), pixels(alone.encoded(request)))
    assert together[:24] == together[24:]


def test_a_failure_fails_once_and_is_not_kept(explored, monkeypatch):
    painter = Painter(explored)
    samples = explored.samples

    def fail(*inputs, **options):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(explored, "samples", fail)
    with pytest.raises(RuntimeError):
        painter.encoded(ImageRequest(1))
    monkeypatch.setattr(explored, "samples", samples)
    assert painter.encoded(ImageRequest(1)).startswith(b"\x89PNG")


def test_only_so_many_images_are_kept(explored, monkeypatch):
    monkeypatch.setattr(
        "gan_tf.explorer.painter._MOST_VALUES", 3 * math.prod(explored.sample_shape)
    )
    painter = Painter(explored)
    for seed in range(5):
        painter.encoded(ImageRequest(seed))
    assert [each.seed for each in painter._cache] == [2, 3, 4]
