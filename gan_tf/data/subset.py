"""A subset of a data set: some of its classes, some of its images."""

import heapq

import numpy as np

from gan_tf.data.class_names import quoted, visual_key
from gan_tf.data.examples import LABEL, select
from gan_tf.data.source import Derived
from gan_tf.errors import UserError, suggest
from gan_tf.options.data import class_list

_BATCH = 512


class Subset(Derived):
    """The examples of some classes of a data set, up to a maximum number.

    Labels are renumbered from 0 in the order of the data set; their names stay. Held-out examples
    are of the same classes, and not limited in number.

    Args:
        source: a data set (see `gan_tf.data.source`).
        classes: names or indices of the classes to keep, comma-separated: "5,6,7" (see
            `gan_tf.options.data.class_list`); None: all. Names come before indices.
        leave_out: the classes to leave out, in the same format; None: none.
        max_images: how many to keep, from 1: the first in the random order of `seed`, so that a
            smaller subset is part of a larger one; None: all. They are collected in memory.
        seed: any int, default 0.
        flag: the one that names the classes, for messages.

    Raises:
        UserError: for an unknown class, when no class is left, when the labels are not classes, or
            when numbers among the classes can be both names and indices.
    """

    def __init__(
        self, source, classes=None, leave_out=None, max_images=None, seed=0, flag="classes"
    ):
        super().__init__(source)
        self._max_images = max_images
        self._seed = seed
        self._own_notes = []
        self._kept = None  # the indices of the classes, ascending; None: all
        if classes is not None:
            self._kept = sorted(self._class_indices(flag, classes))
        elif leave_out is not None:
            left_out = self._class_indices("leave_out", leave_out)
            self._kept = [each for each in range(len(source.label_names)) if each not in left_out]
            if not self._kept:
                raise UserError(f"--leave_out={leave_out} leaves no class: leave out fewer.")

    @property
    def num_examples(self):
        """An upper bound: the size of each class is unknown until the examples have been read."""
        return min(self._source.num_examples, self._max_images or self._source.num_examples)

    @property
    def label_names(self):
        names = self._source.label_names
        return names if self._kept is None else tuple(names[each] for each in self._kept)

    @property
    def notes(self):
        return [*self._own_notes, *self._source.notes]  # which become more when it is read

    @property
    def cache_key(self):
        # Only arguments that are given change the examples.
        parts = [self._source.cache_key]
        parts += [f"classes {self._kept}"] * (self._kept is not None)
        parts += [f"{self._max_images} images, seed {self._seed}"] * (self._max_images is not None)
        return "-".join(parts)

    def content(self, skipped=(), classes=None):
        """Returns that of the kept classes."""
        kept = self._kept
        if classes is not None:
            kept = classes if kept is None else [kept[each] for each in classes]
        return self._source.content(skipped, kept)

    def batches(self):
        """Yields the batches of the kept classes."""
        found = self._of_classes(self._source.batches())
        return found if self._max_images is None else self._first(found)

    def held_out(self):
        """Yields the same for held-out examples, whose number is not limited."""
        return self._of_classes(self._source.held_out())

    def _class_indices(self, flag, text):
        """The set of the indices of the classes that a flag names."""
        source = self._source
        names = source.label_names
        if not names:
            raise UserError(
                f"--{flag}={text} needs labels, and the data set '{source.name}' has none: put the images "
                "of each class in a folder of their own, or leave it out."
            )
        given = class_list(flag, text)
        places = {visual_key(name): index for index, name in enumerate(names)}
        named = [each for each in given if visual_key(each) in places]
        indices = [each for each in given if each not in named]
        for each in indices:
            if not (each.strip().isdecimal() and len(each) < 10 and int(each) < len(names)):
                raise UserError(
                    f"--{flag}={text}: '{source.name}' has no class '{each}'{suggest(each, names)}; it "
                    f"has: {quoted(names)}."
                )
        both = [each for each in named if each.strip().isdecimal() and len(each) < 10]
        if both and indices:
            raise UserError(
                f"--{flag}={text}: '{both[0]}' is the name of a class and '{indices[0]}' is not, so it is "
                f"unclear whether these are names or indices: give names. The classes are: {quoted(names)}."
            )
        if any(places[visual_key(each)] != int(each) < len(names) for each in both):
            self._own_notes.append(
                f"--{flag}={text} is read as names of classes, which take precedence over indices."
            )
        return {places[visual_key(each)] for each in named} | {int(each) for each in indices}

    def _of_classes(self, batches):
        if self._kept is None:
            yield from batches
            return
        renumbered = np.full(len(self._source.label_names), -1)
        renumbered[self._kept] = np.arange(len(self._kept))
        for batch in batches:
            if batch[LABEL].ndim > 1:
                raise UserError(
                    f"The labels of '{self.name}' are attributes that are not mutually exclusive, so "
                    "they are not classes: choose one with --label=..., or leave out --classes and "
                    "--leave_out."
                )
            labels = renumbered[batch[LABEL]]
            if np.any(labels >= 0):
                yield select(batch | {LABEL: labels}, labels >= 0)

    def _first(self, batches):
        """The examples with the smallest random keys, in that order."""
        random = np.random.default_rng(self._seed)
        kept, count = [], 0  # a heap, the largest key first; the count breaks ties
        for batch in batches:
            for row, key in enumerate(random.random(len(batch[self.sample]))):
                count += 1
                if len(kept) == self._max_images and -key < kept[0][0]:
                    continue
                push = heapq.heappush if len(kept) < self._max_images else heapq.heapreplace
                push(kept, (-key, count, {name: each[row].copy() for name, each in batch.items()}))
        kept.sort()  # the last comes first
        while kept:
            _, _, chosen = zip(*(kept.pop() for _ in range(min(_BATCH, len(kept)))))
            yield {name: np.stack([each[name] for each in chosen]) for name in chosen[0]}
