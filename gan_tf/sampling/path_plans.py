"""Plans of samples along a path through latents, or through styles."""

import itertools

import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.options.style_based import has_styles
from gan_tf.runs import style_space
from gan_tf.runs.style_space import StyleSpace
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.chosen import only
from gan_tf.sampling.formats.format import Generated

_FRAMES = 16  # from one latent to the next


class Path:
    """The base of the plans along a path of latents or styles; all have the class of the first.

    Subclasses define `count`, `name`, `facts`, `knots` and `along`.

    Args:
        options: the options of `gan_tf.generate`.
        run: the `RunDir`.
        curved: whether the path is for latents alone.

    Raises:
        UserError: when the run has no such path.
    """

    columns = None
    format = "path_format"

    def __init__(self, options, run, curved=False):
        if options.space == "w":
            style_space.check(run, "--space=w")
            if curved:
                raise UserError("--space=w: paths of styles are straight: give --interpolate=lerp.")
        styled = has_styles(run.config()) and not curved
        self.in_w = styled and options.space != "z"

    def batches(self, ensemble, stream):
        del stream
        run, position = ensemble.first, np.arange(self.count) / self._frames
        seed, number = self._start
        label = run.choose_labels(seed, [number], ensemble.label)

        def labels(count):
            return None if label is None else np.repeat(label, count)

        if self.in_w:
            space = StyleSpace(run)
            points, make = self._of_styles(ensemble, space, labels), space.samples
        else:
            points, make = self.path(ensemble), run.samples
        for at in range(0, self.count, CHUNK):
            part = slice(at, at + CHUNK)
            columns = {"position": position[part]}
            given = labels(len(points[part]))
            if given is not None:
                columns["label"] = given
            yield Generated(make(points[part], given), columns)

    def path(self, ensemble):
        """Returns the latents on the way, float32 (count, latent_dim)."""
        return self.along(self.knots(ensemble), np.float32(0))

    def _of_styles(self, ensemble, space, labels):
        """The rows of w on the way, float32 (count, rows, m)."""
        knots = self.knots(ensemble)
        rows = space.styles(knots, labels(len(knots)))
        center = np.tile(space.mean, space.rows)
        return self.along(rows.reshape(len(rows), -1), center).reshape(-1, *rows.shape[1:])


class Interpolation(Path):
    """From the first image of one seed to that of the next."""

    def __init__(self, options, run):
        super().__init__(options, run, curved=options.interpolate == "slerp")
        if not options.seeds:
            raise UserError(
                f"--interpolate={options.interpolate} needs two or more seeds, such as --seeds=3,7."
            )
        self._seeds = latents.parse_seeds(options.seeds)
        only(options, self._seeds)
        if len(self._seeds) < 2:
            raise UserError(f"--seeds={options.seeds} is a single seed: give two or more.")
        self._interpolate = {"slerp": latents.slerp, "lerp": latents.lerp}[options.interpolate]
        self._frames = options.frames or _FRAMES
        self._start = (self._seeds[0], 0)
        self.count = (len(self._seeds) - 1) * self._frames + 1
        self.name = f"{options.interpolate}{'-w' * self.in_w}-seeds{options.seeds}"[:60]
        self.facts = {"interpolation": options.interpolate, "seeds": options.seeds}
        self.facts |= {"space": "w"} if self.in_w else {}

    def knots(self, ensemble):
        """Returns the latents of the seeds, float32 (n, latent_dim)."""
        return latents.draw(
            self._seeds, [0] * len(self._seeds), ensemble.first.latent_dim, ensemble.truncation
        )

    def along(self, knots, center):
        """Returns the points from each of the knots (n, m) to the next, float32 (count, m)."""
        del center
        fractions = np.arange(self._frames) / self._frames
        legs = [
            self._interpolate(start, end, fractions) for start, end in itertools.pairwise(knots)
        ]
        return np.concatenate([*legs, knots[-1:]])


class Walk(Path):
    """A smooth closed path through the first latents of a seed."""

    format = "loop_format"

    def __init__(self, options, run):
        super().__init__(options, run)
        self._knots, self._frames = options.walk, options.frames or _FRAMES
        self._start = (options.seed, 0)
        self.count = self._knots * self._frames
        only(options, range(self.count))
        self.name = f"walk{options.walk}{'-w' * self.in_w}-seed{options.seed}"
        self.facts = {"walk": options.walk, "seed": options.seed}
        self.facts |= {"space": "w"} if self.in_w else {}

    def knots(self, ensemble):
        """Returns the first latents of the seed, float32 (n, latent_dim)."""
        indices = range(self._knots)
        dim = ensemble.first.latent_dim
        return latents.draw(self._start[0], indices, dim, ensemble.truncation)

    def along(self, knots, center):
        """Returns the points of a closed path through knots (n, m), which vary about a center (m,)."""
        return center + latents.closed_path(knots - center, self.count)
