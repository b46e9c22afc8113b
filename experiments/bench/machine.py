"""The machine that is measured: its fastest matrix product, and what other processes take of it."""

import dataclasses
import os
import pathlib
import resource
import time

from gan_tf.errors import UserError
from gan_tf.options.option import option

TOO_MUCH = 0.05  # of the machine, for others, while something is timed


@dataclasses.dataclass(frozen=True)
class Options:
    """What every program takes."""

    even_if_busy: bool = option(
        False, "Options", "print tables also while other processes use the machine; they say so"
    )


class Watch:
    """Counts what other processes take of the machine while something runs."""

    def __init__(self):
        self._available = self._others = 0.0

    def call(self, function, used=None):
        """Calls a function and returns its result.

        Args:
            function: without arguments.
            used: a function that returns the CPU seconds that what is measured has used so far; default:
                those of this process and of its children that have ended.
        """
        used = used or _own_seconds
        began = time.perf_counter()
        before = _busy(), used()
        result = function()
        busy, own = (after - first for after, first in zip((_busy(), used()), before))
        self._available += (time.perf_counter() - began) * os.cpu_count()
        # A core's time is counted in ticks: one can be counted that began before.
        self._others += max(0.0, busy - own - os.cpu_count() / os.sysconf("SC_CLK_TCK"))
        return result

    @property
    def share(self):
        """The share of the machine that other processes took meanwhile."""
        return self._others / self._available if self._available else 0.0


def remark(shares, allowed):
    """Returns the sentence about other processes that belongs to a table, "" if there is none.

    Args:
        shares: {what was timed: the share of the machine that other processes took meanwhile}.
        allowed: whether they may have taken more than `TOO_MUCH`: --even_if_busy.

    Raises:
        UserError: when they did, and may not.
    """
    name = max(shares, key=shares.get)
    if shares[name] <= TOO_MUCH:
        return ""
    found = f"other processes took {shares[name]:.0%} of it while {name} was timed"
    if not allowed:
        raise UserError(
            f"The machine was busy ({found}), so no table is printed: measure again when it is idle, or "
            "with --even_if_busy."
        )
    return f"Taken on a busy machine: {found}."


def caption(peak, remark):
    """Returns the line above a table: the peak of matrix products in FLOP/s, and a `remark`."""
    return f"Matrix products reach {peak / 1e9:,.0f} GFLOP/s. {remark}".rstrip()


def cpu_seconds(pid):
    """Returns the CPU seconds that a running process has used; 0 where there is no /proc."""
    return _seconds(_line(f"/proc/{pid}/stat").rpartition(")")[2].split()[11:13])


def cpu_seconds_of_children():
    """Returns the CPU seconds of the children of this process that have ended."""
    return _used(resource.RUSAGE_CHILDREN)


def _own_seconds():
    return _used(resource.RUSAGE_SELF) + cpu_seconds_of_children()


def _used(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _busy():
    """CPU seconds that the machine has used in total."""
    user, nice, system, _, _, irq, softirq, steal = _line("/proc/stat").split()[1:9]
    return _seconds([user, nice, system, irq, softirq, steal])


def _line(path):
    """The first line of a file in /proc; zeros if there is none, as on macOS."""
    file = pathlib.Path(path)
    return file.read_text().splitlines()[0] if file.exists() else "0 " * 20


def _seconds(ticks):
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def fastest_product(product, dtypes, seconds, sizes):
    """Returns the FLOP/s of the fastest of products of square matrices.

    Where a type is less than half as fast as another, as bfloat16 is on CPUs that do not compute in it,
    it is not tried at the sizes that follow, which could take minutes.

    Args:
        product: a function of a type and a size that returns a function which multiplies once, and waits.
        dtypes: the types to try.
        seconds: how long, in all.
        sizes: sides of the matrices.
    """
    best = 0.0
    for dtype in dtypes:
        for size in sizes:
            multiply = product(dtype, size)
            multiply()
            reached = 0.0
            ends = time.perf_counter() + seconds / (len(dtypes) * len(sizes))
            while time.perf_counter() < ends or not reached:
                began = time.perf_counter()
                multiply()
                reached = max(reached, 2 * size**3 / (time.perf_counter() - began))
            best = max(best, reached)
            if reached < best / 2:
                break
    return best
