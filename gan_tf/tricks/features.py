"""Tricks that use the discriminator's features: feature matching and InfoGAN."""

import keras
import tensorflow as tf
from keras import layers, ops

from gan_tf.errors import UserError
from gan_tf.latents.priors import Uniform
from gan_tf.registry import TRICKS
from gan_tf.runtime import replicas
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("feature_matching")
class FeatureMatching(Trick):
    """Feature matching: matches the mean discriminator features of fakes to those of reals.

    The generator minimizes weight * |mean f(x) - mean f(G(z))|^2, averaged over the features f,
    instead of or in addition to the adversarial loss.

    Source: Salimans et al., 2016 (https://arxiv.org/abs/1606.03498), section 3.1. The features
    are the input of the logits layer; those of the reals are from before the discriminator's
    update.

    Args:
        weight: 0 or more, default 1.
        adversarial: weight of the adversarial loss, default 0, as in the paper.
    """

    hooks = ("generator_loss", "features")
    metrics = ("feature_distance",)

    def __init__(self, weight: float = 1.0, adversarial: float = 0.0):
        if weight < 0 or adversarial < 0:
            raise UserError("The weights of feature_matching must be 0 or more.")
        self.weight = weight
        self.adversarial = adversarial

    def generator_loss(self, gan, loss, batch):
        real, fake = (
            replicas.mean(tf.reduce_mean(each.named("features"), axis=0))
            for each in (batch.real_output, batch.fake_output)
        )
        distance = tf.reduce_mean(tf.square(tf.stop_gradient(real) - fake))
        gan.log(feature_distance=distance)
        return self.adversarial * loss + self.weight * distance


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("infogan")
class InfoGAN(Trick):
    """InfoGAN: some latents are codes that the discriminator recovers from the images.

    The first `categorical` latents become a one-hot class, uniformly distributed, the next
    `continuous` ones are uniform on [-1, 1]; a network Q with a hidden layer of 128 units on the
    discriminator's features reconstructs them. Both networks minimize
    weight * (cross-entropy of the class + 0.1 * Gaussian negative log-likelihood of the others),
    a bound on the mutual information of codes and images.

    Source: Chen et al., "InfoGAN", 2016 (https://arxiv.org/abs/1606.03657), equations 5 and 6,
    appendix C.

    Args:
        categorical: number of classes, 0 for none, default 10.
        continuous: number of continuous codes, 0 or more, default 2.
        weight: 0 or more, default 1.
    """

    hooks = ("latents", "discriminator_loss", "generator_loss", "features")
    metrics = ("code_loss",)

    def __init__(self, categorical: int = 10, continuous: int = 2, weight: float = 1.0):
        if min(categorical, continuous, weight) < 0 or categorical + continuous < 1:
            raise UserError(
                f"infogan({categorical}, {continuous}, {weight}) needs at least one code, and no "
                "argument below 0."
            )
        self.categorical = categorical
        self.continuous = continuous
        self.weight = weight

    def latents(self, normal, latents):
        count = self.categorical + self.continuous
        if count > normal.shape[-1]:
            raise UserError(
                f"infogan needs {count} latents for its codes: give --latent_dim={count} or more."
            )
        return ops.concatenate([self.codes(normal), latents[:, count:]], axis=-1)

    def codes(self, normal):
        """Returns the codes (batch, categorical + continuous) represented by normal latents."""
        split = self.categorical
        codes = []
        if split:
            # Each of several independent normals is equally likely to be the largest.
            codes.append(ops.one_hot(ops.argmax(normal[:, :split], axis=-1), split))
        if self.continuous:
            codes.append(Uniform()(normal[:, split : split + self.continuous]))
        return ops.concatenate(codes, axis=-1)

    def attach(self, gan):
        features = keras.Input(gan.features_shape)
        hidden = layers.LeakyReLU(negative_slope=0.1)(layers.Dense(128)(features))
        outputs = layers.Dense(self.categorical + 2 * self.continuous, dtype="float32")(hidden)
        network = keras.Model(features, outputs, name="recognition")
        gan.add_network("recognition", network, trained_by="discriminator")

    def discriminator_loss(self, gan, loss, batch):
        return loss + self._code_loss(gan, batch)

    def generator_loss(self, gan, loss, batch):
        code_loss = self._code_loss(gan, batch)
        gan.log(code_loss=code_loss)
        return loss + code_loss

    def _code_loss(self, gan, batch):
        codes = self.codes(batch.latents)
        recovered = gan.networks["recognition"](batch.fake_output.named("features"), training=True)
        split = self.categorical
        loss = 0.0
        if split:
            loss += tf.reduce_mean(
                tf.nn.softmax_cross_entropy_with_logits(codes[:, :split], recovered[:, :split])
            )
        if self.continuous:
            mean, log_variance = tf.split(recovered[:, split:], 2, axis=-1)
            error = tf.square(codes[:, split:] - mean) * tf.exp(-log_variance) + log_variance
            loss += 0.1 * tf.reduce_mean(tf.reduce_sum(error, axis=-1)) / 2
        return self.weight * loss
