"""BiGAN: a generator and an encoder against a discriminator of pairs."""

import keras
import tensorflow as tf

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.gans import given_networks
from gan_tf.gans.batch import Batch
from gan_tf.gans.standard import GAN
from gan_tf.networks import build as networks
from gan_tf.registry import GANS

_COLUMNS = 8  # of a snapshot
_SAMPLED = 5  # rows of samples in it
_RECONSTRUCTED = 2  # rows of reals, each with a row of their reconstructions

POSTERIORS = {"deterministic": 1, "gaussian": 2}  # values of the encoder for each latent


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("bigan")
class BiGAN(GAN):
    """BiGAN and ALI (Donahue et al.; Dumoulin et al., 2017): trains an encoder, too.

    The discriminator tells pairs (x, E(x)) of a real and its code from pairs (G(z), z) of a latent
    and its sample; generator and encoder minimize its loss with the labels exchanged. At the
    optimum G and E are each other's inverses. All three are updated at once, from one pass, as in
    the authors' code; of `discriminator_steps` the others are of the discriminator alone.

    Codes are in the space of the generator's latents, N(0, I); the discriminator sees latents and
    codes as the prior makes them.

    Logged as for the standard GAN; generator_loss is that of generator and encoder together, and so
    is its gradient norm.

    Source: https://arxiv.org/abs/1605.09782, sections 3 and 3.4; https://arxiv.org/abs/1606.00704.

    Args:
        generator: as for `GAN`, without labels.
        encoder: a Keras model: samples (batch, ...) -> (batch, latent_dim), or (batch, 2 latent_dim)
            of mean and log variance, where the posterior is "gaussian".
        discriminator: a Keras model: [samples, latents from N(0, I)] -> (batch, ...) logits.
        seed, tricks, **kwargs: as for `GAN`.
        posterior: "deterministic" (default), or "gaussian": codes are drawn from N(mean, variance)
            in training; in use the mean is taken.
    """

    network_names = ("generator", "encoder", "discriminator")
    commands = ("generate", "evaluate", "explore", "export", "invert", "anomaly", "restore")
    supported = ("penalty", "freeze_discriminator", "discriminator_steps", "reject")
    unsupported = ("penalty=wgan_gp", "penalty=dragan", "penalty=r2")
    encoder_name = "encoder"
    hooks = ("edit", "images", "logits", "discriminator_loss", "generator_loss", "penalty")

    def __init__(
        self,
        generator,
        encoder,
        discriminator,
        seed=0,
        tricks=(),
        posterior: str = "deterministic",
        **kwargs,
    ):
        self.check_options(posterior)
        self.posterior = posterior
        own = {"generator": generator, "encoder": encoder, "discriminator": discriminator}
        trained_by = {"generator": ["generator", "encoder"], "discriminator": ["discriminator"]}
        super().__init__(
            generator,
            discriminator,
            seed,
            tricks,
            own_networks=own,
            trained_by=trained_by,
            **kwargs,
        )
        given_networks.check_pairs(
            generator, encoder, discriminator, POSTERIORS[posterior] * self.latent_dim
        )

    @classmethod
    def check_options(cls, posterior="deterministic"):
        if posterior not in POSTERIORS:
            raise UserError(
                f"bigan(posterior='{posterior}'): there is no such posterior; there are: "
                f"{', '.join(POSTERIORS)}."
            )

    @classmethod
    def build_network(cls, name, spec, posterior="deterministic"):
        cls.check_options(posterior)
        if name == "encoder":
            return networks.encoder(spec, POSTERIORS[posterior])
        return {"generator": networks.generator, "discriminator": networks.joint_discriminator}[
            name
        ](spec)

    @classmethod
    def encoding(cls, encoder, posterior="deterministic"):
        """Returns an encoder as it is used, with the names of what it gives.

        Args:
            encoder: the network, with a layer named "features".
            posterior: as for `BiGAN`.

        Returns:
            A `keras.Model` that shares its layers: samples -> {"codes": (batch, latent_dim),
            "features": (batch, n), and, of a Gaussian posterior, "deviations": like the codes}.
        """
        (samples,), outputs = encoder.inputs, given_networks.outputs(encoder)
        features = encoder.get_layer("features").output
        if posterior == "deterministic":
            return keras.Model(samples, {"codes": outputs, "features": features})
        mean, log_variance = keras.ops.split(outputs, 2, axis=-1)
        deviations = keras.ops.exp(log_variance / 2)
        found = {"codes": mean, "features": features, "deviations": deviations}
        return keras.Model(samples, found)

    def encode(self, samples, training=False):
        """Returns codes (batch, latent_dim) of samples as networks see them.

        A Gaussian posterior is drawn from in training; in use its mean is taken.
        """
        outputs = self.encoder(samples, training=training)
        if self.posterior == "deterministic":
            return outputs
        mean, log_variance = tf.split(outputs, 2, axis=-1)
        if not training:
            return mean
        noise = keras.random.normal(tf.shape(mean), seed=self.random)
        return mean + tf.exp(log_variance / 2) * noise

    def reference_inputs(self, real, labels, drawn):
        _, *others = super().reference_inputs(real, labels, drawn)
        return [(self.discriminator, [real, drawn]), (self.encoder, real), *others]

    def conditions(self, batch):
        """What the discriminator takes beside the reals, codes, and beside the fakes, latents."""
        return batch.codes, batch.latents

    def preview_inputs(self, examples, modality, seed):
        drawn = latents.draw(seed, range(_SAMPLED * _COLUMNS), self.latent_dim)
        reals = modality.to_network(examples.samples[: _RECONSTRUCTED * _COLUMNS])
        return [drawn, reals], _COLUMNS

    def preview(self, inputs, training=False):
        """Returns rows of samples, then rows of reals, each above its reconstructions G(E(x))."""
        drawn, reals = inputs
        parts = [self.sampler(drawn, training=training)]
        made = self.sampler(self.encode(reals, training=training), training=training)
        for at in range(0, _RECONSTRUCTED * _COLUMNS, _COLUMNS):
            parts += [reals[at : at + _COLUMNS], made[at : at + _COLUMNS]]
        return tf.concat(parts, axis=0)

    def train_step(self, data):
        """Makes one training step; returns the means of the logged values since the epoch began."""
        *parts, last = self.split_batch(data)
        for real, labels in parts:
            self.update_discriminator(self.generate_batch(real, labels))
        with tf.GradientTape(persistent=True) as tape:
            batch = self.generate_batch(*last)
            real, fake = self.discriminate_batch(batch)
            loss = self.discriminator_loss(batch, real, fake)
            penalty = self.penalty(batch)
            inverse_loss = self.inverse_loss(batch.with_outputs(real, fake))
            scaled = {
                "discriminator": self.scaled_loss("discriminator", loss + penalty),
                "generator": self.scaled_loss("generator", inverse_loss),
            }
        gradients = {name: self.gradients(name, tape, each) for name, each in scaled.items()}
        norms = {name: self.apply_gradients(name, each) for name, each in gradients.items()}
        self.log_discriminator(loss, penalty, norms["discriminator"], real, fake)
        self.log(generator_loss=inverse_loss, generator_gradient_norm=norms["generator"])
        return self.end_step()

    def inverse_losses(self, real_logits, fake_logits):
        encoder = self.adversarial_loss.encoder(real_logits, fake_logits)
        return [*super().inverse_losses(real_logits, fake_logits), encoder]

    def generate_batch(self, real, labels, training=True):
        batch = super().generate_batch(real, labels, training)
        codes = self.encode(real, training=training)
        return Batch(batch.real, batch.fake, None, batch.latents, codes)

    def get_config(self):
        return super().get_config() | {"posterior": self.posterior}
