"""Tricks of style-based generators: mixing styles, and regularizing path lengths."""

import math

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.losses.penalties import lazily
from gan_tf.networks import styles
from gan_tf.networks.moments import widened
from gan_tf.registry import TRICKS
from gan_tf.runtime import replicas
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("style_mixing")
class StyleMixing(Trick):
    """Style mixing: some images take the styles of later convolutions from another latent.

    So neighboring convolutions cannot rely on the same w. The first convolution with the other's
    styles is drawn uniformly for each image; the other latent is that of the next image in the
    batch, with the image's own label. In training only.

    Source: Karras et al., 2019 (https://arxiv.org/abs/1812.04948), section 3.1. The authors' code draws
    one place for a batch, and other latents.

    Args:
        probability: of mixing, from 0 to 1, default 0.9, as published.
    """

    hooks = ("edit",)
    needs_styles = True

    def __init__(self, probability: float = 0.9):
        if not 0 <= probability <= 1:
            raise UserError(f"style_mixing({probability}): the probability must be from 0 to 1.")
        self.probability = probability

    def edit(self, generator):
        others = {}  # id of a tensor: the same of the next image's latent

        def of_next(tensor):
            if not isinstance(tensor, keras.KerasTensor):
                return tensor
            if id(tensor) not in others:  # an input: latents, or labels, which stay
                is_label = "int" in tensor.dtype
                others[id(tensor)] = (
                    tensor,
                    tensor if is_label else NextRow(dtype="float32")(tensor),
                )
            return others[id(tensor)][1]

        def call(operation, *args, **kwargs):
            outputs = operation(*args, **kwargs)
            if styles.STYLES in mapped:
                return outputs
            given = keras.tree.map_structure(of_next, args)
            # Their average counts once.
            is_average = operation.name == styles.AVERAGE
            made = given[0] if is_average else operation(*given, **kwargs)
            others[id(outputs)] = (outputs, made)
            mapped.add(operation.name)
            if operation.name == styles.STYLES:
                mix = MixedRows(self.probability, seed=0, dtype="float32", name=styles.MIXED)
                return mix([outputs, made])
            return outputs

        mapped = set()
        styles.mapping(generator)  # which refuses other generators
        return keras.models.clone_model(
            generator, clone_function=lambda layer: layer, call_function=call
        )


@keras.saving.register_keras_serializable("gan_tf")
class NextRow(keras.layers.Layer):
    """The next row of a batch in place of each, the first in place of the last."""

    def call(self, inputs):
        return tf.roll(inputs, -1, 0)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable("gan_tf")
class MixedRows(keras.layers.Layer):
    """Replaces the last rows of w, in training: [(batch, n, m), others of the same shape] -> the same.

    Args:
        probability: that an image has rows of the other, from 1 to n - 1 of them.
        seed: of the choices, an int; None: random.
    """

    def __init__(self, probability, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.probability = probability
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        rows, others = inputs
        if not training:
            return rows
        batch, count = tf.shape(rows)[0], rows.shape[1]
        first = keras.random.randint((batch, 1), 1, count, seed=self.seed_generator)
        mixed = keras.random.uniform((batch, 1), seed=self.seed_generator) < self.probability
        chosen = mixed & (tf.range(count) >= first)
        return tf.where(chosen[..., None], others, rows)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return super().get_config() | {"probability": self.probability, "seed": self.seed}


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("path_length")
class PathLength(Trick):
    """Path length regularization: a step in W changes the image equally much wherever it begins.

    weight * mean((|J^T y| - a)^2), where J is the derivative of an image by w, y images of N(0, 1)
    divided by the root of their pixels, and a the moving average of the lengths |J^T y|. It is
    computed once per `every` steps, on a part of the batch, and then counts `every` times. Like a lazy
    penalty it shares an update with the loss, so that an optimizer makes no additional updates for
    which rates would have to be corrected.

    Source: Karras et al., 2020 (https://arxiv.org/abs/1912.04958), section 3.2, equation 4, and
    appendix B.

    Args:
        weight: 0 or more, default 2, as published.
        every: interval in steps, from 1, default 4.
        decay: the part of a new mean length in the moving average, default 0.01.
        shrink: the batch is this many times as large as the part that it is computed on, default 2.
    """

    hooks = ("generator_loss",)
    metrics = ("path_length", "path_length_penalty")
    needs_styles = True

    def __init__(self, weight: float = 2.0, every: int = 4, decay: float = 0.01, shrink: int = 2):
        if weight < 0 or min(every, shrink) < 1 or not 0 < decay <= 1:
            raise UserError(
                f"path_length({weight}, every={every}, decay={decay}, shrink={shrink}): weight must be "
                "0 or more, every and shrink 1 or more, and decay above 0, at most 1."
            )
        self.weight = weight
        self.every = every
        self.decay = decay
        self.shrink = shrink

    def attach(self, gan):
        generator = gan.networks["generator"]
        self._halves = styles.mapping(generator), styles.synthesis(generator)
        self._average = gan.keep("mean_path_length", ())

    def generator_loss(self, gan, loss, batch):
        count = tf.maximum(tf.shape(batch.latents)[0] // self.shrink, 1)

        def compute():
            mapping, synthesis = self._halves
            latents = batch.latents[:count]
            inputs = latents if batch.labels is None else [latents, batch.labels[:count]]
            noise = keras.random.normal(tf.shape(batch.fake[:count]), seed=gan.random)

            def images(rows, training):
                labeled = len(synthesis.inputs) > 1
                return synthesis([rows, inputs[1]] if labeled else rows, training=training)

            return path_lengths(images, mapping(inputs, training=True), noise)

        lengths = lazily(gan.step, self.every, compute, tf.zeros((count,)))
        due = tf.cast(gan.step % self.every == 0, tf.float32)
        mean = replicas.mean(tf.reduce_mean(lengths))
        average = tf.convert_to_tensor(self._average)
        self._average.assign_add(due * self.decay * (tf.stop_gradient(mean) - average))
        center = tf.stop_gradient(tf.convert_to_tensor(self._average))
        penalty = due * self.weight * tf.reduce_mean(tf.square(lengths - center))
        gan.log(path_length=center, path_length_penalty=self.every * penalty)
        return loss + self.every * penalty


def path_lengths(synthesis, rows, noise):
    """Returns the lengths |J^T y| of images, float32 (batch,) (or float64).

    Args:
        synthesis: a function of rows of w (batch, n, m) and `training` that returns images.
        rows: the rows; the square of a length is the mean over the n rows of the square norms.
        noise: N(0, 1), of the images' shape (batch, H, W, C).
    """
    with tf.GradientTape() as tape:
        tape.watch(rows)
        images = widened(synthesis(rows, training=True))
        pixels = math.prod(images.shape[1:3])
        projected = tf.reduce_sum(images * tf.cast(noise, images.dtype)) / math.sqrt(pixels)
    gradients = widened(tape.gradient(projected, rows))
    squares = tf.reduce_mean(tf.reduce_sum(tf.square(gradients), 2), 1)
    # The derivative of the square root is infinite at 0.
    return tf.sqrt(squares + 1e-12)
