"""Makes images for many threads, by one model."""

import concurrent.futures
import functools
import threading

import numpy as np

from gan_tf import latents
from gan_tf.explorer import directions
from gan_tf.modalities.image import png
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.sampling.formats.format import note

BATCH = 8  # images at once: about as many as a browser asks for together
_KEPT = 1000  # PNGs in memory


class Painter:
    """Makes the images of a `TrainedRun` that are asked for, as PNG.

    Threads that wait for the model have their images made together.

    Args:
        trained: the `gan_tf.runs.trained_run.TrainedRun`.
    """

    def __init__(self, trained):
        self.trained = trained
        self._generate = FixedBatchModel(trained.generator, BATCH)
        self._model = threading.Lock()
        self._orders = threading.Lock()
        self._waiting = {}  # Wanted: Future
        self._made = {}  # Wanted: Future, the oldest first

    @functools.cached_property
    def _directions(self):
        return directions.find(self.trained)

    @property
    def directions(self):
        """float32 (n, latent_dim): see `directions.find`; found at the first use, in seconds."""
        with self._model:
            return self._directions

    def png(self, wanted):
        """Returns the PNG of a `Wanted`, as bytes.

        It says in text chunks that it is generated, by what, and from which seed.
        """
        if wanted.moves:
            _ = self.directions  # which what is painted with them relies on
        with self._orders:
            order = self._made.get(wanted) or self._waiting.get(wanted)
            if order is None:
                order = self._waiting[wanted] = concurrent.futures.Future()
        with self._model:
            if not order.done():
                self._paint()
        return order.result()

    def _paint(self):
        """Makes what is waiting, the model being locked."""
        while True:
            with self._orders:
                batch = list(self._waiting)[:BATCH]
                orders = [self._waiting.pop(each) for each in batch]
            if not batch:
                return
            try:
                pngs = self._pngs(batch)
            except BaseException as error:
                for order in orders:
                    order.set_exception(error)
                raise
            for order, content in zip(orders, pngs):
                order.set_result(content)
            with self._orders:
                self._made.update(zip(batch, orders))
                for oldest in list(self._made)[: max(0, len(self._made) - _KEPT)]:
                    del self._made[oldest]

    def _pngs(self, batch):
        rows = np.stack([self._latent(each) for each in batch])
        inputs, labels = [rows], [None] * len(batch)
        if self.trained.conditional:
            labels = [self._label(each) for each in batch]
            inputs.append(np.asarray(labels, np.int32))
        pixels = self.trained.modality.to_stored(self._generate(*inputs))
        return [
            png(each, self._note(wanted, label))
            for each, wanted, label in zip(pixels, batch, labels)
        ]

    def _latent(self, wanted):
        row = self._draw(wanted.seed, wanted.truncation)
        if wanted.to is not None:
            row = latents.slerp(row, self._draw(wanted.to, wanted.truncation), [wanted.share])[0]
        for number, far in wanted.moves:
            row = row + np.float32(far) * self._directions[number]
        return row

    def _draw(self, seed, truncation):
        return latents.draw(seed, [0], self.trained.latent_dim, truncation)[0]

    def _label(self, wanted):
        if wanted.label is not None:
            return wanted.label
        return int(self.trained.choose_labels(wanted.seed, [0])[0])

    def _note(self, wanted, label):
        name = self.trained.run.path.resolve().name
        facts = {"run": name, "step": self.trained.step, **wanted.note()}
        if label is not None:
            facts["label"] = self.trained.label_names[label]
        return note(self.trained.modality, name, facts)
