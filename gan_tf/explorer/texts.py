"""The texts that training wrote to the run directory: snapshots of sequences, and real ones."""

import flask

from gan_tf.files.plain_file import open_below

REALS = "reals.txt"
_MOST_BYTES = 1 << 24


def snapshot_text(run, name):
    """Returns the content of a text file in the folder of samples; None when there is no such file.

    No link is followed. What is not UTF-8 is replaced.
    """
    try:
        with open_below(run.path, (run.samples.name, name), _MOST_BYTES) as file:
            return file.read().decode(errors="replace")
    except (OSError, ValueError):
        return None


def send_text(run, name):
    """Returns the response that sends a text file in the folder of samples, or says that there is none."""
    content = name and snapshot_text(run, name)
    if not content:
        flask.abort(404, "There is no such text.")
    return flask.Response(content, mimetype="text/plain")
