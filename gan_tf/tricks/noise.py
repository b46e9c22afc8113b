"""Noise on the discriminator's input and inside the generator."""

import abc
import itertools

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.layers import ACTIVATIONS
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick, needed


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("instance_noise")
class InstanceNoise(Trick):
    """Instance noise: Gaussian noise on the discriminator's inputs, which fades during the run.

    Reals and fakes then overlap, so that the discriminator cannot tell them apart with
    certainty, and its gradient is of use to the generator.

    Source: Soenderby et al., "Amortised MAP Inference for Image Super-resolution", 2017
    (https://arxiv.org/abs/1610.04490), section 3.3; Arjovsky and Bottou, 2017
    (https://arxiv.org/abs/1701.04862), section 3.

    Args:
        stddev: at the first step, 0 or more, in units of the image's range [-1, 1], default 0.1.
        total_steps: training steps until it is 0, linearly; default: those of the run.
    """

    def __init__(self, stddev: float = 0.1, total_steps=None):
        if stddev < 0:
            raise UserError(f"instance_noise({stddev}) is no noise: it must be 0 or more.")
        self.stddev = stddev
        self.total_steps = needed("instance_noise", total_steps)

    def images(self, gan, images):
        left = tf.maximum(0.0, 1 - tf.cast(gan.step, tf.float32) / self.total_steps)
        noise = keras.random.normal(tf.shape(images), stddev=self.stddev, seed=gan.random)
        return images + left * noise


class _Inserting(Trick, abc.ABC):
    """A trick that puts a new layer behind each hidden activation of the generator."""

    @abc.abstractmethod
    def layer(self, seed):
        """Returns a new layer, whose random numbers depend on a seed."""

    def edit(self, generator):
        seeds = itertools.count()

        def call(operation, *args, **kwargs):
            outputs = operation(*args, **kwargs)
            hidden = operation.name not in generator.output_names
            if hidden and isinstance(operation, ACTIVATIONS):
                return self.layer(next(seeds))(outputs)
            return outputs

        return keras.models.clone_model(
            generator, clone_function=lambda layer: layer, call_function=call
        )


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("generator_noise")
class GeneratorNoise(_Inserting):
    """Gaussian noise after each hidden layer of the generator, in training only.

    Source: Zhao et al., "Energy-based Generative Adversarial Network", 2017
    (https://arxiv.org/abs/1609.03126); Chintala et al., "How to train a GAN", 2016, hack 13.

    Args:
        stddev: of the noise on each activation, 0 or more, default 0.1.
    """

    def __init__(self, stddev: float = 0.1):
        if stddev < 0:
            raise UserError(f"generator_noise({stddev}) is no noise: it must be 0 or more.")
        self.stddev = stddev

    def layer(self, seed):
        return keras.layers.GaussianNoise(self.stddev, seed=seed)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("generator_dropout")
class GeneratorDropout(_Inserting):
    """Dropout after each hidden layer of the generator, in training and in sampling.

    With it, an image depends on the dropped units too. Those depend on the latents that are
    computed with it: `gan_tf.generate` draws image k of a seed as ever, but one of `--seeds` may
    differ from the first of that seed.
    A generator that is saved with it can be loaded where gan_tf is installed only.

    Source: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks",
    2017 (https://arxiv.org/abs/1611.07004), section 3.1; Chintala et al., "How to train a
    GAN", 2016, hack 17.

    Args:
        rate: the share of units that is dropped, from 0 to below 1, default 0.5.
        sampling: whether units are dropped while sampling too, default true.
    """

    def __init__(self, rate: float = 0.5, sampling: bool = True):
        if not 0 <= rate < 1:
            raise UserError(f"generator_dropout({rate}): the rate must be 0 or more, below 1.")
        self.rate = rate
        self.sampling = sampling

    def layer(self, seed):
        kind = ConstantDropout if self.sampling else keras.layers.Dropout
        return kind(self.rate, seed=seed)


@keras.saving.register_keras_serializable("gan_tf")
class ConstantDropout(keras.layers.Dropout):
    """Dropout that goes on when the network is not trained. Arguments are those of Keras."""

    def call(self, inputs, training=False):
        del training
        return super().call(inputs, training=True)
