"""Pairs of degraded images and originals, derived from any data set of images."""

import numpy as np
import PIL.Image
import pytest

from gan_tf.data import pipeline
from gan_tf.data.degradations import Downscale, Grayscale, Noise
from gan_tf.data.derived_pairs import DerivedPairs, degraded
from gan_tf.data.disk_array import DiskArray
from gan_tf.data.image_folder import ImageFolder
from gan_tf.data.source import Source
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from gan_tf.modalities.image import Image

IMAGES = np.random.default_rng(1).integers(0, 256, (20, 8, 8, 3), np.uint8)


class Photos(Source):
    """Random images of two classes, in batches of any size; the last 5 are held out."""

    name = "photos"
    sample_shape = (8, 8, 3)
    num_examples = 15
    label_names = ("a", "b")
    cache_key = "photos"

    def __init__(self, size=4):
        self.size = size

    def batches(self):
        return self._part(range(15))

    def held_out(self):
        return self._part(range(15, 20))

    def _part(self, rows):
        for start in range(0, len(rows), self.size):
            chosen = np.array(rows[start : start + self.size])
            yield {"image": IMAGES[chosen], "label": chosen % 2}


class Unlabeled(Photos):
    label_names = ()

    def _part(self, rows):
        for batch in super()._part(rows):
            yield {"image": batch["image"]}


def test_a_pair_is_a_degraded_image_and_the_original():
    pairs = DerivedPairs(Photos(), "grayscale")
    data = pipeline.load(pairs)
    assert pairs.pairing == "paired" and pairs.sample == data.sample == "target"
    assert pairs.sample_shape == (8, 8, 3)
    np.testing.assert_array_equal(data.samples, IMAGES[:15])
    luma = np.rint(IMAGES[:15] @ np.array([0.299, 0.587, 0.114]))
    np.testing.assert_allclose(data.arrays["image"][..., 0], luma, atol=1)
    assert data.arrays["image"].shape == (15, 8, 8, 1) and data.arrays["image"].dtype == np.uint8
    assert data.labels.tolist() == [each % 2 for each in range(15)]
    assert data.label_names == ("a", "b")
    held_out = pipeline.load_held_out(pairs)
    np.testing.assert_array_equal(held_out.samples, IMAGES[15:])
    assert held_out.arrays["image"].shape == (5, 8, 8, 1)


def test_small_images_belong_to_large_ones(tmp_path):
    data = pipeline.load(DerivedPairs(Unlabeled(), "downscale(4)"), 0, tmp_path)
    assert isinstance(data.samples, DiskArray) and data.labels is None
    means = IMAGES[:15].reshape(15, 2, 4, 2, 4, 3).mean((2, 4))
    np.testing.assert_allclose(data.arrays["image"][:], means, atol=0.51)


@pytest.mark.parametrize("spec", ["noise(0.3)", 'mask("random(0.5)")'])
def test_a_pair_is_the_same_whatever_the_batch(spec):
    whole, parts = (
        pipeline.load(DerivedPairs(Photos(size), spec), cache_dir=path)
        for size, path in ((15, "/nonexistent/a"), (2, "/nonexistent/b"))
    )
    for name, array in whole.arrays.items():
        np.testing.assert_array_equal(array, parts.arrays[name])


def test_noise_is_that_of_the_index_and_clipped():
    data = pipeline.load(DerivedPairs(Photos(), "noise(0.3)", seed=7))
    noise = Noise(0.3)
    floats = Image().to_network(IMAGES[14:15])
    seen = Image().to_stored(noise(floats, [14], (7, 0)))
    np.testing.assert_array_equal(data.arrays["image"][14:], seen)
    assert (seen == 0).any() and (seen == 255).any()


def test_noise_of_held_out_images_is_another():
    class Same(Photos):
        def held_out(self):
            return self.batches()

    pairs = DerivedPairs(Same(), "noise(0.3)")
    training, held_out = pipeline.load(pairs), pipeline.load_held_out(pairs)
    assert (training.arrays["image"] != held_out.arrays["image"]).any()


def test_each_degradation_and_seed_has_a_cache_of_its_own(tmp_path):
    sources = [
        Photos(),
        DerivedPairs(Photos(), "grayscale"),
        DerivedPairs(Photos(), "noise(0.1)"),
        DerivedPairs(Photos(), "noise(0.2)"),
        DerivedPairs(Photos(), "noise(0.1)", seed=1),
    ]
    assert len({each.cache_key for each in sources}) == len(sources)
    same = DerivedPairs(Photos(), "noise"), DerivedPairs(Photos(), "noise(deviation=0.1)")
    assert {each.cache_key for each in same} == {sources[2].cache_key}
    for source in sources:
        pipeline.load(source, 0, tmp_path)
    again = DerivedPairs(Photos(), "noise(0.2)")
    again._source.batches = None  # not read again
    noisy = pipeline.load(again, 0, tmp_path)
    np.testing.assert_array_equal(noisy.samples[:], IMAGES[:15])
    assert np.abs(noisy.arrays["image"][:].astype(int) - IMAGES[:15]).mean() > 20


def test_pairs_of_a_folder_and_of_some_classes(photos):
    """Of a folder's own, some files are held out, for pairs only."""
    every = pipeline.load(ImageFolder(str(photos), image_size=8))
    assert len(every) == 40
    for classes, counts in ((None, (38, 2)), ("b", (19, 1))):
        folder = ImageFolder(str(photos), image_size=8)
        source = Subset(folder, classes) if classes else folder
        pairs = DerivedPairs(source, "edges")
        parts = [pipeline.load(pairs), pipeline.load_held_out(pairs)]
        assert tuple(map(len, parts)) == counts
        assert all(each.arrays["image"].shape[1:] == (8, 8, 1) for each in parts)
        known = every.samples[every.labels == 1] if classes else every.samples
        found = np.concatenate([each.samples for each in parts])
        assert sorted(map(bytes, found)) == sorted(map(bytes, known))


def test_sources_that_equal_their_targets_are_mentioned():
    class Gray(Photos):
        sample_shape = (8, 8, 1)
        notes = ("one",)

    for spec in ("grayscale", "lightness"):
        first, second = DerivedPairs(Gray(), spec).notes
        assert first == "one" and "'photos' are grayscale" in second
        assert DerivedPairs(Photos(), spec).notes == []
    assert DerivedPairs(Gray(), "edges").notes == ["one"]


def test_a_changed_mask_is_another_cache(tmp_path):
    keys = []
    for column in (0, 5):
        pixels = np.zeros((8, 8), np.uint8)
        pixels[:, : column + 1] = 255
        PIL.Image.fromarray(pixels).save(tmp_path / "mask.png")
        pairs = DerivedPairs(Photos(), f"mask({str(tmp_path / 'mask.png')!r})")
        keys += [pairs.cache_key, pairs.cache_key]
    assert keys[0] == keys[1] and keys[2] == keys[3] and keys[0] != keys[2]


def test_batches_feed_pairs():
    data = pipeline.load(DerivedPairs(Photos(), "downscale(2)"))
    arrays, _ = next(iter(pipeline.batches(data, 5, flip=True)))
    assert {name: tuple(each.shape) for name, each in arrays.items()} == {
        "image": (5, 4, 4, 3),
        "target": (5, 8, 8, 3),
    }
    blocks = np.reshape(arrays["target"], (5, 4, 2, 4, 2, 3)).mean((2, 4))
    np.testing.assert_allclose(arrays["image"], blocks, atol=0.005)


@pytest.mark.parametrize(
    "source, spec, words",
    [
        (Photos(), "downscale(3)", "does not fit 'photos'.*multiple of 3"),
        (Photos(), "sepia", "Unknown degradation 'sepia'"),
        (DerivedPairs(Photos(), "edges"), "grayscale", "is paired already"),
    ],
)
def test_invalid_pairs_are_refused(source, spec, words):
    with pytest.raises(UserError, match=words):
        DerivedPairs(source, spec)


def test_a_degradation_of_images_is_refused_for_other_samples():
    class Signals(Photos):
        modality = "signal"

    with pytest.raises(UserError, match="is for image data, and 'photos' is signal data"):
        DerivedPairs(Signals(), "edges")


def test_an_image_of_any_size_is_degraded_without_what_does_not_fit():
    photo = np.random.default_rng(0).integers(0, 256, (13, 10, 3), np.uint8)
    source, target = degraded(photo, Downscale(4), Image())
    assert source.shape == (3, 2, 3)
    np.testing.assert_array_equal(target, photo[:12, :8])
    means = target.reshape(3, 4, 2, 4, 3).mean((1, 3))
    np.testing.assert_allclose(source, means, atol=0.51)
    np.testing.assert_array_equal(degraded(photo, Grayscale(), Image())[1], photo)
    with pytest.raises(ValueError, match="multiple of 4, and larger"):
        degraded(photo[:7], Downscale(4), Image())


def test_the_index_of_an_image_decides_what_is_random():
    photo = np.full((8, 8, 1), 128, np.uint8)
    first, same, other = (degraded(photo, Noise(0.1), Image(), each)[0] for each in (3, 3, 4))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
