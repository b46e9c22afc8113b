"""Pictures and sound to send: what training wrote to the run directory, and pictures made for a request."""

import os

import flask

from gan_tf.files.plain_file import open_below

REALS = "reals.png"  # the sheet of real images
_MOST_BYTES = 1 << 30
_KINDS = {  # endings: (MIME type, how files begin)
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "gif": ("image/gif", b"GIF8"),
    "wav": ("audio/wav", b"RIFF"),
}


def has_picture(run, name):
    """Returns whether the folder of samples of a `RunDir` has a PNG, GIF or WAV file of this name."""
    file = open_picture(run, name)
    if file:
        file.close()
    return file is not None


def open_picture(run, name):
    """Opens a PNG, GIF or WAV file in the folder of samples.

    No link is followed, even one that was made a moment ago.

    Returns:
        A binary file, or None when there is no such picture.
    """
    try:
        file = open_below(run.path, (run.samples.name, name), _MOST_BYTES)
    except (OSError, ValueError):
        return None
    _, start = _kind(name)
    if file.read(len(start)) != start:
        file.close()
        return None
    file.seek(0)
    return file


def send_png(content):
    """Returns the response that sends a PNG that is made for this request alone."""
    return flask.Response(content, mimetype="image/png", headers={"Cache-Control": "no-store"})


def send_picture(run, name):
    """Returns the response that sends a file as of `open_picture`, or says that there is none."""
    file = name and open_picture(run, name)
    if not file:
        flask.abort(404, "There is no such picture.")
    facts = os.fstat(file.fileno())
    etag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}"
    response = flask.send_file(
        file, _kind(name)[0], etag=etag, last_modified=facts.st_mtime, conditional=True
    )
    response.headers.setdefault("Content-Length", facts.st_size)
    return response


def _kind(name):
    return _KINDS[name.rpartition(".")[2]]
