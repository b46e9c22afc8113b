"""The permutation-invariant networks of BiGAN."""

import dataclasses
import math

import keras
from keras import layers

from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import activation
from gan_tf.networks.moments import BatchNormalization
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("bigan_mlp")
@dataclasses.dataclass(eq=False)
class BiganMLP(Architecture):
    """Multi-layer perceptrons of BiGAN (Donahue et al., 2017), as in its MNIST experiment.

    Two hidden layers of `width` units, no biases, batch normalization without scale and shift,
    weights initialized from N(0, 0.02), those of the logit layer to 0.
    Generator: latent -> width -> width, whose input includes the latent -> image, ReLU, sigmoid.
    Encoder: image -> width -> width -> codes, LeakyReLU(0.2), batch norm in the second layer.
    Discriminator: the same with one logit; for pairs, its second layer's input includes the latent.

    Source: https://arxiv.org/abs/1605.09782, section 4.1, with the constants of the authors'
    code (jeffdonahue/bigan). Differences: images are in [-1, 1], rescaled to [0, 1] internally;
    latents are N(0, I), which the prior makes uniform (the encoder's are as if by the authors'
    logistic function, see `Uniform.encoded`); at inference batch normalization uses moving averages
    (momentum 0.99), where they average over 1,000 batches before each evaluation.

    Args:
        width: units per hidden layer, default 1024.
    """

    light = True
    norms = ("batch",)

    width: int = 1024

    def generate(self, latents, image_shape, modulate=None):
        activate, modulate = activation("relu"), modulate or (lambda x: x)
        x = activate(modulate(_norm()(self._hidden(latents))))
        x = self._hidden(layers.Concatenate()([x, latents]))
        x = activate(modulate(_norm()(x)))
        x = layers.Reshape(image_shape)(_dense(math.prod(image_shape))(x))
        # float32 regardless of the precision of the preceding layers.
        x = layers.Activation("sigmoid", dtype="float32")(x)
        return layers.Rescaling(2.0, -1.0, dtype="float32", name="images")(x)

    def discriminate(self, images):
        activate = activation("leaky_relu")
        x = self._hidden(activate(self._hidden(_flat(images))))
        x = layers.Flatten(name="features")(activate(_norm()(x)))
        return _logits(x)

    def encode(self, images, units):
        activate = activation("leaky_relu")
        x = self._hidden(activate(self._hidden(_flat(images))))
        x = layers.Flatten(name="features")(activate(_norm()(x)))
        return _dense(units, dtype="float32", name="codes")(x)

    def discriminate_pair(self, images, latents):
        activate = activation("leaky_relu")
        x = layers.Flatten(name="features")(activate(self._hidden(_flat(images))))
        x = self._hidden(layers.Concatenate()([x, latents]))
        return _logits(activate(_norm()(x)))

    def _hidden(self, x):
        return _dense(self.width)(x)


def _flat(images):
    return layers.Flatten()(layers.Rescaling(0.5, 0.5)(images))


def _dense(units, initializer=None, **options):
    initializer = initializer or keras.initializers.RandomNormal(0.0, 0.02)
    return layers.Dense(units, use_bias=False, kernel_initializer=initializer, **options)


def _norm():
    return BatchNormalization(momentum=0.99, epsilon=1e-8, center=False, scale=False)


def _logits(x):
    logits = _dense(1, keras.initializers.Zeros(), dtype="float32")(x)
    # A layer of its own, to whose input conditionings add.
    return layers.Activation("linear", dtype="float32", name="logits")(logits)
