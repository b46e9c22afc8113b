"""Trains a recipe, ours or a peer's, by the clock."""

import functools

import keras
import numpy as np

from experiments.faces import peers
from gan_tf import latents
from gan_tf.gans.random_states import preserved_random_states
from gan_tf.modalities.image import Image
from gan_tf.runtime.fixed_batch import FixedBatchModel
from gan_tf.sampling import ensemble
from gan_tf.training import loop


class ByTheClock(keras.callbacks.Callback):
    """Counts the time of training steps, and scores at the marks of a `Clock`.

    Args:
        clock: the `Clock`.
        score: a function: (mark in minutes, step, generate) -> None; see `Scorer.score`.
        frequencies: of the classes of a conditional run, (classes,). Default None: it has none.
    """

    def __init__(self, clock, score, frequencies=None):
        super().__init__()
        self._clock, self._score, self._labels = clock, score, None
        if frequencies is not None:
            self._labels = functools.partial(latents.draw_labels, frequencies=frequencies)

    def on_train_begin(self, logs=None):
        self._clock.resume(self.model.steps_made)

    def on_train_batch_begin(self, batch, logs=None):
        self._clock.begin()

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.steps_made
        for mark in self._clock.end(step):
            with preserved_random_states(self.model):
                self._score(mark, step, self._generate)
        if self._clock.is_over:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self._clock.keep(self.model.steps_made)

    def _generate(self, count):
        sampler = FixedBatchModel(self.model.sampler)
        parts = ensemble.generate(sampler, Image(), count, labels=self._labels)
        return np.concatenate([made for made, _ in parts])


def train(config, clock, score, data):
    """Trains a recipe of gan_tf, or resumes, on `Examples`; returns the exit status."""
    frequencies = np.bincount(data.labels) if config.conditional else None
    status = loop.train(config, [ByTheClock(clock, score, frequencies)])
    keras.utils.clear_session()  # so that memory does not grow from run to run
    return status


def batch_size(name):
    """Returns the images in a step of a peer."""
    return getattr(peers, name).batch_size


def train_peer(name, samples, seed, state, clock, score):
    """Trains a peer, or resumes.

    Args:
        name: of the class in `peers`.
        samples: uint8 (n, H, W, C).
        seed: of everything random.
        state: a `pathlib.Path`, the file that it is kept in.
        clock, score: as for `ByTheClock`.
    """
    peer = getattr(peers, name)(samples, seed)
    if state.exists():
        peer.load(state)
    clock.resume(peer.step)
    saved = clock.seconds
    while not clock.is_over:
        clock.begin()
        peer.train_step()
        for mark in clock.end(peer.step):
            score(mark, peer.step, peer.generate)
        if clock.seconds - saved > peers.SAVED_EVERY or clock.is_over:
            state.parent.mkdir(parents=True, exist_ok=True)
            peer.save(state)
            clock.keep(peer.step)
            saved = clock.seconds
