"""The interface of a modality: everything specific to a kind of sample."""

import abc
import math
from typing import NamedTuple

import numpy as np

from gan_tf.errors import UserError


class Film(NamedTuple):
    """The size of an animation of samples.

    Attributes:
        frames: how many.
        height, width: of each, in pixels.
        held: values that are in memory at once while its frames are made.
    """

    frames: int
    height: int
    width: int
    held: int


class Modality(abc.ABC):
    """How samples of one kind are stored, scaled, displayed and written.

    A sample has two forms: stored, as an array of `stored_dtype`, in caches, in the output of
    `generate` and as the input of metrics and features; and float32, for networks. A batch has a
    leading axis in both.

    Constructor arguments are the traits of the data (`Source.traits`), such as a vocabulary. Each has
    a default, with which the modality still knows what does not depend on the data. They raise a
    ValueError where they are impossible: they can come from a stranger's run.

    Class attributes are literals, read without importing TensorFlow. Modules of modalities import
    neither TensorFlow nor Keras at top level.

    Attributes:
        name: the registered name.
        plural: the name of several samples in messages: "images".
        disclaimer: what a generated sample is not, in file metadata: "not a photograph".
        stored_dtype: the NumPy name of the stored dtype: "uint8".
        stored_range: the smallest and the largest stored value.
        longest: the largest --length; None: it has none.
        can_flip: whether `flip` is implemented, as --flip requires.
        can_jitter: whether `window` is implemented, as --jitter requires.
        snapshot_suffix: the suffix of snapshots, step-00000100.png: ".png".
        history_name: the name of the file made of all snapshots, "animation.gif"; None: no such
            file.
        default_arch: the spec of the default architecture, where the kind of GAN's own is not for
            these samples; None: there is none.
        default_features: the default feature extractor's spec, if the data set names none.
        default_format: the spec of `generate`'s format.
        fps: frames per second of animations.
        path_format: the format of samples on an open latent path; None: `default_format`.
        loop_format: the format of samples on a closed path; None: `default_format`.
    """

    name = None
    plural = "samples"
    disclaimer = "not a recording"
    stored_dtype = None
    stored_range = None
    longest = None
    can_flip = False
    can_jitter = False
    snapshot_suffix = None
    history_name = None
    default_arch = None
    default_features = "values"
    default_format = "npz"
    fps = 20
    path_format = None
    loop_format = None

    @abc.abstractmethod
    def to_network(self, stored):
        """Converts stored samples to network input, float32.

        Args:
            stored: an array or a TensorFlow tensor of `stored_dtype`, (n, *shape).

        Returns:
            An array or a tensor, like the argument: (n, *network_shape(shape)).
        """

    @abc.abstractmethod
    def to_stored(self, outputs):
        """Converts a generator's output to stored samples.

        Args:
            outputs: float (n, *network_shape(shape)), an array or a tensor; values out of range are
                clipped.

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

    @property
    def plain(self):
        """The modality of what `decoded` generators make: this."""
        return self

    def decoded(self, network):
        """Returns a generator of what networks see as one of samples, float32; default: the same."""
        return network

    def measure(self, samples):
        """Returns {name: value} of traits measured on stored training data; default: none."""
        return {}

    def network_shape(self, shape):
        """Returns the shape of one sample as networks see it; default: as it is stored."""
        return tuple(shape)

    def check_samples(self, samples, shape, run_dir):
        """Checks that an array is of one or more samples of a run.

        Args:
            samples: the array.
            shape: of one sample.
            run_dir: the run's folder.

        Raises:
            UserError: when it has another shape.
        """
        given = np.shape(samples)
        if len(given) < 2 or given[1:] != tuple(shape) or not given[0]:
            sizes = ", ".join(map(str, shape))
            raise UserError(
                f"An array of the shape {given} does not fit '{run_dir}': give {self.plural} of the "
                f"shape (n, {sizes}), n at least 1."
            )

    @abc.abstractmethod
    def check_shape(self, shape):
        """Checks the shape of one sample.

        Raises:
            ValueError: when samples of this modality cannot have that shape, with the reason.
        """

    @abc.abstractmethod
    def sheet(self, samples, columns=None):
        """Draws samples in a grid.

        Args:
            samples: stored samples (n, *shape).
            columns: samples per row; default: about the number of rows.

        Returns:
            An image: uint8 (height, width, 1 or 3).
        """

    @abc.abstractmethod
    def snapshot(self, samples, columns=None):
        """Encodes a few samples as one file.

        Args:
            samples, columns: as for `sheet`.

        Returns:
            The bytes of a file with the suffix `snapshot_suffix`.
        """

    def picture(self, samples, columns=None):
        """Draws a few samples as a PNG file, which is written next to each snapshot.

        Args:
            samples, columns: as for `sheet`.

        Returns:
            The bytes of the file; None (the default): snapshots alone are enough.
        """
        return None

    def snapshot_files(self, samples, columns=None):
        """Returns {suffix: bytes} of the files of one snapshot; arguments as for `sheet`."""
        picture = self.picture(samples, columns)
        files = {self.snapshot_suffix: self.snapshot(samples, columns)}
        return files if picture is None else files | {".png": picture}

    def tile(self, shape):
        """Returns the height and width of one sample on a `sheet`, in pixels, for `--format=grid`.

        Args:
            shape: of one sample.
        """
        raise NotImplementedError(f"{type(self).__name__} has no grid")

    def abreast(self, count):
        """Returns how many of so many samples stand side by side in a row; default: all."""
        return count

    def film_size(self, count, shape, columns=None):
        """Returns the `Film` that `film` makes.

        Args:
            count: the number of samples.
            shape: of one sample.
            columns: samples per row of a frame with several; default: about the number of rows.
        """
        raise NotImplementedError(f"{type(self).__name__} has no animation")

    def film(self, batches, count, columns=None):
        """Yields the frames of an animation of samples: uint8 (height, width, 1 or 3).

        Args:
            batches: yields stored samples (n, *shape).
            count: how many there are in all.
            columns: as for `film_size`.
        """
        raise NotImplementedError(f"{type(self).__name__} has no animation")

    def history(self, snapshots):
        """Combines the snapshots of a run in one file.

        Args:
            snapshots: paths of files written by `snapshot`, oldest first. They can be corrupt.

        Returns:
            The bytes of the file `history_name`; None if no snapshot can be read.
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
        """Returns mirrored samples; an array or a tensor, stored or scaled for networks."""
        raise NotImplementedError(f"{type(self).__name__} cannot be flipped")

    def window(self, samples, corners, side):
        """Returns a window of each sample, enlarged to the sample's size.

        Args:
            samples: a tensor (n, *shape), scaled for networks.
            corners: float32 (n, 2), where each begins, in fractions of the sample's extent.
            side: the extent of the windows, likewise, at most 1.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be cropped")

    def noise(self, random, shape):
        """Draws uniform noise in `stored_range`, a worst case for generators.

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
        """Returns a description of exported samples, for model cards.

        Args:
            shape: of one sample.
            dtype: "float32", as output by networks, or `stored_dtype`.
        """
        low, high = (-1, 1) if dtype == "float32" else self.stored_range
        return f"{self.describe(shape)}, {dtype} from {low} to {high}"

    def export_files(self):
        """Returns {name: bytes} of files that say what exported samples mean; default: none."""
        return {}

    def num_bytes(self, shape):
        """Returns the bytes of one stored sample."""
        return math.prod(shape) * np.dtype(self.stored_dtype).itemsize
