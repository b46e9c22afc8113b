"""What networks see of samples, where that is not the samples themselves."""

import abc
import math

import numpy as np

from gan_tf.options.modality import MOMENTS


class Representation(abc.ABC):
    """A form of samples that networks see, and its inverse.

    An entry of `REPRESENTATIONS`. Class attributes are literals, and modules import neither TensorFlow
    nor Keras at top level.

    Attributes:
        modalities: the names of the modalities whose samples it represents.
        seen_as: the name of the modality that networks, tricks and conditionings for it must be for.
    """

    modalities = ()
    seen_as = None

    @abc.abstractmethod
    def shape(self, shape):
        """Returns the shape of one represented sample.

        Args:
            shape: of the sample.

        Raises:
            ValueError: when samples of that shape cannot be represented, with what to do.
        """

    @abc.abstractmethod
    def measure(self, batches):
        """Measures training data; returns a list of floats, which are saved with the run.

        Args:
            batches: yields samples as the modality scales them, float32 (n, *shape).
        """

    def check(self, moments):
        """Checks moments, which can be a stranger's; subclasses add what they know of theirs.

        Args:
            moments: as `measure` returns them.

        Raises:
            ValueError, TypeError: when `measure` cannot have returned them.
        """
        if not all(math.isfinite(each) for each in moments):
            raise ValueError("a moment is not finite")

    @abc.abstractmethod
    def forward(self, samples, moments):
        """Represents samples: a tensor float32 (n, *shape) -> (n, *self.shape(shape)) in [-1, 1].

        Args:
            samples: the tensor, as the modality scales samples.
            moments: what `measure` returned.
        """

    def of(self, modality, moments=None):
        """Returns a `Modality` with this representation, as `Represented`."""
        return Represented(modality, self, moments)

    @abc.abstractmethod
    def inverse(self, moments):
        """Returns a Keras layer from represented samples to samples; arguments as for `forward`."""


class Represented:
    """A modality whose samples networks see in a representation; all else is the modality's.

    Args:
        modality: the `Modality`.
        representation: the `Representation`.
        moments: of the data, as `Representation.measure` returned them; None: not known yet.

    Raises:
        ValueError, TypeError: for impossible moments.
    """

    def __init__(self, modality, representation, moments=None):
        if moments is not None:
            representation.check(moments)
        self.plain = modality
        self._representation = representation
        self._moments = moments
        self._inverse = None

    def __getattr__(self, name):
        return getattr(self.plain, name)

    def network_shape(self, shape):
        return tuple(self._representation.shape(shape))

    def measure(self, samples):
        """Returns the trait that is measured on training data: {"moments": list of floats}."""
        size = 256
        batches = (
            self.plain.to_network(np.asarray(samples[start : start + size]))
            for start in range(0, len(samples), size)
        )
        return {MOMENTS: self._representation.measure(batches)}

    def to_network(self, stored):
        import tensorflow as tf  # here, so that flags can be checked without it

        seen = self._representation.forward(
            self.plain.to_network(tf.convert_to_tensor(stored)), self._moments
        )
        return seen.numpy() if isinstance(stored, np.ndarray) else seen

    def to_stored(self, outputs):
        # One by one: a sample does not depend on how many others there are, to the last bit.
        made = [self._invert(np.asarray(each, np.float32)[None]) for each in np.asarray(outputs)]
        return self.plain.to_stored(np.concatenate(made))

    def to_stored_tensor(self, outputs):
        return self.plain.to_stored_tensor(self._representation.inverse(self._moments)(outputs))

    def decoded(self, network):
        """Returns a generator of represented samples as one of samples."""
        import keras

        samples = self._representation.inverse(self._moments)(network.output)
        return keras.Model(network.inputs, samples, name=network.name)

    def _invert(self, one):
        import tensorflow as tf

        if self._inverse is None:
            layer = self._representation.inverse(self._moments)
            self._inverse = tf.function(layer.__call__, reduce_retracing=True)
        return self._inverse(tf.constant(one)).numpy()
