"""The program `gan-tf`, which is also `python -m gan_tf`: lists the commands, and runs one."""

import functools
import runpy
import sys

from gan_tf import __version__
from gan_tf.messages import rewritten, show
from gan_tf.options import commands, flags


def main(argv, program):
    """Lists the commands, or runs the one that is named; returns the exit status.

    Args:
        argv: the command line, program name first: `gan-tf generate --run_dir=runs/demo`.
        program: what is typed before the name of a command.

    Raises:
        SystemExit: at the end of a command.
        UserError: when there is no such command.
    """
    name, *arguments = argv[1:] or ["--help"]
    if name.strip("-") in ("help", "h", "helpfull", "helpshort"):
        show(commands.listing(program))
    elif name == "--version":
        show(f"gan_tf {__version__}")
    else:
        module = f"gan_tf.{commands.module(name)}"
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def run(program="gan-tf"):
    """Runs the program; messages name commands as they are typed after `program`."""
    if not sys.flags.safe_path:
        sys.path.insert(0, "")  # the current folder, where `python -m` finds plug-ins
    with rewritten(commands.spelling(program)):
        flags.run(functools.partial(main, program=program))


if __name__ == "__main__":
    run("python -m gan_tf")
