"""What a run writes, where and when."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import TRACKERS


@dataclasses.dataclass(frozen=True)
class OutputOptions:
    """The run directory, and how often it is written to."""

    run_dir: str | None = option(
        None,
        "Output",
        "the run's folder; default: runs/{dataset}-{arch}-{loss}, or runs/{dataset}-{gan}-{arch}",
        path=True,
        writes="directory",
        free=True,
    )
    sample_every: str | None = option(
        None,
        "Output",
        "interval between snapshots: 2epochs, 500steps; default: an epoch, or as many as make 100 steps, "
        "and twice as long after each doubling of the run from 100 snapshots on",
        free=True,
    )
    checkpoint_every: str | None = option(
        None,
        "Output",
        "interval between checkpoints: 2epochs, 500steps; default: an epoch, or as many as make 100 "
        "steps",
        free=True,
    )
    log_every: str = option(
        "50steps",
        "Output",
        "interval between logged values, which are also logged at the end of longer epochs",
        free=True,
    )
    max_minutes: int | None = option(
        None,
        "Output",
        "stop after this many minutes, with everything saved and status 0",
        low=1,
        high=1_000_000,
        free=True,
    )
    keep: int = option(3, "Output", "checkpoints to keep", low=1, free=True)
    tracker: str | None = option(
        None,
        "Output",
        "also send options, logged values and snapshots to an experiment tracker; default: none",
        registry=TRACKERS,
        free=True,
    )
