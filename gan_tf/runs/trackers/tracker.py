"""The contract of trackers."""

import abc


class Tracker(abc.ABC):
    """Sends the record of a run to an experiment tracker.

    Its methods may raise any exception: that of `open` ends the command, before training begins; those
    of the others are reported, and what could not be sent is sent later: logged values in parts, of which
    one that failed is sent again entirely.

    Attributes:
        needs: the modules that it needs, a literal.
        extra: the extra of gan_tf that installs them, a literal.
    """

    needs = ()
    extra = ""

    @abc.abstractmethod
    def open(self, run, record, options):
        """Begins a record, or continues the one that an earlier process began.

        Args:
            run: the `gan_tf.runs.run_dir.RunDir`.
            record: what this method returned for the run before; None: nothing. It comes from a file,
                which can be a stranger's.
            options: {name: str, bool, int or float}, the options that affect training.

        Returns:
            A text by which the record is found again; another than `record` if a new one was begun,
            to which everything is sent.
        """

    def continues(self, run, record):
        """Returns whether `open` would continue a record, not begin another; by default it would.

        After training it is asked first: nothing is begun then.

        Args:
            run, record: as for `open`.
        """
        del run, record
        return True

    @abc.abstractmethod
    def log(self, rows):
        """Sends logged values.

        Args:
            rows: a list of {"step": int, "epoch": float, and values by name}, oldest first.
        """

    def attach(self, path, folder):
        """Sends a file, or replaces it; by default nothing is sent.

        Args:
            path: the file.
            folder: what it is filed under, such as "samples"; "": nothing.
        """
        del path, folder

    def begin(self):
        """Notes that training begins or resumes."""
        return

    def end(self, complete):
        """Notes that training has ended, or been stopped if it is not complete."""
        del complete
