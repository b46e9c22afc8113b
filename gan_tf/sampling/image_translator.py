"""Translates images of any size with the generator of a translation."""

import itertools

import numpy as np
import tensorflow as tf

from gan_tf.networks.pooled_statistics import PooledStatistics
from gan_tf.runtime.chunk import CHUNK

_OVERLAP = 4  # a tile overlaps the next by one part in this many
_MEASURED = 16  # tiles, evenly spaced, of which statistics are collected
_ROUNDS = 2


class ImageTranslator:
    """Translates one image at a time, so that an output depends on its own image alone.

    An image is extended by reflection to a size that the network takes, and its output is cut back.

    Args:
        network: a `keras.Model` from sources (1, h, w, C) of any height and width, in [-1, 1], to
            outputs (1, scale h, scale w, D); or from those and a mixture of classes, float32 (1, n).
        modality: of both.
        multiple: what divides the heights and widths that the network takes.
        scale: how many times larger an output is.
        tile: translate overlapping tiles of this side, in pixels of the source, and blend them, so
            that memory does not grow with the image; None: the whole image at once. All tiles are
            normalized by the same statistics, those of some of them, so that none differs in color.
        stochastic: whether dropout is active, as in training.
    """

    def __init__(self, network, modality, multiple=1, scale=1, tile=None, stochastic=False):
        self._modality, self._multiple, self._scale = modality, multiple, scale
        self._tile = tile and -(-tile // multiple) * multiple
        self._channels = network.outputs[0].shape[-1]
        source, *mixtures = network.inputs
        signature = [tf.TensorSpec((1, None, None, source.shape[-1]), tf.float32)]
        signature += [tf.TensorSpec((1, each.shape[-1]), tf.float32) for each in mixtures]

        def run(*inputs):
            return network(list(inputs) if mixtures else inputs[0], training=stochastic)

        self._statistics = PooledStatistics(network) if tile else None
        self._run, self._collect, self._pooled = (
            tf.function(run, input_signature=signature) for _ in range(3)
        )

    def __call__(self, image, mixture=None):
        """Translates an image.

        Args:
            image: uint8 (h, w, C), of any size.
            mixture: of a conditional network: the share of each class, (n,), their sum being 1.

        Returns:
            uint8 (scale h, scale w, D).
        """
        height, width = image.shape[:2]
        if not self._tile or max(height, width) <= self._tile:
            return self._modality.to_stored(self._translated(image, mixture, self._run))
        if not self._statistics:
            return self._tiled(image, mixture, self._run)
        self._measure(image, mixture)
        with self._statistics.applied():
            return self._tiled(image, mixture, self._pooled)

    def _measure(self, image, mixture):
        """Collects the statistics of an image."""
        places = list(itertools.product(*map(self._starts, image.shape[:2])))
        places = places[:: -(-len(places) // _MEASURED)]
        self._statistics.reset()
        for _ in range(_ROUNDS):
            with self._statistics.collecting():
                for top, left in places:
                    tile = image[top : top + self._tile, left : left + self._tile]
                    self._translated(tile, mixture, self._collect)

    def _translated(self, image, mixture, run):
        """The float32 output for an image."""
        height, width = image.shape[:2]
        missing = [-size % self._multiple for size in (height, width)]
        before = [each // 2 for each in missing]
        border = [(first, each - first) for first, each in zip(before, missing)]
        source = np.pad(image, [*border, (0, 0)], mode="reflect")
        mixtures = [] if mixture is None else [np.float32([mixture])]
        made = run(self._modality.to_network(source)[None], *mixtures)[0].numpy()
        top, left = (self._scale * each for each in before)
        return made[top : top + self._scale * height, left : left + self._scale * width]

    def _tiled(self, image, mixture, run):
        """Blends tiles, a row of them at a time; what no later row changes is rounded and kept."""
        height, width = image.shape[:2]
        scale, rows, columns = self._scale, self._starts(height), self._starts(width)
        made = np.empty((scale * height, scale * width, self._channels), np.uint8)
        deep, wide = (scale * min(self._tile, size) for size in (height, width))
        window = np.minimum.outer(_ramp(deep), _ramp(wide))[..., None]
        strip = np.zeros((deep, scale * width, self._channels + 1), np.float32)
        for index, top in enumerate(rows):
            for left in columns:
                tile = image[top : top + self._tile, left : left + self._tile]
                weighted = np.concatenate(
                    [self._translated(tile, mixture, run) * window, window], axis=-1
                )
                strip[:, scale * left : scale * left + wide] += weighted
            done = scale * ((rows[index + 1] if index + 1 < len(rows) else height) - top)
            finished = strip[:done, :, :-1] / strip[:done, :, -1:]
            made[scale * top : scale * top + done] = self._modality.to_stored(finished)
            strip = np.concatenate([strip[done:], np.zeros_like(strip[:done])])
        return made

    def _starts(self, size):
        """Where tiles begin along an axis: overlapping, the last one at the end."""
        if size <= self._tile:
            return [0]
        stride = max(1, self._tile - self._tile // _OVERLAP)
        count = -(-(size - self._tile) // stride) + 1
        return np.linspace(0, size - self._tile, count).round().astype(int).tolist()


def translated(generator, modality, examples, count, inverse=None):
    """Yields outputs for the sources of pairs, or of domain A, all of one size, in their order.

    Args:
        generator: a `FixedBatchModel`: (batch, h, w, C) -> (batch, H, W, D) in [-1, 1]; of a
            conditional one the other input is the labels of the pairs.
        modality: of the images.
        examples: `Examples`.
        count: how many, from the first on.
        inverse: the `FixedBatchModel` that translates back; None: there is none.

    Yields:
        stored outputs (up to 100, H, W, D), and their labels, or None if it is not conditional; in unpaired
        data, the classes of their sources. With `inverse` also the rows of
        `gan_tf.metrics.metric.Sample.cycles`.
    """
    classes = examples.source_domain and examples.source_domain.classes
    for start in range(0, count, CHUNK):
        rows = slice(start, min(start + CHUNK, count))
        sources = modality.to_network(examples.sources[rows])
        given = [examples.labels[rows]] if len(getattr(generator, "shapes", [0])) > 1 else []
        outputs = generator(sources, *given)
        stored = modality.to_stored(outputs)
        labels = given[0] if given else None if classes is None else classes[rows]
        if inverse is None:
            yield stored, labels
            continue
        degraded = _blurred(modality.to_network(stored))
        restored = (inverse(each) for each in (outputs, degraded))
        cycles = [np.abs(each - sources).mean(axis=(1, 2, 3)) / 2 for each in restored]
        yield stored, labels, np.stack(cycles, axis=1).astype(np.float32)


def _blurred(images):
    """Blurs images (n, h, w, C) with the kernel (1, 2, 1) / 4 along both axes; their border is a mirror."""
    for axis in (1, 2):
        padded = np.pad(images, [(int(each == axis),) * 2 for each in range(4)], mode="symmetric")
        before, same, after = (
            np.take(padded, range(shift, shift + images.shape[axis]), axis) for shift in range(3)
        )
        images = (before + 2 * same + after) / 4
    return images


def mixture_of(trained, *shares):
    """Returns a mixture of classes for an `ImageTranslator` of a conditional run.

    Args:
        trained: the `gan_tf.runs.trained_run.TrainedRun`.
        *shares: (class's name or index, its share).

    Returns:
        float32 (classes,).

    Raises:
        UserError: for an unknown class.
    """
    made = np.zeros(len(trained.label_names), np.float32)
    for label, share in shares:
        made[trained.class_index(label)] += share
    return made


def _ramp(length):
    """Weights that fall linearly to the ends of a tile, in float32 and above 0."""
    from_end = np.minimum(np.arange(length), np.arange(length)[::-1]) + 1
    overlap = max(1, length // _OVERLAP)
    return np.minimum(from_end / overlap, 1).astype(np.float32)
