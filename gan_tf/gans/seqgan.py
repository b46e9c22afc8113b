"""SeqGAN: a generator of sequences of tokens, trained by policy gradient."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.arguments import built
from gan_tf.gans.standard import GAN
from gan_tf.networks import policy as policies
from gan_tf.registry import GANS, REWARDS

PHASES = ("mle", "discriminator", "adversarial")


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("seqgan")
class SeqGAN(GAN):
    """SeqGAN (Yu et al., 2017): draws sequences of tokens; the discriminator's opinion is its reward.

    Tokens are discrete, so no gradient passes from the discriminator to the generator. The generator
    is a policy: the gradient of the log-likelihood of each token that it has drawn, times a reward made
    of the discriminator's opinion, raises the expected reward (REINFORCE).

    Training has three phases, a function of the step alone:

    * mle: the generator maximizes the likelihood of the data.
    * discriminator: the discriminator learns to tell data from samples.
    * adversarial: in each step the generator is updated once, the discriminator
      `discriminator_steps` times, each on a batch of data and a new batch of samples.

    In the first two phases, too, a step has `discriminator_steps` updates, so that all steps take as many
    data.

    Logged as means: pretraining_loss, nats per token of the data, in the first phase; of the
    discriminator what the standard GAN logs; reward, the mean of all rewards; generator_loss, minus the
    sum of rewards less baseline times log-likelihoods; and the global norms of all gradients.

    Source: https://arxiv.org/abs/1609.05473, algorithm 1, with the constants of the authors' code.
    Differences: the discriminator sees new samples in each update, where they train on the same 10,000
    three times.

    Args:
        generator: a `keras.Model` of noise (batch, length), a
            `gan_tf.networks.language_model.LanguageModel`.
        discriminator: a `keras.Model`: int tokens (batch, length) -> logits (batch, 1), or, for rewards
            of each token, (batch, length).
        seed, tricks, **kwargs: as for `GAN`.
        reward: a reward (see `gan_tf.gans.rewards`) or its spec.
        mle: steps of the first phase, default 1000.
        discriminator_only: steps of the second, default 200.
    """

    logged = (
        *GAN.logged,
        "pretraining_loss",
        "pretraining_gradient_norm",
        "reward",
        "nll",
    )
    roles = {
        "generator": "generator",
        "pretraining": "pretraining",
        "discriminator": "discriminator",
    }
    source = "noise"
    form = "stored"
    modalities = ("tokens",)
    smooth = False
    knows = ("density",)
    commands = ("generate", "evaluate", "explore", "export")
    supported = (
        "penalty",
        "discriminator_steps",
        "reward",
        "pretraining_optimizer",
        "temperature",
        "prompt",
    )
    # Replicas cannot exchange gradients in a phase, which is a branch of the graph.
    unsupported = ("strategy", "penalty=wgan_gp", "penalty=dragan", "penalty=r1", "penalty=r2")
    hooks = ("reals", "logits", "discriminator_loss", "generator_loss", "penalty")
    default_arch = "lstm"
    default_reward = "rollout"
    default_optimizers = {
        "generator": "adam(0.01, beta_1=0.9)",
        "pretraining": "adam(0.01, beta_1=0.9)",
        "discriminator": "adam(1e-4, beta_1=0.9)",
    }

    def __init__(
        self,
        generator,
        discriminator,
        seed=0,
        tricks=(),
        reward="rollout",
        mle: int = 1000,
        discriminator_only: int = 200,
        **kwargs,
    ):
        self.check_options(mle, discriminator_only)
        self.mle, self.discriminator_only = mle, discriminator_only
        self.reward = built(REWARDS, reward)
        self._policy = policies.of(generator)
        trained_by = {
            "generator": ["generator"],
            "pretraining": ["generator"],
            "discriminator": ["discriminator"],
        }
        super().__init__(
            generator,
            discriminator,
            seed,
            tricks,
            trained_by=trained_by,
            **kwargs,
        )

    def build(self, input_shape):
        if not self.built:
            self.reward.attach(self)  # Keras adds nothing to a model that is built
        super().build(input_shape)

    @classmethod
    def check_options(cls, mle=0, discriminator_only=0):
        for name, steps in (("mle", mle), ("discriminator_only", discriminator_only)):
            if steps < 0:
                raise UserError(f"seqgan({name}={steps}): give a number of steps, 0 or more.")

    @classmethod
    def build_network(cls, name, spec, **options):
        architecture = spec.architecture
        return {"generator": architecture.generator, "discriminator": architecture.discriminator}[
            name
        ](spec.sample_shape)

    @classmethod
    def log_likelihoods(cls, generator, tokens):
        """Returns float32 (n, length): the log-likelihood of each of int tokens (n, length)."""
        return policies.of(generator).log_likelihoods(tokens)

    @classmethod
    def steered(cls, generator):
        """Returns a sampler with a temperature and a prompt: see `gan_tf.networks.policy.steered`."""
        return policies.steered(generator)

    @classmethod
    def from_spec(cls, spec, seed=0, **options):
        networks = {name: cls.build_network(name, spec) for name in cls.network_names}
        return cls(**networks, seed=seed, tricks=spec.tricks, reward=spec.reward, **options)

    @classmethod
    def from_config(cls, config):
        reward = keras.saving.deserialize_keras_object(config.pop("reward"))
        return super().from_config(config | {"reward": reward})

    @property
    def phase(self):
        """The name of the phase that the next step belongs to."""
        return PHASES[int(self._phase())]

    def notes(self, total_steps):
        begins = self.mle + self.discriminator_only
        if not self.reward.adversarial or total_steps > begins:
            return []
        return [
            f"This run of {total_steps:,} steps ends before its adversarial phase, which begins after "
            f"{begins:,}: give more --steps, or shorter phases, such as "
            f'--gan="seqgan(mle={total_steps // 2}, discriminator_only={total_steps // 10})".'
        ]

    def train_step(self, data):
        """Runs one training step; returns the means of the logged values since the epoch began."""
        parts = tf.stack([samples for samples, _ in self.split_batch(data)])
        updates = self._imitate, self._train_discriminator, self._play
        updates = updates if self.reward.adversarial else updates[:1]
        tf.switch_case(self._phase(), [lambda each=each: each(parts) for each in updates])
        return self.end_step()

    def test_step(self, data):
        """Evaluates a batch as `GAN` does, and logs nll: nats per token of the samples."""
        samples, _ = self.unpack(data, 1)
        self.log(nll=-self._policy.log_likelihoods(samples))
        return super().test_step(data) | {"nll": self._metrics_by_name["nll"].result()}

    def judge(self, tokens):
        """Returns the `DiscriminatorOutput` on int tokens (batch, length), in inference mode."""
        return self._infer_discriminator(tokens)

    def probabilities(self, tokens):
        """Returns the discriminator's probability of being real: (batch,), or (batch, length)."""
        logits = self.judge(tokens).logits
        return tf.sigmoid(logits if self.reward.logits_of == "token" else logits[:, 0])

    def compile(self, *arguments, **options):
        super().compile(*arguments, **options)
        if self.discriminator.losses:
            self._unused_metrics.discard("penalty")

    def penalty(self, batch):
        """Returns the sum of the penalties, and of what the discriminator's layers regularize."""
        return tf.add_n([super().penalty(batch), *self.discriminator.losses])

    def _phase(self):
        """The index in `PHASES` of the next step's phase, an int32 tensor."""
        if not self.reward.adversarial:
            return tf.constant(0)
        begins = (self.mle, self.mle + self.discriminator_only)
        return tf.add_n([tf.cast(self.step >= each, tf.int32) for each in begins])

    def _imitate(self, parts):
        """A maximum likelihood update of the generator on each part."""

        def update(tokens):
            with tf.GradientTape() as tape:
                loss = -tf.reduce_mean(self._policy.log_likelihoods(tokens))
                scaled = self.scaled_loss("pretraining", loss)
            norm = self.apply("pretraining", tape, scaled)
            self.log(pretraining_loss=loss, pretraining_gradient_norm=norm)

        return _each(parts, update)

    def _train_discriminator(self, parts):
        """An update of the discriminator on each part and as many new samples."""
        return _each(parts, lambda real: self.update_discriminator(self.generate_batch(real, None)))

    def _play(self, parts):
        """An update of the generator by policy gradient, then those of the discriminator."""
        batch = self.generate_batch(parts[0], None)
        self.reward.begin(self, tf.equal(self.step, self.mle + self.discriminator_only))
        rewards = self.reward.rewards(self, batch.fake)
        advantages = tf.stop_gradient(self.reward.advantages(self, rewards))
        with tf.GradientTape() as tape:
            loss = policy_loss(self._policy, batch.fake, advantages)
            for trick in self.tricks:
                loss = trick.generator_loss(self, loss, batch)
            scaled = self.scaled_loss("generator", loss)
        norm = self.apply("generator", tape, scaled)
        self.log(generator_loss=loss, generator_gradient_norm=norm, reward=rewards)
        return self._train_discriminator(parts)

    def get_config(self):
        return super().get_config() | {
            "reward": keras.saving.serialize_keras_object(self.reward),
            "mle": self.mle,
            "discriminator_only": self.discriminator_only,
        }


def policy_loss(policy, tokens, advantages):
    """Returns a scalar whose gradient estimates that of the expected reward, with the sign changed.

    Args:
        policy: a `gan_tf.networks.language_model.LanguageModel`.
        tokens: int32 (batch, length), drawn by the policy.
        advantages: float (batch, length), constants.
    """
    return -tf.reduce_sum(policy.log_likelihoods(tokens) * advantages)


def _each(parts, update):
    """Calls a function of each part in a compiled loop; returns how many there were."""

    def body(at):
        update(parts[at])
        return (at + 1,)

    return tf.while_loop(lambda at: at < parts.shape[0], body, (tf.constant(0),))[0]
