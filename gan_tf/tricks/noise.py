"""Noise on the discriminator's input and inside the generator."""

import abc
import itertools

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.layers import ACTIVATIONS
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import ScheduledTrick, Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("instance_noise")
class InstanceNoise(ScheduledTrick):
    """Instance noise: Gaussian noise on the discriminator's input, decaying over the run.

    Reals and fakes then overlap, so that the discriminator cannot separate them with
    certainty, and its gradient stays useful to the generator.

    Source: Soenderby et al., "Amortised MAP Inference for Image Super-resolution", 2017
    (https://arxiv.org/abs/1610.04490), section 3.3; Arjovsky and Bottou, 2017
    (https://arxiv.org/abs/1701.04862), section 3.

    Args:
        stddev: at the first step, 0 or more, for images in [-1, 1], default 0.1.
        total_steps: training steps over which it decays linearly to 0; default: the run's.
    """

    hooks = ("images",)

    def __init__(self, stddev: float = 0.1, total_steps=None):
        if stddev < 0:
            raise UserError(f"instance_noise({stddev}): stddev must be 0 or more.")
        super().__init__(total_steps)
        self.stddev = stddev

    def images(self, gan, images):
        scale = tf.maximum(0.0, 1 - tf.cast(gan.step, tf.float32) / self.total_steps)
        noise = keras.random.normal(tf.shape(images), stddev=self.stddev, seed=gan.random)
        return images + scale * noise


class _Inserting(Trick, abc.ABC):
    """A trick that inserts a new layer after each hidden activation of the generator."""

    hooks = ("edit",)

    @abc.abstractmethod
    def layer(self, seed):
        """Returns a new layer, with random numbers from a seed."""

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
            raise UserError(f"generator_noise({stddev}): stddev must be 0 or more.")
        self.stddev = stddev

    def layer(self, seed):
        return keras.layers.GaussianNoise(self.stddev, seed=seed)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("generator_dropout")
class GeneratorDropout(_Inserting):
    """Dropout after each hidden layer of the generator, in training and in sampling.

    An image then depends on the dropped units too, which depend on the latents in the same
    batch: `gan_tf.generate` still draws the same image k of a seed, but an image of `--seeds` can
    differ from the first image of that seed.
    A generator saved with it can be loaded only where gan_tf is installed.

    Source: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks",
    2017 (https://arxiv.org/abs/1611.07004), section 3.1; Chintala et al., "How to train a
    GAN", 2016, hack 17.

    Args:
        rate: the fraction of dropped units, from 0 to below 1, default 0.5.
        sampling: whether units are dropped in sampling too, default true.
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
    """Dropout that is active at inference too. Arguments are those of Keras."""

    def call(self, inputs, training=False):
        del training
        return super().call(inputs, training=True)
