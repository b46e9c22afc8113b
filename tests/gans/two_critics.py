"""A plug-in: a kind of GAN with three networks and three optimizers, on `BaseGAN` alone.

Two least-squares critics of different widths score the samples of one generator (as in Nguyen et
al., "Dual Discriminator Generative Adversarial Nets", 2017, but with the same loss for both).
"""

import keras
import tensorflow as tf

from gan_tf.gans.base import BaseGAN
from gan_tf.latents.graph import draw_batch
from gan_tf.networks import build as networks
from gan_tf.registry import GANS


@keras.saving.register_keras_serializable("two_critics")
@GANS.register("two_critics")
class TwoCritics(BaseGAN):
    """Two critics: a generator against two discriminators, each with an optimizer of its own.

    Args:
        weight: of the second critic in the generator's loss, default 1.
    """

    network_names = ("generator", "first", "second")
    roles = {"generator": "generator", "first": "discriminator", "second": "discriminator"}
    critics = ("first", "second")
    supported = ("penalty",)
    commands = ("generate", "evaluate", "export")
    default_arch = "mlp"
    default_loss = "least_squares"
    default_optimizers = {"discriminator": "sgd(0.02)"}

    def __init__(self, generator, first, second, seed=0, tricks=(), weight: float = 1.0, **kwargs):
        self.weight = weight
        own = {"generator": generator, "first": first, "second": second}
        logged = [f"{name}_{what}" for name in own for what in ("loss", "gradient_norm")]
        trained_by = {name: [name] for name in own}
        super().__init__(own, trained_by, seed, tricks, logged, **kwargs)
        self.build((None, self.latent_dim))

    @classmethod
    def build_network(cls, name, spec, weight=1.0):
        return networks.generator(spec) if name == "generator" else networks.discriminator(spec)

    def train_step(self, data):
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        drawn = draw_batch(tf.shape(real)[0], self.latent_dim, self.random)
        for name in self.critics:
            fake = self.generator(drawn, training=True)
            critic = self.networks[name]
            with tf.GradientTape() as tape:
                logits = critic(real, training=True), critic(fake, training=True)
                loss = tf.reduce_mean(self.adversarial_loss.discriminator(*logits))
                scaled = self.scaled_loss(name, loss)
            self.log(**{f"{name}_gradient_norm": self.apply(name, tape, scaled)})
            self.log(**{f"{name}_loss": loss})
        with tf.GradientTape() as tape:
            fake = self.generator(drawn, training=True)
            loss = 0.0
            for name, weight in zip(self.critics, (1.0, self.weight)):
                logits = self.networks[name](fake, training=True)
                loss += weight * tf.reduce_mean(self.adversarial_loss.generator(logits, logits))
            scaled = self.scaled_loss("generator", loss)
        norm = self.apply("generator", tape, scaled)
        self.log(generator_loss=loss, generator_gradient_norm=norm)
        return self.end_step()

    def get_config(self):
        return super().get_config() | {"weight": self.weight}
