"""The speed of a training step: `python -m experiments.bench.train_step --dataset=celeb_a`.

gan_tf, plain Keras and, if installed, PyTorch train the same networks, each in float32 and in
bfloat16, in separate processes that alternate. A step is one update of the discriminator and one of
the generator, on one batch of fakes.
"""

import dataclasses
import importlib.util
import json
import sys

from experiments.bench import machine
from experiments.bench.contender import Contest, matrix_peak, medians, ratio
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option, same

EXAMPLES = (
    "python -m experiments.bench.train_step --dataset=celeb_a",
    "python -m experiments.bench.train_step --dataset=mnist",
    "python -m experiments.bench.train_step --dataset=mnist --arch=mlp",
    "python -m experiments.bench.train_step --arch=stylegan2",
    "python -m experiments.bench.train_step --arch=unet",
    "python -m experiments.bench.train_step --arch=srresnet",
    "python -m experiments.bench.train_step --arch=resnet_translator",
)
MODULES = {"gan_tf": "ours", "keras": "stock", "pytorch": "pytorch"}
_TUNED = "gan_tf --tune"
_PACKAGES = {
    "dcgan": "",
    "mlp": "",
    "stylegan2": "",
    "unet": "pairs.",
    "srresnet": "pairs.",
    "resnet_translator": "domains.",
}
_WITHOUT = {"stylegan2": ("keras",)}  # contenders that have no such networks
_SHAPES = {"mnist": (28, 28, 1), "celeb_a": (64, 64, 3)}
_DEFAULTS = {  # (arch, dataset): width, batch size; the reference jobs
    ("dcgan", "celeb_a"): (64, 128),
    ("dcgan", "mnist"): (32, 256),
    ("mlp", "mnist"): (256, 64),
    ("mlp", "celeb_a"): (256, 64),
    ("stylegan2", "celeb_a"): (16, 32),
    ("stylegan2", "mnist"): (16, 32),
    ("unet", "celeb_a"): (64, 16),
    ("srresnet", "celeb_a"): (64, 16),
    ("resnet_translator", "celeb_a"): (32, 8),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure; every field is documented by its own text."""

    arch: str = option("dcgan", "Options", "the networks", choices=tuple(_PACKAGES))
    dataset: str = option(
        "celeb_a", "Options", "whose shape the images have", choices=tuple(_SHAPES)
    )
    image_size: int | None = option(
        None, "Options", "pixels, in place of the data set's", low=4, high=1024
    )
    batch_size: int | None = option(
        None,
        "Options",
        "default: 128 for celeb_a, 256 for mnist; mlp: 64; stylegan2: 32; pairs: 16; resnet_translator: 8",
        low=2,
        high=65536,
    )
    width: int | None = option(
        None,
        "Options",
        "default: 64 for celeb_a, 32 for mnist and resnet_translator; mlp: 256; stylegan2: 16",
        low=1,
        high=4096,
    )
    precision: str = option(
        "auto",
        "Options",
        "auto: both, of which the faster counts",
        choices=("auto", "float32", "mixed_bfloat16"),
    )
    loop: str = option(
        "auto",
        "Options",
        "bare steps on one batch, or fit over 10,000 images; auto: fit for mlp",
        choices=("auto", "step", "fit"),
    )
    contender: tuple = option(tuple(MODULES), "Options", "who takes part: gan_tf, keras, pytorch")
    tuned: bool = option(False, "Options", "gan_tf takes part with --tune, too; for dcgan")
    rounds: int = option(5, "Options", "turns of each", low=1, high=1000)
    json: str | None = option(None, "Options", "file for the results", path=True)
    even_if_busy: bool = same(machine.Options, "even_if_busy", "Options")


def main(argv):
    """Measures, prints the table, writes the file; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Times training steps.", EXAMPLES)
    check(options)
    results = measure(options)
    print(table(results))
    if options.json:
        write(options.json, (json.dumps(results, indent=1) + "\n").encode())
    return 0


def measure(options):
    """Returns the results of `Options`: a dict for JSON, see `table` for its content."""
    job = describe(options)
    names = taking_part(options.contender, options.arch)
    precisions = ("mixed_bfloat16", "float32")
    precisions = precisions if options.precision == "auto" else (options.precision,)
    package = f"experiments.bench.{_PACKAGES[options.arch]}"
    targets = {name: f"{package}{MODULES[name]}:Training" for name in names}
    if options.tuned:
        targets[_TUNED] = f"{package}ours:TunedTraining"
    names = list(targets)
    modes = {f"{name} {each}": (name, each) for name in names for each in precisions}
    with Contest(
        [
            (mode, targets[name], job | {"precision": precision})
            for mode, (name, precision) in modes.items()
        ]
    ) as contest:
        by_name = {each.name: each for each in contest.contenders}
        parameters = contest.ask("parameters")
        if len(set(parameters.values())) != 1:
            raise UserError(f"These are not the same networks: {parameters} parameters.")
        stock = next((each for each in by_name if modes[each][0] == "keras"), None)
        flops = stock and by_name[stock].call("flops")
        # Before, and afterwards in a process of each library, whose memory is measured until then.
        judges = [next(by_name[m] for m in by_name if modes[m][0] == name) for name in names]
        peaks = [matrix_peak()]
        # `fit` takes its time to begin.
        seconds = 5.0 if job.get("fit") else 1.5
        found = contest.rates(options.rounds, "train", job["batch_size"], seconds)
        memory, disturbed = contest.peak_memory(), contest.disturbed()
        peaks += [each.call("matrix_peak") for each in judges]
    remark = machine.remark(disturbed, options.even_if_busy)
    speeds = medians(found)
    best = {name: max((m for m in speeds if modes[m][0] == name), key=speeds.get) for name in names}
    results = {name: speeds[mode] for name, mode in best.items()}
    results |= {
        "job": job,
        "parameters": parameters[next(iter(parameters))],
        "best_modes": best,
        "images_per_second": speeds,
        "rounds": found,
        "peak_memory_bytes": memory,
        "disturbed_by_others": disturbed,
        "remark": remark,
        "matrix_peak_flops": max(peaks),
    }
    if "gan_tf" in best:
        others = {name: mode for name, mode in best.items() if name != "gan_tf"}
        results["times_as_fast_as"] = {
            name: ratio(found, best["gan_tf"], mode) for name, mode in others.items()
        }
    if flops:
        per_image = flops / job["batch_size"]
        results["flops_per_image"] = per_image
        results["flops"] = {mode: speed * per_image for mode, speed in speeds.items()}
    return results


def describe(options):
    """Returns the arguments of the `Job` or `PairJob`, except for the precision.

    Raises:
        UserError: for what a translator is not measured with.
    """
    shape = _SHAPES[options.dataset]
    if options.image_size:
        shape = (options.image_size, options.image_size, shape[-1])
    pairs = bool(_PACKAGES[options.arch])
    if pairs and (options.loop == "fit" or shape != _SHAPES["celeb_a"]):
        raise UserError(
            f"--arch={options.arch} is measured in bare steps on images of 64x64x3: leave --loop, "
            "--dataset and --image_size out."
        )
    if options.tuned and options.arch != "dcgan":
        raise UserError(f"--tuned is for --arch=dcgan, not {options.arch}: leave it out.")
    width, batch_size = _DEFAULTS[options.arch, options.dataset]
    job = {
        "arch": options.arch,
        "image_shape": shape,
        "width": options.width or width,
        "batch_size": options.batch_size or batch_size,
    }
    fit = options.loop == "fit" or (options.loop == "auto" and options.arch == "mlp")
    return job if pairs else job | {"fit": fit}


def taking_part(names, arch="dcgan"):
    """Returns the names of the requested contenders that are installed, and have the architecture.

    Raises:
        UserError: for an unknown contender.
    """
    for name in names:
        if name not in MODULES:
            raise UserError(f"There is no contender '{name}'; there are: {', '.join(MODULES)}.")
    if "pytorch" in names and not importlib.util.find_spec("torch"):
        print("PyTorch is not installed (pip install -e '.[bench]').", file=sys.stderr)
        names = [name for name in names if name != "pytorch"]
    return [name for name in names if name not in _WITHOUT.get(arch, ())]


def table(results):
    """Returns the results as a Markdown table."""
    job, peak = results["job"], results["matrix_peak_flops"]
    height, width, channels = job["image_shape"]
    loop = "fit" if job.get("fit") else "bare steps"
    lines = [
        f"{job['arch']}, {height}x{width}x{channels}, width {job['width']}, batch "
        f"{job['batch_size']}, {results['parameters']:,} parameters, {loop}. "
        + machine.caption(peak, results["remark"]),
        "",
        "| | images/s | slowest and fastest round | GFLOP/s | of the peak | peak memory, MB |",
        "|---|---|---|---|---|---|",
    ]
    for mode, speed in results["images_per_second"].items():
        flops = results.get("flops", {}).get(mode)
        cells = (
            f"**{mode}**" if mode in results["best_modes"].values() else mode,
            f"{speed:,.1f}",
            f"{min(results['rounds'][mode]):,.1f} to {max(results['rounds'][mode]):,.1f}",
            f"{flops / 1e9:,.1f}" if flops else "-",
            f"{flops / peak:.1%}" if flops else "-",
            f"{results['peak_memory_bytes'][mode] / 2**20:,.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    for name, value in results.get("times_as_fast_as", {}).items():
        lines += [
            "",
            f"gan_tf is {value:.2f} times as fast as {name} (median of the rounds' ratios).",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    flags.run(main)
