"""Pictures in the run directory: PNG files of the run's own, which are not read by name alone."""

import flask
import numpy as np
import pytest
import werkzeug.exceptions

from gan_tf.explorer import pictures
from gan_tf.modalities.image import png
from gan_tf.runs.run_dir import RunDir


@pytest.fixture
def run(tmp_path):
    run = RunDir(tmp_path / "run")
    run.samples.mkdir(parents=True)
    return run


def test_a_picture_is_opened_at_its_beginning(run):
    content = png(np.zeros((4, 4, 1), np.uint8))
    (run.samples / "reals.png").write_bytes(content)
    with pictures.open_picture(run, pictures.REALS) as file:
        assert file.read() == content
    assert pictures.has_picture(run, pictures.REALS)
    with flask.Flask(__name__).test_request_context():
        response = pictures.send_picture(run, pictures.REALS)
        assert response.mimetype == "image/png"
        assert response.headers["Content-Length"] == str(len(content))
        response.close()


@pytest.mark.parametrize("name", ["missing.png", "text.png", "link.png", ""])
def test_what_is_no_picture_of_the_run_is_not_there(run, name):
    (run.path / "secret.png").write_bytes(png(np.zeros((4, 4, 1), np.uint8)))
    (run.samples / "text.png").write_text("text")
    (run.samples / "link.png").symlink_to(run.path / "secret.png")
    assert not pictures.has_picture(run, name)
    with (
        flask.Flask(__name__).test_request_context(),
        pytest.raises(werkzeug.exceptions.NotFound),
    ):
        pictures.send_picture(run, name)
