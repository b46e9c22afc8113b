"""What scores are compared with: reference, floor and ceiling, and their cache."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.evaluation import collection
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.metrics import swd
from gan_tf.modalities.image import Image
from tests.conftest import examples

METRICS = ("fid(50)", "precision(40)", "swd(30)")


@pytest.fixture(autouse=True)
def few_projections(monkeypatch):
    """The sliced Wasserstein distance by fewer projections takes less long."""
    monkeypatch.setattr(swd, "_PROJECTIONS", 16)


def data(count=200, seed=0):
    """Smooth random images of two classes."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (count, 4, 4, 1), np.uint8)
    return examples(
        np.kron(coarse, np.ones((1, 4, 4, 1), np.uint8)), np.arange(count) % 2, ("a", "b")
    )


def batches(images, size=16):
    for start in range(0, len(images), size):
        yield images[start : start + size], None


def scores(evaluator, images, size=16):
    return dict(evaluator.score(evaluator.sample(batches(images, size))))


def halves(images):
    """The reference images, and the others of which the floor is made."""
    order = np.random.default_rng(0).permutation(len(images))
    return images[order[0::2]], images[order[1::2]]


def test_other_reals_score_the_floor_and_noise_the_ceiling():
    evaluator = Evaluator(data(), "key", "pixels", METRICS)
    _, others = halves(data().samples)
    noise = np.concatenate([batch for batch, _ in collection.noise(Image(), 50, (16, 16, 1))])
    order = np.random.default_rng(1).permutation(100)
    for name, result in evaluator.score(evaluator.sample(evaluator.given(others[order]))):
        assert result.value == result.floor, name
    for name, result in scores(evaluator, noise).items():
        assert result.value == result.ceiling, name
    results = scores(evaluator, data(seed=1).samples)
    assert {name: each.n for name, each in results.items()} == {
        "fid": 50,
        "precision": 40,
        "swd": 30,
    }
    assert results["fid"].floor < results["fid"].ceiling
    assert results["precision"].floor > results["precision"].ceiling


@pytest.mark.slow
def test_fakes_without_labels_are_paired_like_the_reals_they_are_compared_with():
    """Two classes of equal images: pairs within a class are alike, pairs of any images are not."""
    images = np.zeros((40, 28, 28, 1), np.uint8)
    images[::2, :, ::2] = 255
    real = examples(images, np.arange(40) % 2, ("a", "b"))
    found = {}
    for labels in (np.arange(20) % 2, None):
        evaluator = Evaluator(real, "key", "pixels", ("ms_ssim(20)",))
        result = dict(evaluator.score(collect([(images[:20], labels)], 20, evaluator)))["ms_ssim"]
        found[labels is None] = result
    assert found[False].value == found[False].floor == pytest.approx(1, abs=1e-5)
    assert (
        found[True].value == pytest.approx(found[True].floor, abs=0.1) and found[True].floor < 0.8
    )


def test_the_order_of_fakes_does_not_matter():
    images = data(50, seed=1).samples
    evaluator = Evaluator(
        data(), "key", "pixels", ("fid(50)", "kid(50)", "ms_ssim(50, 100)", "swd(50)")
    )
    expected = scores(evaluator, images)
    for seed in range(2):
        order = np.random.default_rng(seed).permutation(50)
        assert scores(evaluator, images[order]) == expected


def test_a_metric_of_few_images_compares_the_first_of_a_stream_whatever_the_others_compare():
    images = data(50, seed=1).samples
    alone = scores(Evaluator(data(), "key", "pixels", ("fid(20)",)), images)
    beside = scores(Evaluator(data(), "key", "pixels", ("fid(20)", "swd(50)")), images)
    assert beside["fid"] == alone["fid"]


def collect(batches, count, evaluator):
    return collection.collect(batches, count, evaluator.extractor, True)


def test_the_size_of_batches_does_not_matter_nor_where_arrays_are_kept(monkeypatch):
    fakes = data(seed=1).samples
    expected = scores(Evaluator(data(), "key", "pixels", METRICS), fakes)
    assert scores(Evaluator(data(), "key", "pixels", METRICS), fakes, size=7) == expected
    monkeypatch.setattr(collection, "_IN_MEMORY", 0)
    evaluator = Evaluator(data(), "key", "pixels", METRICS)
    assert isinstance(evaluator.sample(batches(fakes)).features.base, np.memmap)
    assert scores(evaluator, fakes) == expected


def test_what_is_known_of_the_real_images_is_kept(tmp_path, monkeypatch):
    fakes = data(seed=1).samples
    expected = scores(Evaluator(data(), "key", "pixels", METRICS, cache_dir=tmp_path), fakes)
    again = Evaluator(data(), "key", "pixels", METRICS, cache_dir=tmp_path)
    sample = again.sample(batches(fakes))

    def fail(images):
        raise AssertionError("the real images were looked at again")

    monkeypatch.setattr(again, "extractor", fail)
    assert dict(again.score(sample)) == expected


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("in the way")
    fakes = data(seed=1).samples
    expected = scores(Evaluator(data(), "key", "pixels", METRICS), fakes)
    without = Evaluator(data(), "key", "pixels", METRICS, cache_dir=tmp_path / "file" / "cache")
    assert scores(without, fakes) == expected


def test_a_damaged_cache_is_made_anew(tmp_path):
    fakes = data(seed=1).samples
    expected = scores(Evaluator(data(), "key", "pixels", METRICS, cache_dir=tmp_path), fakes)
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert {each.suffix for each in files} == {".npz", ".json"}
    for each in files:
        each.write_bytes(each.read_bytes()[:20])
    again = Evaluator(data(), "key", "pixels", METRICS, cache_dir=tmp_path)
    assert scores(again, fakes) == expected


def test_other_data_have_other_statistics(tmp_path):
    fakes = data(seed=1).samples
    first = scores(Evaluator(data(), "one", "pixels", METRICS, cache_dir=tmp_path), fakes)
    other = Evaluator(data(seed=5), "two", "pixels", METRICS, cache_dir=tmp_path)
    assert scores(other, fakes) != first


def test_a_metric_compares_at_most_half_of_the_data():
    evaluator = Evaluator(data(21), "key", "pixels", ("fid",))
    assert evaluator.counts == {"fid": 10} and evaluator.num_images == 10


def test_too_few_images_are_refused_with_how_many_are_needed():
    with pytest.raises(UserError, match=r"'fid' .* need 2 examples or more each, but there are 3"):
        Evaluator(data(3), "key", "pixels", ("fid",))


def test_classes_need_a_classifier():
    with pytest.raises(UserError, match="--features=pixels is not one"):
        Evaluator(data(), "key", "pixels", ("mode_count",))
    assert "fid" in Evaluator(data(), "key", "pixels").metrics
    assert "mode_count" not in Evaluator(data(), "key", "pixels").metrics


def test_metrics_of_color_are_for_color():
    with pytest.raises(UserError, match=r"'color_histogram' .* 3 channels, and these have 1"):
        Evaluator(data(), "key", "pixels", ("color_histogram",))
    assert "color_histogram" not in Evaluator(data(), "key", "pixels").metrics
    color = examples(np.repeat(data().samples, 3, axis=-1))
    assert "color_histogram" in Evaluator(color, "key", "pixels").metrics
