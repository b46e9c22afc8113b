"""The formulations of a DCGAN's convolutions: `python -m experiments.bench.convolutions`.

Each product of each convolution is timed in every formulation, as `--tune` does it.
"""

import dataclasses

from experiments.bench import machine, train_step
from gan_tf.options import flags
from gan_tf.options.option import check, option, same


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    dataset: str = same(train_step.Options, "dataset", "Options")
    batch_size: int | None = same(train_step.Options, "batch_size", "Options")
    width: int | None = same(train_step.Options, "width", "Options")
    precision: str = option(
        "mixed_bfloat16",
        "Options",
        "of the computation",
        choices=("float32", "mixed_bfloat16"),
    )
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times formulations of convolutions.")
    check(options)
    names = ("dataset", "batch_size", "width")
    described = {name: getattr(options, name) for name in names}
    job = train_step.describe(train_step.Options(**described))
    with flags.quiet_import():
        from experiments.bench.matrix_products import MatrixProducts
        from gan_tf.networks import formulation_timing
        from gan_tf.networks.formulation_choice import Choice, rule_of_thumb
        from gan_tf.registry import ARCHITECTURES
        from gan_tf.runtime import precision
    with precision.policy(options.precision):
        architecture = ARCHITECTURES.build(f"dcgan(width={job['width']})")
        network = architecture.discriminator(job["image_shape"])
    watch = machine.Watch()
    measured = {
        each: watch.call(lambda each=each: formulation_timing.measure(each, job["batch_size"]))
        for each in formulation_timing.convolutions([network])
    }
    remark = machine.remark({"convolutions": watch.share}, options.even_if_busy)
    print(machine.caption(MatrixProducts().matrix_peak(), remark))
    print("\n| convolution | product | ms | rule of thumb | fastest |\n|---|---|---|---|---|")
    for each, of_products in measured.items():
        usual = vars(rule_of_thumb(each) or Choice())
        for product, times in of_products.items():
            ranked = sorted(times, key=times.get)
            cells = (
                f"{each.height}x{each.width}x{each.channels} to {each.outputs}",
                product.replace("_", " "),
                ", ".join(f"{name} {1000 * times[name]:.2f}" for name in ranked),
                usual[product],
                ranked[0],
            )
            print(f"| {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    flags.run(main)
