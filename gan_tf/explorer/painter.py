"""Generates images, sound or videos for many threads with one model."""

import concurrent.futures
import functools
import math
import threading

import numpy as np

from gan_tf import latents
from gan_tf.explorer import directions
from gan_tf.modalities.image import png
from gan_tf.sampling.formats.format import note

BATCH = 8  # images at once: about as many as a browser requests in parallel
_KEPT = 1000  # encoded samples cached in memory
_MOST_VALUES = 1 << 28  # of these


class Painter:
    """Generates requested samples of a `TrainedRun`, encoded: images as PNG.

    The images of threads that wait for the model are generated in one batch.

    Args:
        trained: the `gan_tf.runs.trained_run.TrainedRun`.
        encode: a function of a stored sample and its metadata, a dict; default: `png`.
    """

    def __init__(self, trained, encode=png):
        self.trained = trained
        self._encode = encode
        self._model = threading.Lock()
        self._queue = threading.Lock()
        self._pending = {}  # ImageRequest: Future
        self._cache = {}  # ImageRequest: Future, the oldest first
        values = math.prod(trained.sample_shape)
        self._kept = max(1, min(_KEPT, _MOST_VALUES // values))

    @functools.cached_property
    def _directions(self):
        return directions.find(self.trained)

    @property
    def directions(self):
        """float32 (n, latent_dim) or (n, m): see `directions`; computed on first use, in seconds."""
        with self._model:
            return self._directions

    def encoded(self, request):
        """Returns what `encode` makes of the sample of an `ImageRequest`: of images PNG, as bytes.

        Its metadata say that it is generated, by which run, and from which seed.
        """
        if request.moves:
            _ = self.directions  # computed before the model is locked for painting
        with self._queue:
            future = self._cache.get(request) or self._pending.get(request)
            if future is None:
                future = self._pending[request] = concurrent.futures.Future()
        with self._model:
            if not future.done():
                self._paint()
        return future.result()

    def _paint(self):
        """Generates the pending images; the caller holds the model's lock."""
        while True:
            with self._queue:
                batch = list(self._pending)[:BATCH]
                futures = [self._pending.pop(each) for each in batch]
            if not batch:
                return
            try:
                pngs = self._pngs(batch)
            except BaseException as error:
                for future in futures:
                    future.set_exception(error)
                raise
            for future, content in zip(futures, pngs):
                future.set_result(content)
            with self._queue:
                self._cache.update(zip(batch, futures))
                for oldest in list(self._cache)[: max(0, len(self._cache) - self._kept)]:
                    del self._cache[oldest]

    def _pngs(self, batch):
        labels = [self._label(each) for each in batch] if self.trained.conditional else None
        pixels = self._samples(batch, labels)
        return [
            self._encode(each, self._note(request, label))
            for each, request, label in zip(pixels, batch, labels or [None] * len(batch))
        ]

    def _samples(self, batch, labels):
        """The stored samples of requests."""
        rows = np.stack([self._latent(each) for each in batch])
        return self.trained.samples(rows, labels, batch_size=BATCH)

    def _latent(self, request):
        row = self._draw(request.seed, request.truncation)
        if request.to is not None:
            row = latents.slerp(row, self._draw(request.to, request.truncation), [request.share])[0]
        if request.motion is not None:
            motion = self._draw(request.motion, request.truncation)
            row = latents.with_motion(row[None], motion[None], self.trained.config.latent_dim)[0]
        for index, distance in request.moves:
            row = row + np.float32(distance) * self._directions[index]
        return row

    def _draw(self, seed, truncation):
        return latents.draw(seed, [0], self.trained.latent_dim, truncation)[0]

    def _label(self, request):
        if request.label is not None:
            return request.label
        return int(self.trained.choose_labels(request.seed, [0])[0])

    def _note(self, request, label):
        name = self.trained.run.path.resolve().name
        facts = {"run": name, "step": self.trained.step, **request.note()}
        if label is not None:
            facts["label"] = self.trained.label_names[label]
        return note(self.trained.modality, name, facts)
