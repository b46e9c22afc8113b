"""pix2pix: a generator from an image to an image against a discriminator of pairs."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.data.examples import SOURCE, TARGET
from gan_tf.errors import UserError
from gan_tf.gans.arguments import several
from gan_tf.gans.batch import Batch, trimmed
from gan_tf.gans.example_sampling import ExampleSampling, resized
from gan_tf.gans.standard import GAN
from gan_tf.networks import build as networks
from gan_tf.registry import CONTENT_LOSSES, GANS

_COLORS = ("rgb", "lab")


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("pix2pix")
class Pix2Pix(ExampleSampling, GAN):
    """pix2pix (Isola et al., 2017): translates an image into its counterpart, from pairs.

    The generator G makes an output of a source x; the discriminator sees both, and tells pairs
    (x, y) with the target from pairs (x, G(x)). The generator's loss is the adversarial one plus
    the content losses of output and target; without either it is one of the paper's ablations.
    There is no latent: the paper's noise is the generator's dropout. What tricks do to the
    discriminator's images (DiffAugment, noise) they do to both of a pair, with the same random
    numbers.

    Logged as for the standard GAN, and `content_loss`, the weighted sum of the content losses.

    Source: https://arxiv.org/abs/1611.07004, section 3. The authors' code halves the
    discriminator's loss; with Adam, that changes nothing.

    Args:
        generator: a Keras model: sources (batch, h, w, C) in [-1, 1] -> (batch, H, W, D).
        discriminator: a Keras model: [targets or outputs (batch, H, W, D), sources (batch, H, W,
            C)] -> (batch, ...) logits. Smaller sources are enlarged to the target's size.
        seed, tricks, **kwargs: as for `GAN`.
        color: what the generator's network makes: "rgb" (default), or "lab": a and b of CIE Lab, which
            color the gray source.
    """

    source = "example"
    pairing = "paired"
    modalities = ("image",)
    commands = ("translate", "evaluate", "explore", "export")
    supported = (
        "penalty",
        "discriminator_steps",
        "generator_steps",
        "content_loss",
        "discriminator",
    )
    smallest_batch = 1
    hooks = ("images", "logits", "discriminator_loss", "generator_loss", "penalty")
    of_pairs = ("content_loss",)
    logged = (*GAN.logged, *of_pairs)
    default_arch = "unet"
    default_discriminator = "patchgan"
    default_content_loss = ("l1",)

    def __init__(self, generator, discriminator, seed=0, tricks=(), color: str = "rgb", **kwargs):
        Pix2Pix.check_options(color)
        self.color = color
        super().__init__(generator, discriminator, seed, tricks, **kwargs)

    def check_pair(self, generator, discriminator):
        """Raises a `UserError` unless the discriminator takes [outputs, sources]."""
        made, *others = [each.shape[1:] for each in discriminator.inputs]
        if len(others) != 1 or made != generator.outputs[0].shape[1:]:
            raise UserError(
                "The discriminator of a translation takes two inputs: outputs of the shape "
                f"{generator.outputs[0].shape[1:]}, and their sources."
            )

    @classmethod
    def check_options(cls, color="rgb"):
        if color not in _COLORS:
            raise UserError(f"pix2pix(color='{color}'): give one of {', '.join(_COLORS)}.")

    @classmethod
    def build_network(cls, name, spec, color="rgb"):
        if name == "discriminator":
            return networks.pair_discriminator(spec)
        return networks.translator(dataclasses.replace(spec, color=color))

    def get_config(self):
        return super().get_config() | {"color": self.color}

    def compile(self, *args, content_losses=("l1",), **kwargs):
        """Configures the training.

        Args:
            content_losses: content losses (see `gan_tf.losses.content`) or their specs, default l1
                with the paper's weight of 100.
            *args, **kwargs: as for `GAN.compile`.
        """
        self.content_losses = several(CONTENT_LOSSES, content_losses)
        for each in self.content_losses:
            each.check(self.generator.outputs[0].shape[1:])
        super().compile(*args, **kwargs)
        self._compile_arguments["content_losses"] = list(content_losses)
        if not self.adversarial_loss.adversarial:
            used = {"generator_loss", "generator_gradient_norm", *self.of_pairs}
            self._unused_metrics = set(self.logged) - used

    def split_batch(self, data):
        """[what `unpack` returns]: the part of the batch for each discriminator update."""
        pair = self.unpack(data, self.batch_multiple)
        return list(zip(*(tf.split(each, self.discriminator_steps) for each in pair)))

    def unpack(self, data, multiple):
        """Returns targets, sources and, if conditional, labels of a batch, as many as have a divisor."""
        examples, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        parts = [examples[TARGET], examples[SOURCE], *([labels] if self.conditional else [])]
        return tuple(trimmed(each, multiple) for each in parts)

    def generate_batch(self, real, source, labels=None, training=True):
        """Translates the sources, to the classes `labels` if conditional."""
        inputs = [source, labels] if self.conditional else source
        fake = self.generator(inputs, training=training)
        return Batch(real, fake, labels, sources=resized(source, real.shape[1:3]))

    def conditions(self, batch):
        """What the discriminator sees beside targets and beside outputs: the sources."""
        return batch.sources, batch.sources

    def discriminate(self, samples, condition=None):
        for trick in self.tricks:
            before = tf.identity(self.random.state)
            samples = trick.images(self, samples)
            self.random.state.assign(before)
            condition = trick.images(self, condition)
        return self._discriminate(samples, condition)

    def update_discriminator(self, batch):
        if not self.adversarial_loss.adversarial:
            return None
        return super().update_discriminator(batch)

    def generator_loss(self, batch, real_output):
        losses = self.losses_of_pairs(batch)
        self.log(**losses)
        loss = tf.add_n([*losses.values()])
        if not self.adversarial_loss.adversarial:
            return loss
        return loss + super().generator_loss(batch, real_output)

    def losses_of_pairs(self, batch):
        """Returns the losses named in `of_pairs`: the weighted sum of the content losses."""
        found = (each(batch.fake, batch.real) for each in self.content_losses)
        # A sum of a tensor: the optimizer of graphs changes the order of additions, and so the last bit.
        return {"content_loss": tf.reduce_sum([0.0, *found])}
