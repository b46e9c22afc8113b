"""Where the time of a training step goes, by operation: `python -m experiments.bench.operations`.

TensorFlow's profiler records a few bare steps of gan_tf. Times are sums over all threads, so those
of operations that run beside each other exceed the duration of the step.
"""

import collections
import dataclasses
import pathlib
import tempfile

from experiments.bench import convolutions, machine, train_step
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

_XLA = "CpuExecutable::ExecuteAsyncOnStream"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    arch: str = option("dcgan", "Options", "the networks", choices=("dcgan", "mlp", "stylegan2"))
    dataset: str = same(train_step.Options, "dataset", "Options")
    batch_size: int | None = same(train_step.Options, "batch_size", "Options")
    width: int | None = same(train_step.Options, "width", "Options")
    precision: str = same(convolutions.Options, "precision", "Options")
    steps: int = option(5, "Options", "training steps to record", low=1, high=100)
    rows: int = option(20, "Options", "operations in the table", low=1, high=1000)
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times the operations of training steps.")
    check(options)
    names = ("arch", "dataset", "batch_size", "width")
    described = train_step.Options(**{name: getattr(options, name) for name in names})
    job = train_step.describe(described) | {"fit": False, "precision": options.precision}
    with flags.quiet_import():
        from experiments.bench.ours import Training
    training = Training(**job)
    watch = machine.Watch()
    steps = -(-options.steps // training.at_once) * training.at_once  # as many as it makes
    seconds = watch.call(lambda: min(training.train(1) for _ in range(5)))
    calls, milliseconds = by_operation(watch.call(lambda: record(training, steps)))
    remark = machine.remark({"a step": watch.share}, options.even_if_busy)
    total = sum(milliseconds.values())
    print(machine.caption(training.matrix_peak(), remark))
    print(f"A step takes {1000 * seconds:,.1f} ms; its operations {total / steps:,.1f} ms.\n")
    print("| operation | calls a step | ms a step | share |\n|---|---|---|---|")
    for name in sorted(milliseconds, key=milliseconds.get, reverse=True)[: options.rows]:
        each, share = milliseconds[name] / steps, milliseconds[name] / total
        print(f"| {name} | {calls[name] / steps:,.0f} | {each:,.2f} | {share:.1%} |")
    return 0


def record(training, steps):
    """Returns (name, picoseconds) of the events on the CPU's threads while steps are made.

    Args:
        training: an `experiments.bench.keras_training.KerasTraining`.
        steps: how many.
    """
    import tensorflow as tf
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    options = tf.profiler.experimental.ProfilerOptions(
        host_tracer_level=2, python_tracer_level=0, device_tracer_level=0
    )
    events = []
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder, options):
            training.train(steps)
        for path in pathlib.Path(folder).rglob("*.xplane.pb"):
            for plane in xplane_pb2.XSpace.FromString(path.read_bytes()).planes:
                names = plane.event_metadata
                for line in plane.lines if "CPU" in plane.name else ():
                    events += [(names[e.metadata_id].name, e.duration_ps) for e in line.events]
    return events


def by_operation(events):
    """Returns ({kind of operation: calls}, {kind of operation: milliseconds}) of the result of `record`.

    What XLA has compiled is one kind, "XLA".
    """
    calls, milliseconds = collections.Counter(), collections.Counter()
    for name, picoseconds in events:
        kind = "XLA" if name == _XLA else name.rpartition(":")[2].removeprefix("_MklNative")
        # The others are TensorFlow's own: "ExecutorState::Process", or without a colon.
        if name == _XLA or (":" in name and "::" not in name and " " not in name):
            calls[kind.removeprefix("_Mkl")] += 1
            milliseconds[kind.removeprefix("_Mkl")] += picoseconds / 1e9
    return calls, milliseconds


if __name__ == "__main__":
    flags.run(main)
