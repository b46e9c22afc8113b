"""Lists the commands: `python -m gan_tf`."""

from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.options import commands, flags


def main(argv):
    """Prints the list of commands; returns the exit status.

    Raises:
        UserError: for any argument other than a request for help.
    """
    for word in argv[1:]:
        if word.strip("-") not in ("help", "h", "helpfull", "helpshort"):
            raise UserError(
                f"'{word}': a command is a module of its own, such as python -m gan_tf.main; python -m "
                "gan_tf lists them."
            )
    show(commands.listing())
    return 0


if __name__ == "__main__":
    flags.run(main)
