"""Counts the time of training steps, across interruptions."""

import time

from experiments import rows


class Clock:
    """The training time of a run: that of its steps, and of nothing else.

    Scores, snapshots and checkpoints take none; the first step of a process, which builds the graph,
    does. Times are kept in a file, so that a run that resumes at an earlier step continues from there.

    Args:
        path: the file, a JSON line for each kept time.
        marks: minutes at which something is due, ascending.

    Attributes:
        seconds: of training so far.
    """

    _EVERY = 50  # steps between two kept times

    def __init__(self, path, marks):
        self._path, self._marks = path, marks
        self.seconds = 0.0
        self._began = None

    def resume(self, step):
        """Continues from the last kept time up to a step."""
        known = [row for row in rows.read(self._path) if row["step"] <= step]
        self.seconds = known[-1]["seconds"] if known else 0.0

    @property
    def kept(self):
        """The last kept time, in seconds."""
        known = rows.read(self._path)
        return known[-1]["seconds"] if known else 0.0

    def begin(self):
        """A step begins."""
        self._began = time.perf_counter()

    def end(self, step):
        """A step, the number of which is given, ends.

        Returns:
            The marks, in minutes, that have passed with it.
        """
        before = self.seconds
        self.seconds += time.perf_counter() - self._began
        if step % self._EVERY == 0:
            self.keep(step)
        return [each for each in self._marks if before < 60 * each <= self.seconds]

    def keep(self, step):
        """Keeps the time of a step."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        rows.append(self._path, {"step": step, "seconds": round(self.seconds, 3)})

    @property
    def is_over(self):
        """Whether the last mark has passed."""
        return self.seconds >= 60 * self._marks[-1]
