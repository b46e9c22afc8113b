"""Trained runs, their servers' test clients."""

import pytest
from PIL import Image

from gan_tf.data import glyphs
from gan_tf.explorer import server
from gan_tf.options.config import Config
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.conftest import tiny, untrained


@pytest.fixture(scope="session")
def explored(photos, tmp_path_factory):
    """A conditional run of two epochs, with snapshots and logs."""
    config = tiny(
        photos,
        tmp_path_factory.mktemp("explorer") / "my run",
        conditional="concat",
        prior="uniform",
        log_every="1step",
        sample_every="5steps",
    )
    loop.train(config)
    return TrainedRun(config.run_dir)


@pytest.fixture(scope="session")
def client(explored):
    return server.app(explored).test_client()


@pytest.fixture(scope="session")
def translated(tmp_path_factory):
    """A run of a few steps from the edges of digits to the digits, 16x16."""
    folder = tmp_path_factory.mktemp("digits")
    for index, digit in enumerate(glyphs.draw(80, seed=0)[0]):
        Image.fromarray(digit[..., 0]).save(folder / f"{index:02d}.png")
    config = Config(
        dataset="image_folder",
        image_dir=str(folder),
        image_size=16,
        color_mode="grayscale",
        gan="pix2pix",
        pair_by="edges",
        arch="unet(width=4)",
        discriminator="patchgan(layers=1, width=4)",
        batch_size=8,
        steps=4,
        precision="float32",
        run_dir=str(tmp_path_factory.mktemp("explorer") / "outlines"),
    )
    loop.train(config.resolve())
    return TrainedRun(config.run_dir)


@pytest.fixture(scope="session")
def translator(translated):
    return server.app(translated).test_client()


@pytest.fixture(scope="session")
def sounding(tmp_path_factory):
    """An untrained conditional run of WaveGAN on short notes, as a `TrainedRun`."""
    config = Config(
        dataset="tones",
        length=600,
        max_images=50,
        arch="wavegan(width=1)",
        latent_dim=5,
        conditional="concat",
        precision="float32",
        run_dir=str(tmp_path_factory.mktemp("sounds") / "run"),
    )
    return TrainedRun(untrained(config.resolve()).path)
