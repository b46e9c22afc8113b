"""The page of images from latents, through the server's test client."""

import io
import json

import numpy as np
from PIL import Image

from gan_tf.explorer import server
from gan_tf.runs.trained_run import TrainedRun


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content))).astype(int)


def test_an_image_is_that_of_its_seed_and_says_so(client, explored):
    response = client.get("/image.png?seed=5&label=1&truncation=0.7")
    assert response.status_code == 200 and response.mimetype == "image/png"
    from gan_tf import latents

    expected = explored.samples(latents.draw(5, [0], 5, 0.7), np.array([1]))[0]
    assert np.abs(pixels(response.data) - expected).max() <= 1
    said = json.loads(Image.open(io.BytesIO(response.data)).info["Comment"])
    assert said["seed"] == 5 and said["label"] == "b" and said["truncation"] == 0.7
    assert said["run"] == "my run" and said["step"] == 10


def test_a_seed_has_the_label_that_generate_gives_it(client, explored):
    for seed in range(6):
        said = json.loads(
            Image.open(io.BytesIO(client.get(f"/image.png?seed={seed}").data)).info["Comment"]
        )
        (label,) = explored.choose_labels([seed], [0])
        assert said["label"] == explored.label_names[label]


def test_a_download_is_named(client):
    response = client.get("/image.png?seed=3&download=1")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my_run-seed3.png"'


def test_an_interpolation_ends_at_its_ends(client):
    def image(query):
        return pixels(client.get(f"/image.png?label=0&{query}").data)

    ways = [image(f"seed=1&to=2&share={share}") for share in (0, 0.5, 1)]
    assert np.abs(ways[0] - image("seed=1")).max() <= 1
    assert np.abs(ways[2] - image("seed=2")).max() <= 1
    assert np.any(ways[1] != ways[0])


def test_directions_move_an_image_there_and_back(client):
    count = client.get("/api/directions").get_json()["count"]
    assert 1 <= count <= 5
    plain, there, nowhere = (
        pixels(client.get(f"/image.png?seed=1{move}").data)
        for move in ("", "&move=0:5", "&move=0:0")
    )
    assert np.any(there != plain)
    np.testing.assert_array_equal(nowhere, plain)


def test_the_page_of_a_style_based_generator_moves_its_styles(style_run, client):
    assert client.get("/api/run").get_json()["styles"] is None
    assert client.get("/image.png?seed=1&psi=0.5").status_code == 400
    page = server.app(TrainedRun(style_run)).test_client()
    ranges = {"coarse": [0, 2], "middle": [2, 4], "fine": [4, 6]}
    assert page.get("/api/run").get_json()["styles"] == ranges
    assert page.get("/api/directions").get_json()["count"] == 4  # as long as w
    plain, all_layers, fine = (
        page.get(f"/image.png?seed=1{rest}").data for rest in ("", "&move=0:5", "&move=0:5:4-5")
    )
    assert len({plain, all_layers, fine}) == 3
    said = json.loads(Image.open(io.BytesIO(fine)).info["Comment"])
    assert said["moves"] == [[0, 5.0, [4, 5]]]
    assert page.get("/image.png?seed=1&move=0:5:4-6").status_code == 400
