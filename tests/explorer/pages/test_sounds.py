"""The page of sound, through its server's test client."""

import io
import json
import wave

import numpy as np
import pytest
from PIL import Image

from gan_tf import latents
from gan_tf.explorer import server


@pytest.fixture(scope="module")
def client(sounding):
    return server.app(sounding).test_client()


def samples_of(response):
    assert response.mimetype == "audio/wav"
    with wave.open(io.BytesIO(response.data)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_what_the_page_must_know(client):
    facts = client.get("/api/run").get_json()
    assert facts["about"] == "600 samples at 8,000 Hz (0.07 s)" and facts["labels"][4] == "A4"


def test_clips_are_the_first_of_each_seed_and_say_that_they_are_generated(client, sounding):
    response = client.get("/clip.wav?seed=5&label=4")
    expected = sounding.samples(latents.draw([5], [0], 5), [4], batch_size=8)
    np.testing.assert_array_equal(samples_of(response), expected[0, :, 0])
    assert b"not a recording (run)" in response.data
    assert "run-seed5.wav" in response.headers["Content-Disposition"]


def test_pictures_show_waveform_and_spectrogram(client):
    with Image.open(io.BytesIO(client.get("/image.png?seed=5&label=4").data)) as picture:
        assert picture.size == (128, 176)
        assert json.loads(picture.text["Comment"])["seed"] == 5


def test_an_interpolation_begins_and_ends_at_its_seeds(client):
    for share, seed in ((0, 3), (1, 8)):
        on_the_way = client.get(f"/clip.wav?seed=3&to=8&share={share}&label=0")
        alone = client.get(f"/clip.wav?seed={seed}&label=0")
        difference = samples_of(on_the_way).astype(int) - samples_of(alone)
        assert np.abs(difference).max() <= 1


def test_snapshots_are_heard(client, sounding):
    samples = sounding.run.samples
    samples.mkdir(exist_ok=True)
    content = sounding.modality.snapshot(sounding.images(3))
    for name in ("step-00000000.wav", "reals.wav"):
        (samples / name).write_bytes(content)
    for address in ("/snapshots/0.wav", "/reals.wav"):
        response = client.get(address)
        assert len(samples_of(response)) == 3 * (600 + 1200) and response.data == content
    for missing in ("/snapshots/1.wav", "/snapshots/x.wav"):
        assert client.get(missing).status_code == 404
    assert client.get("/api/run").get_json()["heard"]
