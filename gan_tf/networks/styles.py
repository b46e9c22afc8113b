"""W, the space of the styles of a style-based generator: its layers, and the generator's two halves.

Such a generator has a mapping network from latents to w, (batch, m), and a synthesis network from a
row of w for each of its convolutions, (batch, n, m), to images. In between is a layer named
`STYLES`, whose output are the rows; one named `MIXED` can follow, which changes them in training,
and one named `TRUNCATED`, which moves them towards their mean.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError

STYLES = "styles"
MIXED = "mixed_styles"
TRUNCATED = "truncated_styles"
AVERAGE = "mean_w"


@keras.saving.register_keras_serializable("gan_tf")
class MeanW(keras.layers.Layer):
    """Keeps a moving average of w, the center of truncation in W: (batch, m) -> the same.

    Args:
        decay: of the average, in each training step, default 0.995, as published.
    """

    def __init__(self, decay=0.995, **kwargs):
        super().__init__(**kwargs)
        self.decay = decay

    def build(self, input_shape):
        self.mean = self.add_weight(
            shape=input_shape[-1:], initializer="zeros", trainable=False, name="mean"
        )

    @property
    def statistics(self):
        """The variables that each replica computes from its part of the batch."""
        return (self.mean,)

    def call(self, inputs, training=False):
        if training and self.trainable:
            mean = tf.reduce_mean(tf.stop_gradient(inputs), 0)
            self.mean.assign_add((1 - self.decay) * (tf.cast(mean, self.mean.dtype) - self.mean))
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"decay": self.decay}


@keras.saving.register_keras_serializable("gan_tf")
class InRange(keras.layers.Layer):
    """Clips images to [-1, 1] in use; in training, where that would stop gradients, it does nothing."""

    def call(self, inputs, training=False):
        return inputs if training else tf.clip_by_value(inputs, -1.0, 1.0)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable("gan_tf")
class Truncation(keras.layers.Layer):
    """Moves rows of w (batch, n, m) towards a center, a weight (m,): psi of the distance is left."""

    def __init__(self, psi, **kwargs):
        super().__init__(**kwargs)
        self.psi = psi

    def build(self, input_shape):
        self.center = self.add_weight(
            shape=input_shape[-1:], initializer="zeros", trainable=False, name="center"
        )

    def call(self, inputs):
        center = tf.convert_to_tensor(self.center)
        return center + self.psi * (inputs - center)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"psi": self.psi}


def has_styles(generator):
    """Whether a functional generator is style-based, also inside the model of a prior."""
    return _inner(generator) is not None


def mapping(generator):
    """Returns the first half of a style-based generator.

    Args:
        generator: a functional `keras.Model`.

    Returns:
        A `keras.Model` that shares its layers: the generator's inputs -> rows of w (batch, n, m).

    Raises:
        UserError: when the generator is not style-based.
    """
    inner = _checked(generator)
    rows = keras.Model(inner.inputs, _rows(inner))
    if inner is generator:
        return rows
    given = inner._inbound_nodes[-1].input_tensors  # of the prior
    return keras.Model(generator.inputs, rows(given if len(given) > 1 else given[0]))


def synthesis(generator):
    """Returns the second half of a style-based generator, sharing its layers.

    Args:
        generator: a functional `keras.Model`.

    Returns:
        A `keras.Model`: rows of w (batch, n, m) -> images. Of a conditional generator whose label also
        acts there (`projection`), it takes [rows, labels].

    Raises:
        UserError: when the generator is not style-based.
    """
    inner = _checked(generator)
    rows = _rows(inner)
    try:
        return keras.Model(rows, inner.output)
    except ValueError:  # images depend on more than the rows
        return keras.Model([rows, *inner.inputs[1:]], inner.output)


def truncated(generator, psi):
    """Returns a style-based generator whose rows of w are moved towards their mean, sharing its layers.

    Source: Karras et al., 2019 (https://arxiv.org/abs/1812.04948), appendix B: w' = mean + psi (w - mean).

    Args:
        generator: a functional `keras.Model`.
        psi: 1: nothing changes; below, images are better and less varied; 0: all are the mean.

    Raises:
        UserError: when the generator is not style-based.
    """
    _checked(generator)
    layer = Truncation(psi, dtype="float32", name=TRUNCATED)
    network = _with_truncation(generator, layer)
    layer.center.assign(mean_w(generator))
    return network


def mean_w(generator):
    """Returns the moving average of w of a style-based generator, a Keras variable (m,)."""
    return _checked(generator).get_layer(AVERAGE).mean


def _checked(generator):
    inner = _inner(generator)
    if inner is None:
        raise UserError("This needs a generator with a space of styles: choose --arch=stylegan2.")
    return inner


def _rows(inner):
    return inner.get_layer(_last_of_mapping(inner)).output


def _last_of_mapping(inner):
    """The name of the layer whose output are the rows that images are made of."""
    names = {layer.name for layer in inner.layers}
    return next(each for each in (TRUNCATED, MIXED, STYLES) if each in names)


def _with_truncation(generator, layer):
    """A copy that shares the layers, with one more behind the mapping network."""
    inner = _inner(generator)
    last = _last_of_mapping(inner) if inner is generator else None

    def call(operation, *args, **kwargs):
        if operation is inner:  # in the model of a prior
            operation = _with_truncation(inner, layer)
        outputs = operation(*args, **kwargs)
        return layer(outputs) if operation.name == last else outputs

    return keras.models.clone_model(generator, clone_function=lambda each: each, call_function=call)


def _inner(generator):
    """The model that has the layer of the styles: the generator, or one in it; None: there is none."""
    names = {layer.name: layer for layer in generator.layers}
    if STYLES in names:
        return generator
    nested = (each for each in names.values() if isinstance(each, keras.Model))
    return next((inner for each in nested if (inner := _inner(each)) is not None), None)
