"""What a training does while the disk is full."""

import contextlib
import sys

from tqdm import tqdm

from gan_tf.errors import DiskFullError


class Disk:
    """Lets a training go on while the disk is full, and says so.

    A log or a sample is not worth a run. What fails is told once, until something can be
    written again; a checkpoint that fails is told each time.
    """

    def __init__(self):
        self._told = False

    @contextlib.contextmanager
    def may_be_full(self, kept=None):
        """Swallows the `DiskFullError` of the code inside.

        Args:
            kept: for a checkpoint: a clause on what is there instead.
        """
        try:
            yield
        except DiskFullError as error:
            if kept or not self._told:
                text = f"Disk full: '{error.path}' could not be written; the training goes on"
                text += f", and the next one is tried; {kept}." if kept else ", and tries again."
                tqdm.write(f"{text} Free some space.", file=sys.stderr)
            self._told = True
        else:
            self._told = False
