"""The cost of --deterministic: `python -m experiments.reliability.determinism`.

Trains the same DCGAN alternately with and without it, each time in a separate process, and
compares the median step times.
"""

import dataclasses
import json
import os
import statistics
import time

from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.options.training import PRECISIONS

EXAMPLES = ("python -m experiments.reliability.determinism --rounds=3 --json=determinism.json",)
_WARM_UP = 20  # steps that are not counted


@dataclasses.dataclass(frozen=True)
class Options:
    """What to time; every field is documented by its own text."""

    rounds: int = option(3, "Options", "trainings of each kind, in turns", low=1)
    steps: int = option(120, "Options", "training steps of each that count", low=1)
    width: int = option(64, "Options", "of the DCGAN", low=1)
    batch_size: int = option(64, "Options", "images in a batch", low=2)
    precision: str = option("auto", "Options", "as for training", choices=PRECISIONS)
    data_dir: str | None = same(Config, "data_dir", "Options")
    json: str | None = option(None, "Output", "write the figures to this file", path=True)


def main(argv):
    """Measures and prints; returns 0."""
    options, _ = flags.parse(Options, argv, "Times --deterministic.", EXAMPLES)
    check(options)
    with flags.quiet_import():
        import gan_tf.training.loop  # noqa: F401 (for the forks)
    found = {False: [], True: []}
    for _ in range(options.rounds):
        for deterministic in found:
            found[deterministic].append(_milliseconds(options, deterministic))
    plain, deterministic = (statistics.median(found[each]) for each in (False, True))
    print(
        f"A step takes {plain:.1f} ms, {deterministic:.1f} ms with --deterministic: "
        f"{deterministic / plain:.2f} times as long."
    )
    if options.json:
        facts = {"plain": found[False], "deterministic": found[True]}
        write(options.json, (json.dumps(facts | dataclasses.asdict(options)) + "\n").encode())
    return 0


def _milliseconds(options, deterministic):
    """The median step time of a training in a fork, since determinism cannot be switched off again."""
    read, send = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.write(send, json.dumps(_train(options, deterministic)).encode())
        finally:
            os._exit(0)
    os.close(send)
    with open(read) as file:
        seconds = json.load(file)
    os.waitpid(process, 0)
    return 1000 * seconds


def _train(options, deterministic):
    import keras

    from gan_tf.data import pipeline
    from gan_tf.gans.build import build
    from gan_tf.registry import DATASETS
    from gan_tf.training import setup

    config = Config(
        dataset="glyphs",
        data_dir=options.data_dir,
        width=options.width,
        batch_size=options.batch_size,
        precision=options.precision,
        deterministic=deterministic,
    ).resolve()
    config = setup.set_up(config)
    data = pipeline.load(DATASETS.build(config.dataset, vars(config)))
    gan = build(config, data.samples.shape[1:], data.label_names)
    marks = []
    mark = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: marks.append(time.monotonic())
    )
    batches = pipeline.batches(data, config.batch_size, config.seed)
    steps = _WARM_UP + options.steps
    gan.fit(batches, steps_per_epoch=steps, callbacks=[mark], shuffle=False, verbose=0)
    times = [after - before for before, after in zip(marks[_WARM_UP:], marks[_WARM_UP + 1 :])]
    return statistics.median(times)


if __name__ == "__main__":
    flags.run(main)
