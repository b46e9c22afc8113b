"""Plans: which images `gan_tf.generate` makes, and in what order.

A plan is built from the options of `gan_tf.generate`, and knows before anything is loaded

    count      the number of images
    columns    of a grid of them; None: about as many as rows
    format     the attribute of a modality that names the default format of such images
    name       the base name of the files
    facts      what files say about all images

Its `batches(ensemble, stream)` yields the images, as `Generated`; plain samples come from `stream`.
"""

import re

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError, suggest
from gan_tf.messages import show
from gan_tf.registry import FEATURES, TRICKS
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.chosen import only, rows
from gan_tf.sampling.formats.format import Generated
from gan_tf.sampling.motion_grid import MotionGrid
from gan_tf.sampling.path_plans import Interpolation, Walk
from gan_tf.sampling.style_grid import StyleGrid

_STRENGTHS = (0.0, 0.25, 0.5, 1.0)
_CLASSIFIED = 5_000  # images from which arithmetic computes the mean latents of labels
_FEWEST = 20  # of a label
_TESTED = 500  # images on which arithmetic is tested
_TESTED_FROM = 1 << 41  # index of the first of them


def choose(options, runs):
    """Returns the plan that the options describe.

    Args:
        options: the options of `gan_tf.generate`.
        runs: `RunDir`s.

    Raises:
        UserError: when they describe several plans, or one that does not suit the runs.
    """
    asked = [name for name in _PLANS if getattr(options, name) is not None]
    if len(asked) > 1:
        raise UserError(f"--{asked[0]} and --{asked[1]} exclude each other: give only one of them.")
    plan = _PLANS[asked[0]] if asked else Samples
    if asked and len(runs) > 1:
        raise UserError(f"--{asked[0]} takes a single run: give one --run_dir.")
    if options.reject and (asked or options.seeds):
        raise UserError(
            f"--reject works with plain samples, not with --{(*asked, 'seeds')[0]}: leave one out."
        )
    for name, plans in _BELONGS.items():
        if getattr(options, name) is not None and not {*asked} & {*plans}:
            raise UserError(
                f"--{name}={getattr(options, name)} goes with --{' or --'.join(plans)}: leave it out."
            )
    if options.seeds and asked and asked[0] == "walk":
        raise UserError("--walk uses the latents of one --seed: leave --seeds out.")
    if not asked and options.seeds:
        plan = Seeds
    return plan(options, runs[0])


class Samples:
    """Images 0, 1, 2, ... of a seed."""

    columns = None
    format = "default_format"

    def __init__(self, options, run):
        del run
        self.count = options.num_images or 64
        self.name = f"seed{options.seed}"
        self.facts = {"seed": options.seed}

    def batches(self, ensemble, stream):
        left = self.count
        for made in stream:
            yield made[:left]
            left -= len(made)
            if left <= 0:
                return


class Seeds:
    """The first image of each of several seeds."""

    columns = None
    format = "default_format"

    def __init__(self, options, run):
        del run
        self._seeds = latents.parse_seeds(options.seeds)
        only(options, self._seeds)
        self.count = len(self._seeds)
        self.name = f"seeds{options.seeds}"[:60]
        self.facts = {"seeds": options.seeds}

    def batches(self, ensemble, stream):
        del stream
        yield from ensemble.of_seeds(self._seeds)


class Sweep:
    """A grid with a row per latent and a column per class.

    The classes are the labels of a conditional run, or the values of the categorical code of a
    run with the trick `infogan`.
    """

    format = "default_format"

    def __init__(self, options, run):
        config = run.config()
        tricks = dict(map(TRICKS.canonical, config.trick))
        self._codes = 0 if config.conditional else tricks.get("infogan", {}).get("categorical", 0)
        if not config.conditional and not self._codes:
            raise UserError(
                f"--sweep: the run in '{run.path}' is not conditional, so there are no classes: "
                "leave it out, or train with --conditional, or --trick=infogan."
            )
        if options.label is not None:
            raise UserError("--sweep makes all classes: leave --label out.")
        self.columns = self._codes or len(run.read_data()["label_names"])
        self._seeds, self._indices = rows(options, options.sweep)
        self.count = len(self._seeds) * self.columns
        self.name = f"sweep-seed{options.seeds or options.seed}"[:60]
        self.facts = {"seeds": options.seeds or options.seed}

    def batches(self, ensemble, stream):
        del stream
        run = ensemble.first
        seeds, indices = (np.repeat(each, self.columns) for each in (self._seeds, self._indices))
        classes = np.tile(np.arange(self.columns), len(self._seeds))
        for at in range(0, self.count, CHUNK):
            part = slice(at, at + CHUNK)
            drawn = latents.draw(seeds[part], indices[part], run.latent_dim, ensemble.truncation)
            columns = {"seed": seeds[part], "number": indices[part]}
            if self._codes:
                drawn = latents.with_code(drawn, classes[part], self._codes)
                yield Generated(run.samples(drawn), columns | {"code": classes[part]})
            else:
                yield Generated(
                    run.samples(drawn, classes[part]), columns | {"label": classes[part]}
                )


class Arithmetic:
    """A row per image, moved further in each column along a signed sum of mean latents.

    The data set's classifier labels 5,000 generated images; a label is represented by the mean of
    its images' latents. The signed sum of the means is scaled to the length sqrt(latent_dim), the
    typical length of a latent, and added to the latent of each image 0, 0.25, 0.5 and 1 times; the
    result is scaled to the length of the image's latent.

    Source: Radford et al., 2016 (https://arxiv.org/abs/1511.06434), section 6.3.2, where each mean
    is over three images chosen by hand.
    """

    columns = len(_STRENGTHS)
    format = "default_format"

    def __init__(self, options, run):
        spec = run.config().feature_spec()
        names = FEATURES.entry(spec).attributes.get("label_names")
        if not names:
            raise UserError(
                f"--arithmetic needs features that recognize labels in images, unlike '{spec}', those of "
                f"the run in '{run.path}': it works with "
                f"{' and '.join(each.name for each in _naming())}."
            )
        self._spec = spec
        self._terms = _terms(options.arithmetic, names)
        self._names = names
        self._seeds, self._indices = rows(options, 8)
        self.count = len(self._seeds) * self.columns
        words = options.arithmetic.replace("-", " minus ").replace("+", " plus ").split()
        self.name = "_".join(["arithmetic", *words])[:80]
        self.name += f"-seed{options.seeds or options.seed}"[:40]
        self.facts = {"arithmetic": options.arithmetic, "seeds": options.seeds or options.seed}

    def batches(self, ensemble, stream):
        del stream
        self._extractor = FEATURES.build(self._spec, {"image_shape": ensemble.first.sample_shape})
        direction = self._direction(ensemble)
        self._test(ensemble, direction)
        for at in range(0, len(self._seeds), CHUNK // self.columns):
            part = slice(at, at + CHUNK // self.columns)
            seeds, indices = self._seeds[part], self._indices[part]
            labels = ensemble.first.choose_labels(seeds, indices, ensemble.label)
            normal = latents.draw(seeds, indices, ensemble.first.latent_dim, ensemble.truncation)
            moved = np.stack([_moved(normal, direction, each) for each in _STRENGTHS], axis=1)
            columns = {
                name: np.repeat(each, self.columns)
                for name, each in (("seed", seeds), ("number", indices), ("label", labels))
                if each is not None
            }
            columns["strength"] = np.tile(_STRENGTHS, len(seeds))
            flat = moved.reshape(-1, normal.shape[1])
            yield Generated(ensemble.first.samples(flat, columns.get("label")), columns)

    def _direction(self, ensemble):
        """The signed sum of the mean latents, scaled to length sqrt(latent_dim)."""
        run, indices = ensemble.first, range(_CLASSIFIED)
        normal = latents.draw(0, indices, run.latent_dim)
        labels = run.choose_labels(0, indices, ensemble.label)
        has = self._extractor.labels(run.samples(normal, labels))
        total = np.zeros(run.latent_dim)
        for sign, name in self._terms:
            chosen = has[:, self._names.index(name)]
            if chosen.sum() < _FEWEST:
                raise UserError(
                    f"--arithmetic: only {chosen.sum()} of {_CLASSIFIED:,} generated images are recognized "
                    f"as '{name}', too few for a mean: leave it out, or train for longer."
                )
            total += sign * normal[chosen].mean(0)
        length = np.linalg.norm(total)
        if not length:
            raise UserError("--arithmetic: the sum is zero: leave out the terms that cancel.")
        return total / length * np.sqrt(run.latent_dim)

    def _test(self, ensemble, direction):
        """Prints how often each label is recognized, before and after."""
        run, indices = ensemble.first, range(_TESTED_FROM, _TESTED_FROM + _TESTED)
        normal = latents.draw(0, indices, run.latent_dim)
        labels = run.choose_labels(0, indices, ensemble.label)
        frequencies = [
            self._extractor.labels(run.samples(_moved(normal, direction, each), labels)).mean(0)
            for each in _STRENGTHS
        ]
        show(f"Recognized in {_TESTED} images, moved by {', '.join(map(str, _STRENGTHS))}:")
        for sign, name in self._terms:
            row = ", ".join(f"{each[self._names.index(name)]:.0%}" for each in frequencies)
            show(f"  {'+' if sign > 0 else '-'} {name}: {row}")


_PLANS = {
    "interpolate": Interpolation,
    "walk": Walk,
    "sweep": Sweep,
    "arithmetic": Arithmetic,
    "mix": StyleGrid,
    "motions": MotionGrid,
}
_BELONGS = {"space": ("interpolate", "walk"), "mix_seeds": ("mix",)}


def _moved(normal, direction, strength):
    """Latents moved along a direction, scaled to their original lengths."""
    if not strength:
        return normal
    moved = normal + strength * direction
    lengths = [np.linalg.norm(each, axis=1, keepdims=True) for each in (normal, moved)]
    return np.asarray(moved * lengths[0] / np.maximum(lengths[1], 1e-12), np.float32)


def _terms(text, names):
    """Reads "Smiling - Male": [(sign, name)]."""
    signs = re.findall(r"[+-]", f"+{text}" if text.strip()[:1] not in ("+", "-") else text)
    words = [each.strip() for each in re.split(r"[+-]", text)]
    words = words[1:] if not words[0] else words
    if not text.strip() or not all(words) or len(words) != len(signs):
        raise UserError(
            f"--arithmetic={text}: write labels with + and - between them, such as 'Smiling - Male'."
        )
    for word in words:
        if word not in names:
            known = suggest(word, names)
            raise UserError(
                f"--arithmetic={text}: there is no label '{word}'{known}; the labels are: "
                f"{', '.join(names)}."
            )
    return [(1 if sign == "+" else -1, word) for sign, word in zip(signs, words)]


def _naming():
    return [each for each in FEATURES.entries.values() if each.attributes.get("label_names")]
