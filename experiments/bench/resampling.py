"""Convolutions with their up- and downsampling: `python -m experiments.bench.resampling`.

A residual network doubles its maps before a 3x3 convolution, and averages 2x2 values after one. gan_tf
computes each such pair as one operation; here it takes turns with the two layers of Keras, forward
and with all first gradients.
"""

import dataclasses
import statistics
import time

from experiments.bench import machine
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

_SMALLEST = 16  # maps, as far as they are halved
_CALLS = 3  # of each contender in a round, of which the fastest counts


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    size: int = option(64, "Options", "pixels of an image", low=16, high=256)
    width: int = option(32, "Options", "channels at the size of the image", low=1, high=1024)
    batch_size: int = option(16, "Options", "images", low=1, high=65536)
    rounds: int = option(3, "Options", "how often each is timed", low=1, high=100)
    precision: str = option(
        "float32", "Options", "of the computation", choices=("float32", "mixed_bfloat16")
    )
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times convolutions with their up- and downsampling.")
    check(options)
    with flags.quiet_import():
        from experiments.bench.matrix_products import MatrixProducts
        from gan_tf.runtime import precision
    watch, rows = machine.Watch(), []
    with precision.policy(options.precision):
        for what, shape, pair in _pairs(options):
            times = watch.call(lambda pair=pair, shape=shape: _times(pair, shape, options))
            rows.append((what, *times))
    remark = machine.remark({"resampling": watch.share}, options.even_if_busy)
    print(machine.caption(MatrixProducts().matrix_peak(), remark))
    print("\n| | Keras, ms | gan_tf, ms | times as fast |\n|---|---|---|---|")
    for what, stock, ours in rows:
        ratio = statistics.median(each / mine for each, mine in zip(stock, ours))
        cells = (f"{1000 * statistics.median(each):.1f}" for each in (stock, ours))
        print(f"| {what} | {' | '.join(cells)} | {ratio:.2f} |")
    return 0


def _pairs(options):
    """Yields (what, shape of the input, [the model of Keras, that of gan_tf]) of each size of maps."""
    import keras
    from keras import layers

    from gan_tf.networks.resampling import downsampling, upsampling

    def convolution(channels):
        return layers.Conv2D(channels, 3, padding="same")

    def stock_up(channels):
        return lambda x: convolution(channels)(layers.UpSampling2D(2)(x))

    def stock_down(channels):
        return lambda x: layers.AveragePooling2D(2)(convolution(channels)(x))

    def unchanged(layer):
        return layer

    size, channels = options.size, options.width
    while size >= _SMALLEST:
        half, twice = size // 2, 2 * channels
        of_size = {
            "up": (
                (half, half, twice),
                stock_up(channels),
                upsampling("nearest", channels, unchanged),
            ),
            "down": (
                (size, size, channels),
                stock_down(twice),
                downsampling("average_pool", twice, unchanged),
            ),
        }
        for name, (shape, *both) in of_size.items():
            inputs = keras.Input(shape)
            pair = [keras.Model(inputs, each(inputs)) for each in both]
            made = "x".join(map(str, pair[1].output_shape[1:]))
            yield f"{name}: {'x'.join(map(str, shape))} to {made}", shape, pair
        size, channels = half, twice


def _times(pair, shape, options):
    """Returns the seconds of each model, in each round: the fastest of some calls."""
    import tensorflow as tf

    x = tf.random.stateless_normal((options.batch_size, *shape), (0, 1))

    def differentiated(model):
        @tf.function
        def step():
            with tf.GradientTape() as tape:
                tape.watch(x)
                loss = tf.reduce_sum(tf.cast(model(x), tf.float32) ** 2)
            gradients = tape.gradient(loss, [x, *model.trainable_variables])
            return tf.add_n([tf.reduce_sum(tf.cast(each, tf.float32)) for each in gradients])

        step().numpy()  # traced
        return step

    def seconds(step):
        began = time.perf_counter()
        step().numpy()
        return time.perf_counter() - began

    steps = [differentiated(each) for each in pair]
    times = [[], []]
    for count in range(options.rounds):
        for index in (0, 1) if count % 2 else (1, 0):
            times[index].append(min(seconds(steps[index]) for _ in range(_CALLS)))
    return times


if __name__ == "__main__":
    flags.run(main)
