"""The weights that come with the package."""

import pathlib

import numpy as np
import pytest

from gan_tf.features import pretrained
from gan_tf.features.celeb_a_attributes import CelebAAttributes
from gan_tf.features.mnist_classifier import MnistClassifier

NETWORKS = [MnistClassifier, CelebAAttributes]


@pytest.mark.parametrize("kind", NETWORKS)
def test_files_are_small_and_hold_numbers_only(kind):
    path = pathlib.Path(pretrained.__file__).parent / "weights" / f"{kind.name}.npz"
    assert path.stat().st_size <= 1_000_000
    with np.load(path, allow_pickle=False) as file:
        assert file["factor"] > 0
        for name in file:
            assert np.isfinite(file[name]).all()


@pytest.mark.parametrize("kind", NETWORKS)
def test_logits_are_of_each_label_alone(kind):
    extractor = kind()
    shape = (5, kind.size, kind.size, kind.channels[0])
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    found = extractor.logits(images)
    if kind.classifies:
        probabilities = extractor(images)[1].astype(np.float64)
        np.testing.assert_allclose(1 / (1 + np.exp(-found)), probabilities, rtol=1e-3, atol=1e-6)
    else:
        np.testing.assert_array_equal(found > 0, extractor.labels(images))


def test_digest_changes_with_the_weights(tmp_path, monkeypatch):
    shipped = MnistClassifier()
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1), np.uint8)
    monkeypatch.setattr(pretrained, "_WEIGHTS", tmp_path)

    pretrained.save(tmp_path / "mnist_classifier.npz", shipped.model, shipped.mean, shipped.factor)
    same = MnistClassifier()
    assert same.digest == shipped.digest
    np.testing.assert_array_equal(same(images)[0], shipped(images)[0])

    pretrained.save(
        tmp_path / "mnist_classifier.npz", shipped.model, shipped.mean, 2 * shipped.factor
    )
    other = MnistClassifier()
    assert other.digest != shipped.digest
    np.testing.assert_allclose(other(images)[0], 2 * shipped(images)[0], rtol=1e-6)
    np.testing.assert_array_equal(other(images)[1], shipped(images)[1])


@pytest.mark.parametrize("kind", NETWORKS)
def test_other_sizes_are_resized(kind):
    extract = kind()
    channels = kind.channels[0]
    coarse = np.random.default_rng(0).integers(0, 256, (2, 4, 4, channels), np.uint8)
    factor = kind.size // 4
    own, twice = (coarse.repeat(f, 1).repeat(f, 2) for f in (factor, 2 * factor))
    same, other = extract(own)[0], extract(twice)[0]
    assert np.abs(same - other).max() < 0.3 * np.abs(same[0] - same[1]).max()
