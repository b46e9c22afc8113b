"""Serves the web page for exploring a run."""

import ipaddress
import logging
import re
import socket
import urllib.parse

import flask
import werkzeug.exceptions
import werkzeug.serving

from gan_tf.explorer import training_record
from gan_tf.explorer.painter import Painter
from gan_tf.explorer.request import BadRequestError, parse_request
from gan_tf.messages import show
from gan_tf.runs.trained_run import TrainedRun

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ANY = {"0.0.0.0", "::"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def serve(run, checkpoint, host, listener):
    """Serves until Ctrl-C.

    Args:
        run: a `RunDir`.
        checkpoint: "last", "best" or a step.
        host: the address that the socket listens on.
        listener: a listening socket.

    Raises:
        UserError: when the run cannot be used.
    """
    trained = TrainedRun(run, checkpoint)
    application = app(trained, host)
    port = listener.getsockname()[1]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line per request
    server = werkzeug.serving.make_server(
        host, port, application, threaded=True, fd=listener.fileno()
    )
    shown = "localhost" if host in _LOOPBACK | _ANY else host
    show(
        f"'{run.path}' at step {trained.step:,}: http://{shown}:{port}/ (stop it with Ctrl-C)",
    )
    if host not in _LOOPBACK:
        show("Anyone who can reach this machine can open the page.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        show()


def app(trained, host="127.0.0.1"):
    """Returns the `flask.Flask` application.

    Args:
        trained: a `TrainedRun`.
        host: the address listened on; requests for other host names are refused, so that no
            other web page can read this one under its own name (DNS rebinding).
    """
    application = flask.Flask(__name__, static_folder="static", static_url_path="/static")
    application.json.sort_keys = False
    application.url_map.merge_slashes = False  # would redirect, which nothing here needs
    _guard(application, host)
    _serve_facts(application, trained)
    _serve_images(application, trained)
    _serve_snapshots(application, trained.run)
    return application


def _guard(application, host):
    """Refuses requests from other pages, adds headers, and returns errors as JSON."""

    @application.before_request
    def check():
        if not _is_ours(flask.request.host, host):
            flask.abort(403, "This page is served under the name localhost only.")

    @application.after_request
    def add_headers(response):
        response.headers.update(_HEADERS)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @application.errorhandler(BadRequestError)
    def bad(error):
        return flask.jsonify(error=str(error)), 400

    @application.errorhandler(werkzeug.exceptions.HTTPException)
    def failed(error):
        return flask.jsonify(error=error.description), error.code


def _serve_facts(application, trained):
    """Serves the page itself, and the facts about the run and its training."""
    run = trained.run

    @application.get("/")
    def page():
        return application.send_static_file("index.html")

    @application.get("/api/run")
    def about():
        height, width, _ = trained.sample_shape
        return flask.jsonify(
            name=run.path.resolve().name,
            step=trained.step,
            dataset=trained.config.dataset,
            arch=trained.config.arch,
            loss=trained.config.loss,
            width=width,
            height=height,
            labels=list(trained.label_names) if trained.conditional else [],
            reals=training_record.reals(run) is not None,
        )

    @application.get("/api/training")
    def training():
        return flask.jsonify(
            charts=training_record.charts(run),
            health=training_record.health(run),
            snapshots=list(training_record.snapshots(run)),
        )


def _serve_images(application, trained):
    """Serves generated images, and the number of directions."""
    painter = Painter(trained)
    name = trained.run.path.resolve().name
    classes = len(trained.label_names) if trained.conditional else 0

    @application.get("/api/directions")
    def axes():
        return flask.jsonify(count=len(painter.directions))

    @application.get("/image.png")
    def image():
        arguments = list(flask.request.args.items(multi=True))
        download = ("download", "1") in arguments
        arguments = [each for each in arguments if each != ("download", "1")]
        moves = any(name == "move" for name, _ in arguments)
        request = parse_request(arguments, classes, len(painter.directions) if moves else 0)
        response = flask.Response(painter.png(request), mimetype="image/png")
        if download:
            file = f"{_plain(name)}-seed{request.seed}.png"
            response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return response


def _serve_snapshots(application, run):
    """Serves the images that training wrote to the run directory."""

    @application.get("/snapshots/<int:step>.png")
    def snapshot(step):
        path = training_record.snapshots(run).get(step)
        if path is None:
            flask.abort(404, "No such snapshot.")
        return flask.send_file(path.resolve())

    @application.get("/reals.png")
    def reals():
        path = training_record.reals(run)
        if path is None:
            flask.abort(404, "The sheet of real images is missing.")
        return flask.send_file(path.resolve())


def _is_ours(named, host):
    """Whether the Host header of a request is a name of this server."""
    try:
        name = urllib.parse.urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return False
    if name in _LOOPBACK:
        return True
    if host in _LOOPBACK:
        return False
    return name in (host, socket.gethostname().lower()) or (host in _ANY and _is_address(name))


def _is_address(name):
    """Whether it is an IP address, which DNS rebinding cannot forge."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _plain(name):
    """A name without characters that are unsafe in headers or file systems."""
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
