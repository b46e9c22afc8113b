"""Defaults for a small folder of the user's own images, with which a GAN still learns something."""

import dataclasses

from gan_tf.options.option import check_paths
from gan_tf.registry import DATASETS
from gan_tf.runs.run_dir import RunDir

FEW = 10_000  # images
STEPS = 4000  # 11 minutes on 2 CPU cores, for images of 64x64
LENGTH = {"epochs", "steps"}
DEFAULTS = {
    "batch_size": 32,
    "width": 32,
    "flip": True,
    "trick": ("ema(0.999)", "diff_augment('color,translation')"),
}


def resolve(config, given):
    """Resolves a `Config`; of few images of the user's own, with the defaults above.

    At the usual defaults a few hundred images are a run of a few dozen steps. What the user sets
    stays; with a length (--epochs or --steps) everything does. A run that has been started keeps
    its own values, whatever has become of its folder.

    Args:
        config: a `Config` that has not been resolved.
        given: the names of the options that the user has set.

    Returns:
        The resolved `Config`, and sentences that say what was chosen.

    Raises:
        UserError: as `Config.resolve`, or when the images are not where the options say.
    """
    resolved = config.resolve()
    if not DATASETS.entry(config.dataset).attributes.get("users_own"):
        return resolved, []
    free = [name for name in DEFAULTS if name not in _settled(given)]
    run = RunDir(resolved.run_dir)
    if run.flags.exists():
        before = run.config()
        free += () if given & LENGTH else sorted(LENGTH)
        kept = {name: getattr(before, name) for name in free}
        return dataclasses.replace(config, **kept).resolve(), []
    if given & LENGTH:
        return resolved, []
    check_paths(resolved)
    from gan_tf.data import build as datasets  # imports NumPy, for which help does not wait

    source = datasets.build(resolved)
    count = source.num_examples
    if count >= FEW:
        return resolved, []
    chosen = {name: DEFAULTS[name] for name in free}
    if "batch_size" in free:
        chosen["batch_size"] = _batch_size(count // config.discriminator_steps)
    chosen["steps"] = max(
        STEPS, config.epochs * count // chosen.get("batch_size", config.batch_size)
    )
    adapted = dataclasses.replace(config, **chosen).resolve()
    return adapted, [_sentence(source, count, chosen)]


def _settled(given):
    """The options that are not free if some are given: widths and tricks are made for the networks."""
    of_networks = {"arch": {"width"}, "gan": {"width", "trick"}}
    return given.union(*(of_networks[name] for name in of_networks if name in given))


def _batch_size(count):
    """The default batch size; smaller ones for so few images that an epoch would be one step."""
    size = DEFAULTS["batch_size"]
    while size > 4 and count < 2 * size:
        size //= 2
    return size


def _sentence(source, count, chosen):
    values = {**chosen, "flip": None} if "flip" in chosen else chosen
    words = []
    for name, value in values.items():
        for each in value if isinstance(value, tuple) else (value,):
            quoted = f'"{each}"' if isinstance(each, str) else each
            words.append(f"--{name}" if each is None else f"--{name}={quoted}")
    return (
        f"{source.origin} holds at most {count:,} images, which are few for a GAN, so this run uses "
        f"{' '.join(words)} (why: docs/own_data.md). Flags that you give take precedence, such as "
        "--noflip; with --epochs or --steps, the usual defaults stay."
    )
