"""The optimization of latents: many images at a time, from several starts each."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.inversion.objectives import Target
from gan_tf.messages import progress_bar

ENCODER = -1  # the index of the start that an encoder gave
_CHUNK = 25  # steps between updates of the progress bar


@dataclasses.dataclass(frozen=True)
class Found:
    """The best latents, or other points, of n images.

    Attributes:
        latents: float32 (n, *shape), points of the space.
        labels: int64 (n,): their classes, 0 without classes.
        starts: int64 (n,): the index of the start that led there, from 0, or `ENCODER`.
        losses: float32 (n,): the value of the objective.
    """

    latents: np.ndarray
    labels: np.ndarray
    starts: np.ndarray
    losses: np.ndarray


class LatentSearch:
    """Finds the latents whose images minimize an objective, with Adam.

    Each image is searched for from several random starts, with each of its possible classes; the
    result with the smallest objective is kept. Rows are optimized independently of each other, so
    many images with all of their starts make one batch of fixed size, for which the loop is
    compiled once. The learning rate falls to a twentieth along half a cosine.

    Args:
        total: a `Total` of objectives.
        space: the space that is searched, see `gan_tf.inversion.spaces`.
        steps: updates of each latent, from 1.
        learning_rate: of Adam, at the start.
        starts: random starts of each image, with each class; 0 if an encoder gives one.
        seed: start s of image k depends on the seed, k and s alone.
        rows: latents optimized at once, at least those of one image.

    Source: the optimization is that of Schlegl et al., 2017 (https://arxiv.org/abs/1703.05921)
    and Yeh et al., 2017 (https://arxiv.org/abs/1607.07539), with restarts.
    """

    def __init__(self, total, space, steps=300, learning_rate=0.1, starts=4, seed=0, rows=256):
        self.total = total
        self.space = space
        self.steps = steps
        self.learning_rate = learning_rate
        self.starts = starts
        self.seed = seed
        self.rows = rows

    def __call__(self, seen, weights=None, classes=None, first=None, bar=True):
        """Searches for the latents of n images.

        Args:
            seen: float32 (n, h, w, C), what is known of the images, see `Target`.
            weights: float32 (n, h, w, 1), see `Target`; None: all pixels weigh the same.
            classes: int (n, k): the classes to try for each image; None: no classes.
            first: float32 (n, latent_dim): one more start for each image; None: no more.
            bar: whether to show a progress bar on stderr.

        Returns:
            `Found`.
        """
        count = len(seen)
        classes = np.zeros((count, 1), np.int64) if classes is None else np.asarray(classes)
        starts = [*([ENCODER] if first is not None else []), *range(self.starts)]
        each = classes.shape[1] * len(starts)
        at_once = min(max(1, self.rows // each), count)
        run = _Loop(self, at_once * each)
        known = [seen, np.ones_like(seen[..., :1]) if weights is None else weights]
        found = []
        total = -(-count // at_once) * self.steps
        with progress_bar(total=total, desc="searching", unit="step", disable=not bar) as bar:
            for at in range(0, count, at_once):
                # The last batch is padded with images that were searched for already.
                images = np.arange(at, at + at_once) % count
                normal = np.stack([self._starts(image, starts, first) for image in images])
                normal = np.repeat(normal[:, None], classes.shape[1], axis=1)
                labels = np.repeat(classes[images], len(starts), axis=1)
                points = self.space.begin(
                    normal.reshape(-1, self.space.latent_dim),
                    labels.reshape(-1),
                    np.tile(starts, at_once * classes.shape[1]),
                )
                ends, losses = run(
                    points,
                    labels.reshape(-1),
                    [np.repeat(part[images], each, axis=0) for part in known],
                    bar,
                )
                losses = losses.reshape(at_once, each)
                # NaN is never the best.
                best = np.argmin(np.where(np.isfinite(losses), losses, np.inf), axis=1)
                picked = np.arange(at_once), best
                ends = ends.reshape(at_once, each, *self.space.shape)
                found.append(
                    Found(
                        ends[picked],
                        labels[picked].astype(np.int64),
                        np.asarray(starts)[best % len(starts)],
                        losses[picked],
                    )
                )
        fields = [field.name for field in dataclasses.fields(Found)]
        joined = [np.concatenate([getattr(part, name) for part in found]) for name in fields]
        return Found(*(array[:count] for array in joined))

    def _starts(self, image, starts, first):
        """The starting latents of one image, (starts, latent_dim)."""
        indices = [image * self.starts + each for each in starts if each != ENCODER]
        drawn = latents.draw(self.seed, indices, self.space.latent_dim)
        return drawn if first is None else np.concatenate([first[image][None], drawn])


class _Loop:
    """The compiled loop for a number of rows."""

    def __init__(self, search, rows):
        self._steps = search.steps
        self._latents = tf.Variable(tf.zeros((rows, *search.space.shape)), name="latents")
        rate = keras.optimizers.schedules.CosineDecay(
            search.learning_rate, search.steps, alpha=0.05
        )
        optimizer = keras.optimizers.Adam(rate, beta_1=0.9, beta_2=0.99)
        optimizer.build([self._latents])
        self._state = [(each, each.numpy()) for each in optimizer.variables]
        total = search.total

        @tf.function
        def advance(labels, fields, steps):
            target = Target(**fields)
            for _ in tf.range(steps):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(total(self._latents, labels, target))
                optimizer.apply([tape.gradient(loss, self._latents)], [self._latents])

        @tf.function
        def losses(labels, fields):
            return total(self._latents, labels, Target(**fields))

        self._advance, self._losses, self._target = advance, losses, total.target

    def __call__(self, points, labels, known, bar):
        """Optimizes; returns the final points and their objective."""
        for variable, start in self._state:
            variable.assign(start)
        self._latents.assign(points)
        labels = tf.constant(labels, tf.int32)
        target = self._target(*map(tf.constant, known), labels)
        fields = {name: value for name, value in vars(target).items() if value is not None}
        for at in range(0, self._steps, _CHUNK):
            steps = min(_CHUNK, self._steps - at)
            self._advance(labels, fields, tf.constant(steps))
            bar.update(steps)
        return self._latents.numpy(), self._losses(labels, fields).numpy()
