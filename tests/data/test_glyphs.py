"""The glyphs: the same everywhere, balanced, legible, and kept by tensorflow-datasets."""

import os

import numpy as np
import pytest
import tensorflow_datasets as tfds

from gan_tf.data import pipeline
from gan_tf.data.glyphs import SIZE, Glyphs, GlyphsBuilder, draw


@pytest.fixture(scope="module")
def splits(glyphs_dir):
    """{split: (float images (n, 28, 28), labels)}."""
    builder = GlyphsBuilder(data_dir=glyphs_dir)
    whole = {split: builder.as_dataset(split=split, batch_size=-1) for split in ("train", "test")}
    return {
        split: (examples["image"][..., 0].astype(float), examples["label"])
        for split, examples in tfds.as_numpy(whole).items()
    }


def test_same_seed_draws_the_same():
    for first, second in zip(draw(20, (3, 4)), draw(20, (3, 4))):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("seed", [(3, 5), (4, 4), 3])
def test_another_seed_draws_others(seed):
    images, labels = draw(20, (3, 4))
    others, other_labels = draw(20, seed)
    assert (images != others).any((1, 2, 3)).all()
    assert (labels != other_labels).any()


def test_one_digit_is_drawn_in_many_ways():
    images, labels = draw(300, 0)
    eights = images[labels == 8]
    assert len({image.tobytes() for image in eights}) == len(eights) > 10


@pytest.mark.parametrize("count", [1, 7])
def test_shapes_and_types(count):
    images, labels = draw(count, 0)
    assert images.shape == (count, SIZE, SIZE, 1)
    assert images.dtype == np.uint8
    assert labels.shape == (count,)
    assert labels.dtype == np.int64


@pytest.mark.parametrize("missing", ["", "not/yet/there"])
def test_unwritable_folder_falls_back_to_the_default_one(monkeypatch, tmp_path, missing):
    readonly, default = tmp_path / "readonly", tmp_path / "home" / "tensorflow_datasets"
    readonly.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TFDS_DATA_DIR", str(readonly))  # must not be where it falls back to
    monkeypatch.setattr(os, "access", lambda path, mode: path != readonly)
    assert Glyphs(data_dir=str(readonly / missing)).builder.data_dir.startswith(str(default))
    assert Glyphs(data_dir=str(tmp_path)).builder.data_dir.startswith(str(tmp_path / "glyphs"))


def test_folder_is_taken_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    assert Glyphs().builder.data_dir.startswith(str(tmp_path))


def test_drawing_them_is_not_called_a_download(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(Glyphs, "published_images", 500)
    monkeypatch.setattr(
        GlyphsBuilder,
        "_split_generators",
        lambda self, manager: {"train": self._generate_examples(500, seed=0)},
    )
    Glyphs(data_dir=str(tmp_path)).prepare()
    printed = capsys.readouterr().out
    assert "drawing them" in printed
    assert "ownload" not in printed and "Unknown size" not in printed


@pytest.mark.slow
class TestPrepared:
    """All of the data set, which is drawn first."""

    def test_published_sizes(self, splits):
        assert splits["train"][0].shape == (20_000, 28, 28)
        assert splits["test"][0].shape == (5_000, 28, 28)

    def test_no_test_image_is_a_training_image(self, splits):
        train, test = ({image.tobytes() for image in splits[name][0]} for name in ("train", "test"))
        assert len(train) == 20_000
        assert not train & test

    @pytest.mark.parametrize("split", ["train", "test"])
    def test_labels_are_about_equally_frequent(self, splits, split):
        counts = np.bincount(splits[split][1], minlength=10)
        assert len(counts) == 10
        np.testing.assert_allclose(counts / counts.sum(), 0.1, atol=0.02)

    def test_white_on_black_with_a_dark_border(self, splits):
        images = splits["train"][0]
        assert (images.max((1, 2)) > 150).all()
        assert ((images > 100).mean((1, 2)) < 0.5).all()
        assert ((images > 100).sum((1, 2)) > 10).all()
        border = np.concatenate(
            [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1
        )
        assert border.mean() < 1
        assert (border > 100).any(1).mean() < 0.01

    def test_nearest_class_mean_distinguishes_the_digits(self, splits):
        (train, train_labels), (test, test_labels) = splits["train"], splits["test"]
        means = np.stack([train[train_labels == digit].mean(0) for digit in range(10)])
        distances = ((test[:, None] - means) ** 2).sum((2, 3))
        assert (distances.argmin(1) == test_labels).mean() > 0.4

    def test_training_split_is_what_the_pipeline_loads(self, glyphs_dir, splits):
        images = pipeline.load(Glyphs(data_dir=str(glyphs_dir)))
        assert images.label_names == tuple("0123456789")
        np.testing.assert_array_equal(images.samples[..., 0], splits["train"][0])
        np.testing.assert_array_equal(images.labels, splits["train"][1])

    def test_unwritable_folder_that_has_the_glyphs_is_used(self, monkeypatch, glyphs_dir):
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        source = Glyphs(data_dir=str(glyphs_dir))
        assert source.builder.data_dir.startswith(str(glyphs_dir))
        assert source.num_examples == 20_000
