"""Plans: which images `gan_tf.generate` makes, and in what order.

A plan is built from the options of `gan_tf.generate`, and knows before anything is loaded

    count      the number of images
    columns    of a grid of them; None: about as many as rows
    format     the attribute of a modality that names the default format of such images
    name       the base name of the files
    facts      what files say about all images

Its `batches(ensemble, stream)` yields the images, as `Generated`; plain samples come from `stream`.
"""

import itertools
import re

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError, suggest
from gan_tf.messages import show
from gan_tf.registry import FEATURES, TRICKS
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.formats.format import Generated

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
        _only(options, self._seeds)
        self.count = len(self._seeds)
        self.name = f"seeds{options.seeds}"[:60]
        self.facts = {"seeds": options.seeds}

    def batches(self, ensemble, stream):
        del stream
        yield from ensemble.of_seeds(self._seeds)


class _Path:
    """Base of the plans along a path of latents; all images have the class of the first."""

    columns = None
    format = "path_format"

    def batches(self, ensemble, stream):
        del stream
        run, position = ensemble.first, np.arange(self.count) / self._frames
        normal = self.path(ensemble)
        seed, number = self._start
        label = run.choose_labels(seed, [number], ensemble.label)
        for at in range(0, self.count, CHUNK):
            part = slice(at, at + CHUNK)
            columns = {"position": position[part]}
            if label is not None:
                columns["label"] = np.repeat(label, len(normal[part]))
            yield Generated(run.samples(normal[part], columns.get("label")), columns)


class Interpolation(_Path):
    """From the first image of one seed to that of the next."""

    def __init__(self, options, run):
        del run
        if not options.seeds:
            raise UserError(
                f"--interpolate={options.interpolate} needs two or more seeds, such as --seeds=3,7."
            )
        self._seeds = latents.parse_seeds(options.seeds)
        _only(options, self._seeds)
        if len(self._seeds) < 2:
            raise UserError(f"--seeds={options.seeds} is a single seed: give two or more.")
        self._interpolate = {"slerp": latents.slerp, "lerp": latents.lerp}[options.interpolate]
        self._frames = options.frames
        self._start = (self._seeds[0], 0)
        self.count = (len(self._seeds) - 1) * self._frames + 1
        self.name = f"{options.interpolate}-seeds{options.seeds}"[:60]
        self.facts = {"interpolation": options.interpolate, "seeds": options.seeds}

    def path(self, ensemble):
        knots = latents.draw(
            self._seeds, [0] * len(self._seeds), ensemble.first.latent_dim, ensemble.truncation
        )
        fractions = np.arange(self._frames) / self._frames
        legs = [
            self._interpolate(start, end, fractions) for start, end in itertools.pairwise(knots)
        ]
        return np.concatenate([*legs, knots[-1:]])


class Walk(_Path):
    """A smooth closed path through the first latents of a seed."""

    format = "loop_format"

    def __init__(self, options, run):
        del run
        self._knots, self._frames = options.walk, options.frames
        self._start = (options.seed, 0)
        self.count = self._knots * self._frames
        _only(options, range(self.count))
        self.name = f"walk{options.walk}-seed{options.seed}"
        self.facts = {"walk": options.walk, "seed": options.seed}

    def path(self, ensemble):
        indices = range(self._knots)
        dim = ensemble.first.latent_dim
        knots = latents.draw(self._start[0], indices, dim, ensemble.truncation)
        return latents.closed_path(knots, self.count)


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
        self._seeds, self._indices = _rows(options, options.sweep)
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
        self._seeds, self._indices = _rows(options, 8)
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


_PLANS = {"interpolate": Interpolation, "walk": Walk, "sweep": Sweep, "arithmetic": Arithmetic}


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


def _rows(options, default):
    """Seeds and indices of the images of the rows: of --seeds, or the first of --seed."""
    if options.seeds:
        seeds = latents.parse_seeds(options.seeds)
        _only(options, seeds)
        return np.array(seeds), np.zeros(len(seeds), np.int64)
    count = options.num_images or default
    return np.full(count, options.seed), np.arange(count)


def _only(options, counted):
    """Refuses --num_images where other options determine the number of images."""
    if options.num_images is not None:
        raise UserError(
            f"--num_images={options.num_images}: other options already set the number of images to "
            f"{len(counted):,}: leave it out."
        )
