"""The page of sequences, through its server's test client."""

import re
import types

import numpy as np
import pytest

from gan_tf import latents
from gan_tf.explorer import server
from gan_tf.explorer.pages.sequences import LatentSequences
from gan_tf.explorer.request import BadRequestError, SequencesRequest, parse_sequences
from gan_tf.modalities.tokens import Tokens
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.steering import Steering
from gan_tf.runs.trained_run import TrainedRun


@pytest.fixture(scope="module")
def trained(policy_run):
    samples = RunDir(policy_run).samples
    samples.mkdir(exist_ok=True)
    (samples / "step-00000000.txt").write_text("a dog .\n<b>no</b>\n")
    (samples / "reals.txt").write_text("this dog sings .\n")
    return TrainedRun(policy_run)


@pytest.fixture(scope="module")
def client(trained):
    return server.app(trained).test_client()


def test_the_page_and_what_it_must_know(client):
    page = client.get("/").data.decode()
    assert "/static/sequences.js" in page and "page.js" not in page
    facts = client.get("/api/run").get_json()
    assert (facts["length"], facts["vocabulary"]) == (16, 64)
    assert facts["steers"] == ["temperature", "prompt"] and facts["real_texts"] is True
    assert facts["labels"] == []


def test_the_page_has_all_that_its_script_looks_for(client):
    page = client.get("/").data.decode()
    ids = set(re.findall(r'id="([\w-]+)"', page))
    for name in ("sequences.js", "training.js"):
        script = client.get(f"/static/{name}").data.decode()
        wanted = set(re.findall(r'(?:byId|getElementById)\("([\w-]+)"\)', script))
        assert wanted and wanted <= ids, name


def test_sequences_are_the_first_of_each_seed(client, trained):
    found = client.get("/api/sequences?first=5&count=3").get_json()
    expected = trained.samples(latents.draw([5, 6, 7], [0] * 3, 16))
    assert found == {"first": 5, "sequences": trained.modality.texts(expected)}


def test_they_are_steered(client, trained):
    query = "/api/sequences?first=5&count=3&temperature=0.5&prompt=this+dog"
    found = client.get(query).get_json()["sequences"]
    steering = Steering(0.5, tuple(trained.modality.indices("this dog")))
    expected = trained.samples(latents.draw([5, 6, 7], [0] * 3, 16), steering=steering)
    assert found == trained.modality.texts(expected)
    assert all(each.startswith("this dog") for each in found)


def test_a_prompt_of_unknown_tokens_is_a_sentence(client):
    response = client.get("/api/sequences?first=0&prompt=unicorn")
    assert response.status_code == 422
    assert response.get_json()["error"] == (
        "--prompt=unicorn: there is no token 'unicorn' in the vocabulary."
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "first=-1",
        "first=x",
        "first=0&first=1",
        "first=0&count=101",
        "first=2147483647",
        "first=0&temperature=0",
        "first=0&temperature=nan",
        "first=0&label=0",
        "first=0&to=3",
        "first=0&seed=3",
        "first=0&prompt=" + "a" * 10_001,
    ],
)
def test_bad_parameters_are_a_sentence(client, query):
    response = client.get(f"/api/sequences?{query}")
    assert response.status_code == 400
    assert response.get_json()["error"].endswith(".")


def test_interpolations_are_for_generators_that_are_smooth(client):
    assert client.get("/api/run").get_json()["smooth"] is False
    assert parse_sequences([("first", "1"), ("to", "4")], 0, True) == SequencesRequest(1, to=4)


def test_labels_are_for_generators_that_take_them():
    assert parse_sequences([("first", "1"), ("label", "1")], 2) == SequencesRequest(1, label=1)
    with pytest.raises(BadRequestError, match="from 0 to 1"):
        parse_sequences([("first", "1"), ("label", "2")], 2)


def test_snapshots_are_text(client):
    assert client.get("/api/training").get_json()["snapshots"] == [0]
    response = client.get("/snapshots/0.txt")
    assert response.mimetype == "text/plain" and response.data == b"a dog .\n<b>no</b>\n"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/reals.txt").data == b"this dog sings .\n"
    for path in ("/snapshots/7.txt", "/snapshots/x.txt", "/snapshots/0.png", "/image.png?seed=1"):
        assert client.get(path).status_code == 404, path


def test_an_interpolation_is_on_the_way_between_two_latents(tmp_path):
    seen = []

    def samples(noise, labels, steering):
        seen.append(noise)
        return np.zeros((len(noise), 2), np.int32)

    config = types.SimpleNamespace(gan="standard")
    run = types.SimpleNamespace(path=tmp_path, config=lambda: config)
    trained = types.SimpleNamespace(
        latent_dim=4, conditional=False, run=run, modality=Tokens(["A"]), samples=samples
    )
    request = SequencesRequest(3, count=5, to=8)
    assert LatentSequences(trained).draw(request) == ["AA"] * 5
    first, last = latents.draw([3, 8], [0, 0], 4)
    np.testing.assert_allclose(seen[0][[0, -1]], [first, last], atol=1e-6)
    middle = seen[0][2]
    cosine = middle @ (first + last) / np.linalg.norm(middle) / np.linalg.norm(first + last)
    assert cosine == pytest.approx(1)
