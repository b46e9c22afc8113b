"""The page of videos, through its server's test client."""

import io
import json

import numpy as np
import pytest
from PIL import Image, ImageSequence

from gan_tf import latents
from gan_tf.explorer import server
from gan_tf.modalities.video import strip


@pytest.fixture(scope="module")
def client(moving_run):
    return server.app(moving_run).test_client()


def frames(response):
    assert response.mimetype == "image/webp"
    with Image.open(io.BytesIO(response.data)) as video:
        return np.stack([np.asarray(each.convert("L")) for each in ImageSequence.Iterator(video)])


def expected(trained, normal, label):
    return trained.samples(normal, [label], batch_size=8)[0]


def test_what_the_page_must_know(client):
    facts = client.get("/api/run").get_json()
    assert facts["about"] == "6 frames of 28x28x1 at 10 per second" and facts["labels"][4] == "4"
    assert facts["moving"] is True and facts["snapshots"] == "gif"


def test_videos_are_the_first_of_each_seed_and_say_that_they_are_generated(client, moving_run):
    response = client.get("/video.webp?seed=5&label=4")
    made = expected(moving_run, latents.draw([5], [0], moving_run.latent_dim), 4)
    np.testing.assert_array_equal(frames(response), made[..., 0])
    assert b"not a recording (run)" in response.data
    assert "run-seed5.webp" in response.headers["Content-Disposition"]
    with Image.open(io.BytesIO(client.get("/image.png?seed=5&label=4").data)) as picture:
        assert json.loads(picture.text["Comment"])["seed"] == 5
        np.testing.assert_array_equal(np.asarray(picture), strip(made)[..., 0])


def test_a_video_can_have_the_motion_of_another(client, moving_run):
    content, motion = latents.draw([5, 9], [0, 0], moving_run.latent_dim)
    mixed = np.concatenate([content[:7], motion[7:]])[None]
    found = frames(client.get("/video.webp?seed=5&label=4&motion=9"))
    np.testing.assert_array_equal(found, expected(moving_run, mixed, 4)[..., 0])
    assert (found != frames(client.get("/video.webp?seed=5&label=4"))).mean() > 0.1
    own = frames(client.get("/video.webp?seed=5&label=4&motion=5"))
    np.testing.assert_array_equal(own, frames(client.get("/video.webp?seed=5&label=4")))


def test_snapshots_play(client, moving_run):
    samples = moving_run.run.samples
    samples.mkdir(exist_ok=True)
    made = moving_run.images(4)
    (samples / "step-00000000.gif").write_bytes(moving_run.modality.snapshot(made))
    response = client.get("/snapshots/0.gif")
    assert response.mimetype == "image/gif"
    with Image.open(io.BytesIO(response.data)) as shown:
        assert shown.n_frames == 6
    for missing in ("/snapshots/1.gif", "/snapshots/x.gif", "/reals.gif"):
        assert client.get(missing).status_code == 404
