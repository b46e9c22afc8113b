"""Shows a trained run in a browser: `python -m gan_tf.explore --run_dir=runs/x`."""

import dataclasses
import errno
import os
import socket

from gan_tf.errors import UserError
from gan_tf.explorer.pages import page
from gan_tf.options import flags
from gan_tf.options.compatibility import check_command
from gan_tf.options.option import check, option
from gan_tf.options.run_choice import RunChoice
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m gan_tf.explore --run_dir=runs/demo",
    "python -m gan_tf.explore --run_dir=runs/demo --checkpoint=best --port=8001",
)


@dataclasses.dataclass(frozen=True)
class Options(RunChoice):
    """What to show, and where; the help text of each field documents it."""

    port: int = option(8000, "Options", "port of the page; 0: any free port", low=0, high=65535)
    host: str = option(
        "127.0.0.1",
        "Options",
        "address to listen on; the default is reachable from this machine only",
    )


def main(argv):
    """Parses the command line and serves until Ctrl-C; returns the exit status."""
    options, _ = flags.parse(
        Options,
        argv,
        "Serves a web page to explore a run's generator and its training.",
        EXAMPLES,
    )
    check(options)
    options.check_run_dir()
    run = RunDir(options.run_dir)
    config = run.config()
    check_command(config, "explore")
    page.choose(config)
    choices.check(run, options.checkpoint)
    with listen(options.host, options.port) as listener:
        with flags.quiet_import():
            from gan_tf.explorer import server
        server.serve(run, options.checkpoint, options.host, listener)
    return 0


def listen(host, port):
    """Returns a listening socket.

    Raises:
        UserError: when the port is in use, or this machine does not have the address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UserError(
                f"Port {port} is in use by another program: give another with --port, or --port=0 for "
                "any free port."
            ) from error
        reason = os.strerror(error.errno) if (error.errno or 0) > 0 else "there is no such address"
        raise UserError(
            f"Cannot listen on '{host}', port {port} ({reason}): give another --host or --port."
        ) from error


if __name__ == "__main__":
    flags.run(main)
