"""The texts of a run directory."""

import types

import flask
import pytest
import werkzeug.exceptions

from gan_tf.explorer import texts


@pytest.fixture
def run(tmp_path):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "reals.txt").write_bytes(b"a dog\xff\n")
    (tmp_path / "samples" / "link.txt").symlink_to(tmp_path / "samples" / "reals.txt")
    return types.SimpleNamespace(path=tmp_path, samples=tmp_path / "samples")


def test_a_text_is_read_and_what_is_not_utf_8_is_replaced(run):
    assert texts.snapshot_text(run, texts.REALS) == "a dog\ufffd\n"
    assert texts.snapshot_text(run, "step-00000001.txt") is None


def test_no_link_is_followed(run):
    assert texts.snapshot_text(run, "link.txt") is None


def test_a_text_is_sent_as_plain_text_or_is_not_found(run):
    with flask.Flask("test").app_context():
        response = texts.send_text(run, texts.REALS)
        assert response.mimetype == "text/plain" and response.get_data(as_text=True)[:5] == "a dog"
        for name in ("nothing.txt", "", None):
            with pytest.raises(werkzeug.exceptions.NotFound):
                texts.send_text(run, name)
