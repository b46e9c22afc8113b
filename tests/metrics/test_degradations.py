"""Real digits, worse and worse: each metric moves as its paper says, step by step."""

import zlib

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image, ImageFilter

from gan_tf.evaluation.collection import collect
from gan_tf.registry import FEATURES, METRICS

N = 1500  # images of each kind


@pytest.fixture(scope="module")
def digits(real_data):
    """Reference and other digits of MNIST's test split, with their classes."""
    images, labels = tfds.as_numpy(
        tfds.load("mnist", split="test", data_dir=real_data, as_supervised=True, batch_size=-1)
    )
    order = np.random.default_rng(0).permutation(len(images))
    images, labels = images[order], labels[order]
    return images[:N], images[N:], labels[N:]


@pytest.fixture(scope="module")
def sample():
    extractor, kept = FEATURES.build("mnist_classifier"), {}

    def of(images):
        key = images.shape, zlib.crc32(np.ascontiguousarray(images))
        if key not in kept:
            kept[key] = collect([(images, None)], len(images), extractor, keep_samples=True)
        return kept[key]

    return of


def blurred(images, labels, radius):
    def one(image):
        picture = Image.fromarray(image[..., 0]).filter(ImageFilter.GaussianBlur(radius))
        return np.asarray(picture)[..., None]

    return np.stack([one(each) for each in images[:N]])


def noisy(images, labels, deviation):
    noise = np.random.default_rng(1).normal(0, deviation, images[:N].shape)
    return np.uint8(np.clip(images[:N] + noise, 0, 255))


def without_classes(images, labels, count):
    return images[labels >= count][:N]


def repeated(images, labels, times):
    return np.repeat(images[: N // times], times, axis=0)


WORSE = {"fid", "kid", "swd", "class_kl", "intra_fid", "ms_ssim"}  # larger is worse
CASES = [
    (
        blurred,
        (0, 1.2, 1.6, 2.4),
        "fid kid swd intra_fid precision density coverage classifier_score",
    ),
    (noisy, (0, 60, 90, 130), "fid kid swd intra_fid precision density coverage"),
    (
        without_classes,
        (0, 1, 2, 4),
        "fid kid recall coverage mode_count class_kl intra_fid classifier_score",
    ),
    # With more than k copies of an image, the fakes' balls are points: recall is 0.
    (repeated, (1, 2, 20), "recall coverage"),
    (repeated, (1, 5, 20, 75), "fid coverage intra_fid"),
    (repeated, (1, 20, 75), "ms_ssim"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "degrade, strengths, names", CASES, ids=lambda each: getattr(each, "__name__", "")
)
def test_each_metric_moves_as_its_paper_says(digits, sample, degrade, strengths, names):
    reference, images, labels = digits
    real = sample(reference)
    fakes = [sample(degrade(images, labels, strength)) for strength in strengths]
    for name in names.split():
        metric = METRICS.build(name)
        values = [metric(real, fake).value for fake in fakes]
        worse = np.diff(values) if name in WORSE else -np.diff(values)
        assert np.all(worse > 0), (name, values)
        assert metric.higher_is_better == (name not in WORSE)


@pytest.mark.slow
def test_without_classes_the_modes_are_counted(digits, sample):
    reference, images, labels = digits
    counts = [
        METRICS.build("mode_count")(
            sample(reference), sample(without_classes(images, labels, each))
        )
        for each in (0, 1, 4)
    ]
    assert [each.value for each in counts] == [10, 9, 6]


@pytest.mark.slow
def test_precision_does_not_mind_repeats_nor_recall_a_few_bad_images(digits, sample):
    reference, images, labels = digits
    real = sample(reference)
    precision = METRICS.build("precision")
    plain, repeats = (precision(real, sample(repeated(images, labels, t))).value for t in (1, 75))
    assert repeats == pytest.approx(plain, abs=0.1)
    mixed = images[:N].copy()
    mixed[::4] = noisy(mixed[::4], None, 120)
    recall = METRICS.build("recall")
    assert recall(real, sample(mixed)).value > recall(real, sample(images[:N])).value - 0.1
