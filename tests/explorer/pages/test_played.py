"""What the pages of sound and of videos share, through the server's test client."""

import re

import pytest

from gan_tf.explorer import server


@pytest.fixture(params=["sounds", "videos"])
def page(request):
    """The name of a page, and a client of its server."""
    trained = request.getfixturevalue({"sounds": "sounding", "videos": "moving_run"}[request.param])
    return request.param, server.app(trained).test_client()


def test_its_scripts_find_their_elements(page):
    name, client = page
    ids = set(re.findall(r'id="([\w-]+)"', client.get("/").data.decode()))
    for script in (f"{name}.js", "played.js", "training.js"):
        code = client.get(f"/static/{script}").data.decode()
        wanted = set(re.findall(r'(?:byId|getElementById)\("([\w-]+)"\)', code))
        assert wanted and wanted <= ids, script


@pytest.mark.parametrize(
    "query", ["", "seed=x", "seed=1&label=10", "seed=1&move=0:1", "seed=1&motion=x", "seed=1&a=2"]
)
def test_bad_parameters_are_a_sentence(page, query):
    name, client = page
    for path in ({"sounds": "clip.wav", "videos": "video.webp"}[name], "image.png"):
        response = client.get(f"/{path}?{query}")
        assert response.status_code == 400 and response.get_json()["error"].endswith(".")
