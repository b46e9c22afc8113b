"""Serves the web page for exploring a run."""

import ipaddress
import logging
import re
import resource
import socket
import urllib.parse

import flask
import waitress
import werkzeug.exceptions

from gan_tf.errors import UserError
from gan_tf.explorer import training_record
from gan_tf.explorer.pages import page as pages
from gan_tf.explorer.pictures import REALS, has_picture, send_picture
from gan_tf.explorer.request import BadRequestError
from gan_tf.messages import MessageHandler, show
from gan_tf.registry import PAGES
from gan_tf.runs.trained_run import TrainedRun

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ANY = {"0.0.0.0", "::"}
_LIMITS = {
    "threads": 8,
    "channel_timeout": 20,  # seconds after which a client that says or takes nothing is dropped
    "cleanup_interval": 5,
    "max_request_header_size": 1 << 14,
    "inbuf_overflow": 1 << 26,  # what is given or made stays in memory, never in a temporary file
    "outbuf_overflow": 1 << 26,
    "asyncore_use_poll": True,  # `select` fails with many descriptors
    "ident": None,
}
_MOST_CONNECTIONS = 500
_READ = 2  # times the largest body; one that is not read resets the connection, and says nothing
_BODIES = 1 << 29  # bytes of all requests' bodies together
_OWN_DESCRIPTORS = 64  # of the libraries and the files of the run
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
    most = _READ * application.config["MAX_CONTENT_LENGTH"]
    server = waitress.create_server(
        application,
        sockets=[listener],
        connection_limit=_most_connections(most),
        max_request_body_size=most + 1,  # the first that is not read
        **_LIMITS,
    )
    shown = "localhost" if host in _LOOPBACK | _ANY else host
    show(
        f"'{run.path}' at step {trained.step:,}: http://{shown}:{port}/ (stop it with Ctrl-C)",
    )
    if host not in _LOOPBACK:
        show("Anyone who can reach this machine can open the page.")
    server.run()  # until Ctrl-C
    show()


def app(trained, host="127.0.0.1"):
    """Returns the `flask.Flask` application.

    Args:
        trained: a `TrainedRun`.
        host: the address listened on; requests for other host names are refused, so that no
            other web page can read this one under its own name (DNS rebinding).
    """
    for name in (__name__, "waitress"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [MessageHandler()], False
        logger.setLevel(logging.ERROR)  # no line per request
    application = flask.Flask(__name__, static_folder="static", static_url_path="/static")
    application.json.sort_keys = False
    application.url_map.merge_slashes = False  # would redirect, which nothing here needs
    page = PAGES.load(pages.choose(trained.config))(trained)
    application.config["MAX_CONTENT_LENGTH"] = page.max_body
    _guard(application, host, page.policy)
    _serve_facts(application, page)
    page.serve(application)
    _serve_snapshots(application, trained.run)
    return application


def _guard(application, host, policy):
    """Refuses requests from other pages, adds headers, and returns errors as JSON."""
    headers = dict(_HEADERS)
    if policy:
        headers["Content-Security-Policy"] += f"; {policy}"

    @application.before_request
    def check():
        if not _is_ours(flask.request.host, host):
            flask.abort(403, "This page is served under the name localhost only.")

    @application.after_request
    def add_headers(response):
        response.headers.update(headers)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @application.errorhandler(BadRequestError)
    def bad(error):
        return flask.jsonify(error=str(error)), 400

    @application.errorhandler(UserError)
    def unusable(error):
        return flask.jsonify(error=str(error)), 422

    @application.errorhandler(werkzeug.exceptions.HTTPException)
    def failed(error):
        return flask.jsonify(error=error.description), error.code


def _serve_facts(application, page):
    """Serves the page itself, and the facts about the run and its training."""
    trained, run = page.trained, page.trained.run

    @application.get("/")
    def document():
        return flask.render_template(page.template)

    @application.get("/api/run")
    def about():
        return flask.jsonify(
            name=page.name,
            step=trained.step,
            dataset=trained.config.dataset,
            arch=trained.config.arch,
            loss=trained.config.loss,
            **page.facts(),
            reals=has_picture(run, REALS),
        )

    @application.get("/api/training")
    def training():
        return flask.jsonify(
            charts=training_record.charts(run),
            health=training_record.health(run),
            scores=training_record.scores(run),
            snapshots=training_record.snapshots(run),
        )


def _serve_snapshots(application, run):
    """Serves the images that training wrote to the run directory."""

    @application.get("/snapshots/<string(maxlength=18):step>.png")
    def snapshot(step):
        known = re.fullmatch("[0-9]+", step)
        return send_picture(run, f"step-{int(step):08d}.png" if known else "")

    @application.get("/reals.png")
    def reals():
        return send_picture(run, REALS)


def _most_connections(largest):
    """The connections to accept, given the most bytes of a request's body.

    Fewer than there are descriptors, or accepting would spin; and all bodies fit in memory.
    """
    most = min(_MOST_CONNECTIONS, _BODIES // largest)
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        return most
    return max(4, min(most, (descriptors - _OWN_DESCRIPTORS) // 2))


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
