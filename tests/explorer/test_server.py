"""The server of the page, through its test client."""

import io
import os
import pathlib
import shutil

import numpy as np
import pytest
from PIL import Image

from gan_tf.explorer import server, training_record
from gan_tf.modalities import image as images
from gan_tf.registry import PAGES
from gan_tf.runs.trained_run import TrainedRun
from tests.explorer.test_request import SENSELESS

STATIC = pathlib.Path(server.__file__).parent / "static"


def test_about_the_run(client):
    facts = client.get("/api/run").get_json()
    assert facts["name"] == "my run" and facts["step"] == 10
    assert facts["labels"] == ["a", "b"] and facts["reals"] is True
    assert (facts["width"], facts["height"]) == (8, 8)


@pytest.mark.parametrize("query", [each for each in SENSELESS if "\n" not in each])
def test_bad_parameters_are_a_sentence(client, query):
    response = client.get(f"/image.png?{query.replace('label=10', 'label=2')}")
    assert response.status_code == 400
    assert response.get_json()["error"].endswith(".")


@pytest.mark.parametrize(
    "path",
    [
        "/snapshots/00000005.png.png",
        "/snapshots/7.png",
        "/snapshots/-5.png",
        "/snapshots/step-00000005.png",
        "/snapshots/../flags.txt",
        "/snapshots/..%2fflags.txt",
        "/snapshots/%2e%2e/flags.txt",
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e/server.py",
        "/static//etc/passwd",
        "/flags.txt",
        "/checkpoints/",
        "/api/",
        "/console",
    ],
)
def test_what_is_not_to_be_seen_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert b"--dataset" not in response.data and b"import" not in response.data
    assert "error" in response.get_json()


def test_nothing_can_be_posted(client):
    assert client.post("/image.png?seed=1").status_code == 405


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_names_of_this_machine_are_served(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.0.9", "[::1", ""],
)
def test_other_names_are_refused(client, host):
    response = client.get("/api/run", headers={"Host": host})
    assert response.status_code in (400, 403) and b"my run" not in response.data


@pytest.mark.parametrize(
    "listened, named, served",
    [
        ("192.168.0.9", "192.168.0.9", True),
        ("192.168.0.9", "evil.example", False),
        ("0.0.0.0", "10.0.0.7", True),
        ("0.0.0.0", "evil.example", False),
        ("127.0.0.1", "10.0.0.7", False),
    ],
)
def test_what_is_listened_at_may_be_named(listened, named, served):
    assert server._is_ours(f"{named}:8000", listened) is served


def test_pages_may_load_from_here_only(client):
    for path in (
        "/",
        "/image.png?seed=1",
        "/image.png?seed=x",
        "/nothing",
        "/static/latent_images.js",
    ):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


def test_the_page_asks_nobody_else():
    for file in (*STATIC.iterdir(), *STATIC.with_name("templates").iterdir()):
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text and "https:" not in text and 'style="' not in text, file


def test_the_record_of_the_training(client):
    facts = client.get("/api/training").get_json()
    titles = [each["title"] for each in facts["charts"]]
    assert titles[0] == "Losses" and "Gradient norms" in titles
    assert [each["name"] for each in facts["charts"][0]["lines"]] == [
        "generator_loss",
        "discriminator_loss",
    ]
    assert facts["health"]["state"] == "not judged"
    assert facts["snapshots"] == [0, 5, 10]
    for step in facts["snapshots"]:
        response = client.get(f"/snapshots/{step}.png")
        assert response.status_code == 200
        assert Image.open(io.BytesIO(response.data)).mode == "RGB"
    assert client.get("/reals.png").status_code == 200


EMPTY = {"charts": [], "health": None, "scores": [], "snapshots": []}


@pytest.fixture
def bare(explored, tmp_path):
    """A run that has no logs, no health, no snapshots."""
    for name in ("flags.txt", "data.json"):
        shutil.copy(explored.run.path / name, tmp_path)
    shutil.copytree(explored.run.checkpoints, tmp_path / "checkpoints")
    return TrainedRun(tmp_path)


def test_what_is_missing_is_empty(bare):
    client = server.app(bare).test_client()
    assert client.get("/api/training").get_json() == EMPTY
    assert client.get("/api/run").get_json()["reals"] is False
    assert client.get("/reals.png").status_code == 404


def test_links_to_elsewhere_are_not_followed(bare, tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret") / "secret.png"
    secret.write_bytes(b"secret")
    bare.run.samples.mkdir()
    for name in ("step-00000001.png", "reals.png"):
        (bare.run.samples / name).symlink_to(secret)
    client = server.app(bare).test_client()
    for path in ("/snapshots/1.png", "/reals.png"):
        assert client.get(path).status_code == 404


def test_a_folder_that_becomes_a_link_while_served_is_not_followed(bare, tmp_path_factory):
    client = server.app(bare).test_client()
    secret = tmp_path_factory.mktemp("secret")
    sheet = images.png(np.zeros((4, 4, 3), np.uint8))
    for name in ("step-00000001.png", "reals.png"):
        (secret / name).write_bytes(sheet)
    shutil.copytree(secret, bare.run.samples)
    for path in ("/snapshots/1.png", "/reals.png"):
        response = client.get(path)
        assert (response.status_code, response.data) == (200, sheet)
        tag = {"If-None-Match": response.headers["ETag"]}
        assert client.get(path, headers=tag).status_code == 304
    shutil.rmtree(bare.run.samples)
    bare.run.samples.symlink_to(secret)
    for path in ("/snapshots/1.png", "/reals.png"):
        assert client.get(path).status_code == 404
    assert client.get("/api/run").get_json()["reals"] is False


def test_what_is_no_picture_is_not_found(bare):
    client = server.app(bare).test_client()
    bare.run.samples.mkdir()
    os.mkfifo(bare.run.samples / "step-00000001.png")
    (bare.run.samples / "reals.png").write_text("text")
    for path in ("/snapshots/1.png", "/reals.png", f"/snapshots/{'9' * 18}.png"):
        assert client.get(path).status_code == 404
    assert client.get(f"/snapshots/{'9' * 5000}.png").status_code == 404


@pytest.mark.parametrize("name", ["metrics.jsonl", "health.json"])
def test_logs_that_are_not_what_they_seem_are_no_failure_of_the_server(bare, name):
    client = server.app(bare).test_client()
    path = bare.run.path / name
    digits = "9" * 400
    for content in (
        '{"step": 1e999, "fid": 1e999}',
        f'{{"step": {digits}, "fid": {digits}}}',
        f'{{"step": 1, "fid": {digits}, "verdict": "x", "findings": []}}',
        f'{{"step": {digits}, "verdict": "x", "findings": []}}',
        '{"step": 1e999, "verdict": "x", "findings": []}',
        "[" * 100_000,
        '{"step": 1, "verdict": "x", "findings": ' + "[" * 5000 + "]" * 5000 + "}",
    ):
        path.write_text(content)
        facts = client.get("/api/training").get_json()
        assert facts == EMPTY, content
    path.unlink()
    os.mkfifo(path)
    assert client.get("/api/training").status_code in (200, 422)
    path.unlink()
    with open(path, "wb") as file:
        file.truncate(1 << 40)
    assert client.get("/api/training").status_code in (200, 422)


def test_a_run_that_is_deleted_meanwhile_still_makes_images(bare):
    client = server.app(bare).test_client()
    shutil.rmtree(bare.run.path)
    assert client.get("/image.png?seed=1").status_code == 200
    assert client.get("/api/training").get_json() == EMPTY
    assert client.get("/reals.png").status_code == 404


def test_connections_are_fewer_than_descriptors(monkeypatch):
    for descriptors, most in ((1024, 480), (128, 32), (20, 4), (1 << 20, 500), (-1, 500)):
        limits = (descriptors, -1)
        monkeypatch.setattr(server.resource, "getrlimit", lambda _, limits=limits: limits)
        assert server._most_connections(1 << 14) == most
        assert server._most_connections(1 << 23) == min(most, 64)  # half a gigabyte of pictures


@pytest.mark.parametrize("name", PAGES.names())
def test_what_is_sent_and_made_stays_in_memory(name):
    """waitress writes what is larger to a temporary file."""
    largest = server._READ * PAGES.load(name).max_body
    assert largest < server._LIMITS["inbuf_overflow"] <= server._LIMITS["outbuf_overflow"]


def test_failures_are_logged_without_control_characters(bare, monkeypatch, capsys):
    def fail(run):
        raise RuntimeError("\x1b]0;owned\x07")

    monkeypatch.setattr(training_record, "charts", fail)
    application = server.app(bare)
    assert application.test_client().get("/api/training").status_code == 500
    shown = capsys.readouterr().err
    assert "\\x1b]0;owned" in shown and "\x1b" not in shown
