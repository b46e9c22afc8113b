"""Files that appear whole or not at all."""

import contextlib
import os
import pathlib

from gan_tf.errors import writing


@contextlib.contextmanager
def whole_file(path, sync=True):
    """Opens a binary file for writing that appears whole or not at all: beside it, then renamed.

    Args:
        path: the file; its folder is made.
        sync: whether it is on the disk, and not on its way there only, when it appears.

    Raises:
        UserError: when the disk is full or the place cannot be written to.
    """
    path = pathlib.Path(path)
    beside = path.with_name(f".{path.name}.writing")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.unlink(missing_ok=True)
            with open(beside, "xb") as file:  # never through a link that lies there
                yield file
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:  # Ctrl-C too
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def write(path, content):
    """Writes bytes to a file, whole or not at all: see `whole_file`."""
    with whole_file(path) as file:
        file.write(content)
