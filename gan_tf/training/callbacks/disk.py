"""Training while the disk is full."""

import contextlib
import sys

from gan_tf.errors import DiskFullError
from gan_tf.messages import show


class Disk:
    """Lets training continue while the disk is full, with a warning.

    A run does not fail for a log or a sample. Failures are reported once, until something can be
    written again; failed checkpoints are reported each time.
    """

    def __init__(self):
        self._reported = False

    @contextlib.contextmanager
    def may_be_full(self, kept=None):
        """Swallows the `DiskFullError` of the code inside.

        Args:
            kept: for a checkpoint: a clause that says which one is kept instead.
        """
        try:
            yield
        except DiskFullError as error:
            if kept or not self._reported:
                text = f"Disk full: '{error.path}' could not be written; training continues"
                text += f" and will try the next one; {kept}." if kept else " and will try again."
                show(f"{text} Free some space.", file=sys.stderr)
            self._reported = True
        else:
            self._reported = False
