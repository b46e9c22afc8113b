"""Generates images of style-based generators for many threads: of styles, moved and interpolated in W."""

import functools

import numpy as np

from gan_tf import latents
from gan_tf.explorer import directions
from gan_tf.explorer.painter import BATCH, Painter
from gan_tf.runs.style_space import StyleSpace


class StylePainter(Painter):
    """A `Painter` of a style-based generator, whose directions and interpolations are of styles.

    A move can be for some layers only; a request says whether it interpolates through latents.

    Attributes:
        space: the `StyleSpace`.
    """

    def __init__(self, trained, **options):
        super().__init__(trained, **options)
        self.space = StyleSpace(trained)

    @functools.cached_property
    def _directions(self):
        return directions.of_styles(self.trained, self.space)

    def _samples(self, batch, labels):
        rows = self._rows([self._latent(each) for each in batch], labels)
        through = [each.to is not None and each.space != "z" for each in batch]
        if any(through):
            ends = [each.seed if each.to is None else each.to for each in batch]
            drawn = [self._draw(end, each.truncation) for end, each in zip(ends, batch)]
            shares = [each.share if is_so else 0.0 for each, is_so in zip(batch, through)]
            shares = np.float32(shares)[:, None, None]
            rows = (1 - shares) * rows + shares * self._rows(drawn, labels)
        for styles, request in zip(rows, batch):
            if request.psi is not None:
                styles[:] = self.space.mean + request.psi * (styles - self.space.mean)
            for index, distance, *layers in request.moves:
                first, last = layers[0] if layers else (0, self.space.rows - 1)
                styles[first : last + 1] += np.float32(distance) * self._directions[index]
        return self.space.samples(rows, labels, batch_size=BATCH)

    def _latent(self, request):
        """The latent that the image begins with, or is of."""
        start = self._draw(request.seed, request.truncation)
        if request.to is None or request.space != "z":
            return start
        return latents.slerp(start, self._draw(request.to, request.truncation), [request.share])[0]

    def _rows(self, drawn, labels):
        return self.space.styles(np.stack(drawn), labels, batch_size=BATCH)
