"""The contract of a modality: what the program must know about one kind of sample."""

import abc
import math

import numpy as np


class Modality(abc.ABC):
    """How samples of one kind are stored, scaled, shown and written.

    A sample has two forms. It is stored as an array of `stored_dtype`: in caches, in what
    `generate` writes, in what metrics and features receive. Networks see float32. A batch has a
    leading axis in both.

    Class attributes are literals, which are read without importing TensorFlow. Modules of
    modalities import neither TensorFlow nor Keras at their top.

    Attributes:
        name: that by which it is registered.
        plural: what several samples are called, in messages: "images".
        disclaimer: what no generated sample is, in the notes of files: "not a photograph".
        stored_dtype: the NumPy name of the stored dtype: "uint8".
        stored_range: the smallest and the largest stored value.
        can_flip: whether `flip` exists, which --flip needs.
        snapshot_suffix: of the files that hold a few samples, step-00000100.png: ".png".
        history_name: the name of the file made of all snapshots, "animation.gif"; None: there
            is no such file.
        default_features: the spec of the feature extractor where the data set names none.
        default_format: the spec of `generate`'s format.
        path_format: that of samples on an open path through the latents; None: `default_format`.
        loop_format: that of samples on a closed path; None: `default_format`.
    """

    name = None
    plural = "samples"
    disclaimer = "not a recording"
    stored_dtype = None
    stored_range = None
    can_flip = False
    snapshot_suffix = None
    history_name = None
    default_features = "values"
    default_format = "npz"
    path_format = None
    loop_format = None

    @abc.abstractmethod
    def to_network(self, stored):
        """Converts stored samples to what networks see: float32, same shape for images.

        Args:
            stored: an array or a TensorFlow tensor of `stored_dtype`, (n, *shape).

        Returns:
            An array or a tensor, as given.
        """

    @abc.abstractmethod
    def to_stored(self, outputs):
        """Converts what a generator makes to stored samples.

        Args:
            outputs: float (n, *shape), an array or a tensor; values out of range are clipped.

        Returns:
            A NumPy array of `stored_dtype`.
        """

    @abc.abstractmethod
    def to_stored_tensor(self, outputs):
        """Does the same in a Keras graph, for exported generators.

        Args:
            outputs: a Keras tensor.

        Returns:
            A Keras tensor of `stored_dtype`.
        """

    @abc.abstractmethod
    def check_shape(self, shape):
        """Checks the shape of one sample.

        Raises:
            ValueError: when no sample of this modality has that shape, and says why.
        """

    @abc.abstractmethod
    def sheet(self, samples, columns=None):
        """Draws samples side by side.

        Args:
            samples: stored samples (n, *shape).
            columns: how many stand in a row; default: about as many as there are rows.

        Returns:
            A picture: uint8 (height, width, 1 or 3).
        """

    @abc.abstractmethod
    def snapshot(self, samples, columns=None):
        """Encodes a few samples as one file.

        Args:
            samples, columns: as for `sheet`.

        Returns:
            The bytes of a file with the suffix `snapshot_suffix`.
        """

    def history(self, snapshots):
        """Makes one file of the snapshots of a run.

        Args:
            snapshots: paths of files that `snapshot` encoded, oldest first. They may be damaged.

        Returns:
            The bytes of a file that is called `history_name`.
        """
        raise NotImplementedError(f"{type(self).__name__} has no history")

    def summarize(self, name, samples, columns=None):
        """Writes samples to TensorBoard's default writer, at its default step.

        Args:
            name: of the summary.
            samples, columns: as for `sheet`.
        """
        import tensorflow as tf  # here, so that flags can be checked without it

        tf.summary.image(name, self.sheet(samples, columns)[None])

    def flip(self, samples):
        """Returns mirrored samples; an array or a tensor, stored or as networks see them."""
        raise NotImplementedError(f"{type(self).__name__} cannot be flipped")

    def noise(self, random, shape):
        """Draws stored values uniformly from `stored_range`, which no generator should resemble.

        Args:
            random: a `numpy.random.Generator`.
            shape: (n, *shape of a sample).
        """
        low, high = self.stored_range
        if np.issubdtype(self.stored_dtype, np.integer):
            return random.integers(low, high, shape, self.stored_dtype, endpoint=True)
        return random.uniform(low, high, shape).astype(self.stored_dtype)

    def describe(self, shape):
        """Returns the shape of a sample in words: "28x28x1"."""
        return "x".join(map(str, shape))

    def specify(self, shape, dtype):
        """Returns the form of exported samples in words, for model cards.

        Args:
            shape: of one sample.
            dtype: "float32", as networks see them, or `stored_dtype`.
        """
        low, high = (-1, 1) if dtype == "float32" else self.stored_range
        return f"{self.describe(shape)}, {dtype} from {low} to {high}"

    def num_bytes(self, shape):
        """Returns the bytes of one stored sample."""
        return math.prod(shape) * np.dtype(self.stored_dtype).itemsize
