"""What is measured on a batch of samples."""

import numpy as np
import pytest

from gan_tf.training.health.sample_measures import (
    SampleMeasures,
    effective_classes,
    nearest,
    spread,
    stride_peak,
)


def test_spread_is_the_mean_distance_of_two_rows():
    assert spread(np.float32([[0, 0], [3, 4], [0, 0]])) == pytest.approx((5 + 5 + 0) / 3)
    assert spread(np.ones((4, 2))) == 0.0


def test_nearest_is_the_mean_distance_to_the_nearest_row():
    others = np.float32([[0, 0], [10, 0]])
    assert nearest(np.float32([[1, 0], [7, 0]]), others) == pytest.approx((1 + 3) / 2)


def test_effective_classes():
    assert effective_classes(np.int64([0, 1, 2, 3])) == pytest.approx(4.0)
    assert effective_classes(np.int64([5, 5, 5])) == pytest.approx(1.0)
    assert effective_classes(np.int64([0, 0, 1])) == pytest.approx(
        np.exp(-(2 / 3 * np.log(2 / 3) + 1 / 3 * np.log(1 / 3)))
    )


def smooth(n=64, size=32, seed=0):
    """Images whose spectrum falls."""
    noise = np.random.default_rng(seed).normal(size=(n, size, size, 1))
    return np.float32(np.cumsum(np.cumsum(noise, axis=1), axis=2)) * 4


@pytest.mark.parametrize("size", [28, 32, 64])
def test_the_peak_is_1_for_white_noise_and_less_for_smooth_images(size):
    noise = np.random.default_rng(0).normal(size=(64, size, size, 3))
    assert stride_peak(noise) == pytest.approx(1.0, abs=0.15)
    assert stride_peak(smooth(size=size)) < 1.6


@pytest.mark.parametrize("size", [28, 32, 64])
@pytest.mark.parametrize("period", [2, 4])
@pytest.mark.parametrize("axes", [(1,), (2,), (1, 2)])
def test_the_peak_is_high_where_a_pattern_repeats_every_2_or_4_pixels(size, period, axes):
    images = smooth(size=size)
    for axis in axes:
        pattern = 1 + 0.5 * (np.arange(size) % period == 0)
        images = images * np.expand_dims(pattern, [each for each in range(4) if each != axis])
    assert stride_peak(images) > 2.5 * stride_peak(smooth(size=size))


class Extractor:
    """Features are the mean of each image; its class is whether it is bright."""

    def __call__(self, images):
        means = images.reshape(len(images), -1).mean(axis=1, keepdims=True)
        bright = np.float32(means > 127)
        return np.float32(means), np.concatenate([1 - bright, bright], axis=1)


def flat(levels):
    return np.uint8(np.broadcast_to(np.reshape(levels, (-1, 1, 1, 1)), (len(levels), 8, 8, 1)))


@pytest.fixture
def measures():
    """Against 1,000 images of one level each, uniform on 0 to 255."""
    levels = np.random.default_rng(1).integers(0, 256, 1000)
    return SampleMeasures(Extractor(), flat(levels), 100)


def test_other_real_images_have_about_1(measures):
    found = measures(flat(np.random.default_rng(2).integers(0, 256, 100)))
    assert set(found) == {"diversity", "distance", "checkerboard", "class_diversity"}
    assert found["diversity"] == pytest.approx(1.0, abs=0.15)
    assert found["distance"] < 2.5
    assert found["checkerboard"] == pytest.approx(1.0, abs=0.1)
    assert found["class_diversity"] == pytest.approx(1.0, abs=0.05)


def test_reals_are_measured_once_with_the_first_batch():
    sizes = []

    def extract(images):
        sizes.append(len(images))
        return Extractor()(images)

    measures = SampleMeasures(extract, flat(np.arange(250)), 100)
    assert sizes == []
    first, again = (measures(flat(np.arange(90))) for _ in range(2))
    assert first == again and sizes == [150, 100, 90, 90]


def test_samples_that_are_all_the_same_have_no_diversity(measures):
    found = measures(flat([200] * 100))
    assert found["diversity"] == 0.0
    assert found["class_diversity"] == pytest.approx(0.5, abs=0.02)


def test_samples_that_are_far_from_the_data_are_distant():
    dark = np.random.default_rng(0).integers(0, 50, 1000)
    measures = SampleMeasures(Extractor(), flat(dark), 100)
    assert measures(flat(np.arange(150, 250)))["distance"] > 50


def test_samples_that_differ_between_classes_alone_are_no_variety():
    """Reals: class 0 is dark, class 1 bright, each with 100 levels, 33.7 apart on average."""
    levels = np.random.default_rng(1).integers(0, 100, 1000) + 150 * (np.arange(1000) % 2)
    wanted = np.arange(100) % 2
    measures = SampleMeasures(Extractor(), flat(levels), 100, np.arange(1000) % 2, wanted)
    alike = measures(flat(50 + 150 * wanted))
    assert alike["diversity"] > 0.8 and alike["within_class_diversity"] == 0.0
    various = measures(flat(np.random.default_rng(2).integers(0, 100, 100) + 150 * wanted))
    assert various["within_class_diversity"] == pytest.approx(1.0, abs=0.15)
    half = measures(flat(np.arange(100) // 2 + 150 * wanted))
    assert half["within_class_diversity"] == pytest.approx(0.5, abs=0.1)


class Plain(Extractor):
    """Features that tell no classes."""

    def __call__(self, images):
        return super().__call__(images)[0], None


def test_where_nothing_classifies_the_nearest_class_of_the_reals_counts():
    levels = np.repeat([10, 100, 200], 300)
    labels = levels // 50
    measures = SampleMeasures(Plain(), flat(levels), 90, labels)
    assert measures(flat([12, 95, 210] * 30))["class_diversity"] == pytest.approx(1.0, abs=0.05)
    assert measures(flat([5, 11, 40] * 30))["class_diversity"] == pytest.approx(1 / 3, abs=0.02)
    assert "class_diversity" not in SampleMeasures(Plain(), flat(levels), 90)(flat(levels[:90]))


@pytest.mark.parametrize("count", [2, 40])
def test_classes_with_too_few_images_are_left_out(count):
    labels = np.arange(count)  # one image of each
    measures = SampleMeasures(Plain(), flat(labels * 5), 8, labels, np.zeros(8, int))
    assert "within_class_diversity" not in measures(flat(np.arange(8)))


def test_the_same_samples_measure_the_same_every_time(measures):
    samples = flat(np.arange(100))
    assert measures(samples) == measures(samples)


def test_small_images_are_not_searched_for_stripes():
    tiny = np.random.default_rng(0).integers(0, 256, (40, 4, 4, 3), np.uint8)
    assert "checkerboard" not in SampleMeasures(Extractor(), tiny, 10)(tiny[:10])


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_handful_of_real_images_will_do(count):
    found = SampleMeasures(Extractor(), flat(np.arange(count) * 50), 100)(flat([0, 50, 100]))
    assert all(np.isfinite(each) for each in found.values())
