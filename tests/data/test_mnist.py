"""MNIST and its kin: what is on disk, and what happens when it is not."""

import pathlib
import socket
import urllib.request

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from gan_tf.data import pipeline
from gan_tf.data.mnist import Mnist
from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.registry import DATASETS

KIN = ["mnist", "fashion_mnist", "kmnist", "cifar10"]
DOWNLOADED = [*KIN, "celeb_a"]


@pytest.fixture
def unreachable(monkeypatch):
    """No network, no proxy; tensorflow-datasets may not even begin."""

    def fail(*_):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setattr(urllib.request, "getproxies", dict)
    monkeypatch.setattr(
        tfds.core.DatasetBuilder, "download_and_prepare", lambda _: pytest.fail("began to download")
    )


def build(name, folder):
    return DATASETS.build(name, vars(Config(dataset=name, data_dir=str(folder))))


@pytest.mark.slow
def test_all_of_mnist(real_data):
    images = pipeline.load(Mnist(data_dir=real_data))
    assert images.samples.shape == (60_000, 28, 28, 1)
    assert images.samples.dtype == np.uint8
    assert images.label_names == tuple("0123456789")
    published = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(images.labels).tolist() == published
    assert images.samples.mean() == pytest.approx(33.318, abs=0.001)


def test_mnist_is_resized(real_data):
    small, large = (next(Mnist(data_dir=real_data, image_size=size).batches()) for size in (28, 32))
    assert small["image"].shape == (512, 28, 28, 1)
    assert large["image"].shape == (512, 32, 32, 1)
    assert large["image"].dtype == np.uint8
    np.testing.assert_array_equal(small["label"], large["label"])
    for image, resized in zip(small["image"][:20, ..., 0], large["image"][:20, ..., 0].astype(int)):
        expected = Image.fromarray(image).resize((32, 32), Image.Resampling.BILINEAR)
        np.testing.assert_allclose(resized, np.asarray(expected), atol=2)


def test_cache_key_depends_on_the_size(tmp_path):
    keys = {Mnist(str(tmp_path), size).cache_key for size in (28, 32)}
    keys.add(build("kmnist", tmp_path).cache_key)
    assert len(keys) == 3


@pytest.mark.parametrize("name", KIN)
def test_shape_and_size_are_known_before_the_download(tmp_path, name):
    source, entry = build(name, tmp_path), DATASETS.entry(name)
    info = tfds.builder(name, data_dir=str(tmp_path)).info
    assert source.sample_shape == info.features["image"].shape
    assert source.num_examples == entry.attributes["published_images"]
    assert len(source.label_names) == 10


@pytest.mark.parametrize("name", DOWNLOADED)
def test_missing_data_without_a_network_fails_at_once(tmp_path, unreachable, name):
    with pytest.raises(UserError) as caught:
        pipeline.load(build(name, tmp_path))
    message = str(caught.value)
    for word in (name, str(tmp_path), "TFDS_DATA_DIR", "--data_dir", "glyphs", "image_folder"):
        assert word in message
    assert ("--celeb_a_archive" in message) == (name == "celeb_a")
    assert "Name or service not known" in message
    assert "\n" not in message


def test_failed_download_says_why(monkeypatch, tmp_path):
    def fail(_):
        raise ConnectionError("refused\nby the server")

    monkeypatch.setattr(Mnist, "_check_network", lambda _: None)
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    with pytest.raises(UserError, match="ConnectionError: refused by the server"):
        pipeline.load(Mnist(data_dir=str(tmp_path)))


@pytest.mark.parametrize(("code", "words"), [(28, "disk is full"), (30, "cannot be written")])
def test_download_that_cannot_be_stored_says_so(monkeypatch, tmp_path, code, words):
    def fail(_):
        raise OSError(code, "as the system says")

    monkeypatch.setattr(Mnist, "_check_network", lambda _: None)
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    with pytest.raises(UserError, match=words):
        pipeline.load(Mnist(data_dir=str(tmp_path)))


@pytest.mark.parametrize("name", DOWNLOADED)
def test_missing_folder_is_a_user_error(tmp_path, name):
    with pytest.raises(UserError, match=r"no directory .*--data_dir"):
        build(name, tmp_path / "nothing")


@pytest.mark.parametrize("damage", ["cut short", "overwritten", "empty", "missing"])
def test_damaged_data_are_a_user_error(real_data, tmp_path, damage):
    [original] = pathlib.Path(real_data).glob("mnist/*")
    copy = tmp_path / "mnist" / original.name
    copy.mkdir(parents=True)
    for file in original.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    [records] = copy.glob("*-train.*")
    match damage:
        case "cut short":
            records.write_bytes(records.read_bytes()[:100_000])
        case "overwritten":
            records.write_bytes(bytes(1000) + records.read_bytes()[1000:])
        case "empty":
            records.write_bytes(b"")
        case "missing":
            records.unlink()
    with pytest.raises(UserError, match=r"damaged .*delete that folder") as caught:
        pipeline.load(Mnist(data_dir=str(tmp_path)))
    assert str(copy) in str(caught.value)


def test_a_damaged_description_is_a_user_error(real_data, tmp_path):
    source = pathlib.Path(real_data) / "mnist" / "3.0.1"
    folder = tmp_path / "mnist" / "3.0.1"
    folder.mkdir(parents=True)
    for name in ("dataset_info.json", "features.json"):
        (folder / name).write_bytes((source / name).read_bytes()[:100])
    with pytest.raises(UserError, match="is damaged"):
        build("mnist", tmp_path)
