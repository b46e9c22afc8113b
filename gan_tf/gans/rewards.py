"""What a discriminator's opinion of a sequence is worth to each of its tokens.

A reward turns sequences that the generator has drawn into a number for each token, by which the gradient
of that token's log-likelihood is multiplied (REINFORCE: Williams, 1992).
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks import policy as policies
from gan_tf.registry import REWARDS, Configurable

BASELINES = ("none", "batch", "moving")


class Reward(Configurable):
    """The base class: subclasses define `rewards(gan, tokens)`.

    Attributes:
        adversarial: whether there is anything beside maximum likelihood.
        logits_of: what the discriminator must have a logit for: "sample", or each "token".

    Args:
        baseline: what is subtracted from rewards, which changes the variance of the gradient and not its
            expectation: "none"; "batch": the mean of the batch's other sequences at the same position;
            "moving": a moving average of past rewards, one number.
        decay: of that moving average, per generator step, from 0 to below 1.
    """

    adversarial = True
    logits_of = "sample"

    def __init__(self, baseline: str = "none", decay: float = 0.9):
        name = type(self).__name__
        if baseline not in BASELINES:
            raise UserError(
                f"The reward {name} has no baseline '{baseline}'; there are: {', '.join(BASELINES)}."
            )
        _check_fraction(name, "decay", decay)
        self.baseline = baseline
        self.decay = decay

    def attach(self, gan):
        """Called once, when the GAN is created; can add networks and state to it."""
        if self.baseline == "moving":
            gan.keep("baseline", ())

    def begin(self, gan, first):
        """Called in each generator step, before any reward; `first`: whether it is the first of all."""

    def rewards(self, gan, tokens):
        """Returns float32 (batch, length), given int32 tokens (batch, length) that the generator drew."""
        raise NotImplementedError(f"{type(self).__name__} has no rewards")

    def advantages(self, gan, rewards):
        """Returns rewards (batch, length) minus the baseline."""
        if self.baseline == "batch":
            others = tf.cast(tf.maximum(tf.shape(rewards)[0] - 1, 1), rewards.dtype)
            return rewards - (tf.reduce_sum(rewards, axis=0) - rewards) / others
        if self.baseline == "moving":
            state = gan.kept["baseline"]
            before = tf.convert_to_tensor(state)
            state.assign(self.decay * before + (1 - self.decay) * tf.reduce_mean(rewards))
            return rewards - before
        return rewards


@keras.saving.register_keras_serializable("gan_tf")
@REWARDS.register("none")
class NoReward(Reward):
    """No reward: maximum likelihood alone, the baseline of the others."""

    adversarial = False

    def __init__(self):
        pass

    def attach(self, gan):
        del gan


@keras.saving.register_keras_serializable("gan_tf")
@REWARDS.register("rollout")
class Rollout(Reward):
    """Monte Carlo rollouts (Yu et al., 2017): each prefix is completed several times, and judged.

    The reward of token t is the mean probability of being real, D(y), of sequences that begin with the
    tokens up to t and are completed by the roll-out policy; of the last token, that of the sequence.
    The roll-out policy is a copy of the generator that follows it: at the start of each generator step
    policy <- lag policy + (1 - lag) generator.

    Source: https://arxiv.org/abs/1609.05473, equation 4 and algorithm 1. A lag of 0.8 is the update rate
    of the authors' code, where, however, the graph of the rollouts reads the generator's own weights,
    so that 0 is what it computes.

    Args:
        rollouts: completions of each prefix, from 1.
        lag: of the roll-out policy, from 0 (the generator itself) to below 1.
        baseline, decay: as for `Reward`.
    """

    def __init__(
        self, rollouts: int = 16, lag: float = 0.8, baseline: str = "none", decay: float = 0.9
    ):
        super().__init__(baseline, decay)
        if rollouts < 1:
            raise UserError(f"rollout({rollouts}): give 1 rollout or more.")
        _check_fraction("rollout", "lag", lag)
        self.rollouts = rollouts
        self.lag = lag

    def attach(self, gan):
        super().attach(gan)
        if self.lag:
            policy = keras.models.clone_model(gan.generator)
            policy.name, policy.trainable = "rollout_policy", False
            policy.set_weights(gan.generator.get_weights())
            gan.add_network("rollout_policy", policy, average_of="generator")

    def begin(self, gan, first):
        if not self.lag:
            return
        lag = tf.where(first, 0.0, self.lag)
        policy = gan.networks["rollout_policy"]
        for mine, its in zip(policy.weights, gan.generator.weights, strict=True):
            mine.assign(lag * tf.convert_to_tensor(mine) + (1 - lag) * tf.convert_to_tensor(its))

    def rewards(self, gan, tokens):
        policy = gan.networks["rollout_policy" if self.lag else "generator"]
        return action_values(
            policies.of(policy), tokens, self.rollouts, gan.probabilities, gan.random
        )


@keras.saving.register_keras_serializable("gan_tf")
@REWARDS.register("maligan")
class MaliGAN(Reward):
    """MaliGAN (Che et al., 2017): sequences are weighted by their importance under the data.

    All tokens of a sequence have the same reward: r(y) / sum of r over the batch, where r = D / (1 - D)
    estimates the ratio of the densities of data and generator. Minus the mean, 1 / batch, in use.

    Source: https://arxiv.org/abs/1702.07983, section 3.2.

    Args:
        ratio: true (default): r = D / (1 - D); false: r = D, as in Texygen's code.
        baseline, decay: as for `Reward`.
    """

    def __init__(self, ratio: bool = True, baseline: str = "batch", decay: float = 0.9):
        super().__init__(baseline, decay)
        self.ratio = ratio

    def rewards(self, gan, tokens):
        logits = tf.reshape(gan.judge(tokens).logits, (-1,))
        # D / (1 - D) is the exponential of the logit.
        logs = logits if self.ratio else tf.math.log_sigmoid(logits)
        weights = tf.nn.softmax(logs)
        return tf.tile(weights[:, None], (1, tokens.shape[1]))


@keras.saving.register_keras_serializable("gan_tf")
@REWARDS.register("per_token")
class PerToken(Reward):
    """Rewards of each token (ScratchGAN: de Masson d'Autume et al., 2019), which need no pretraining.

    The discriminator judges each token given those before, with probability D of being real. The reward
    of token t is the sum over s >= t of gamma^(s - t) (2 D_s - 1).

    Source: https://arxiv.org/abs/1905.09922, section 3.2.

    Args:
        gamma: discount of later tokens, from 0 to 1.
        baseline, decay: as for `Reward`.
    """

    logits_of = "token"

    def __init__(self, gamma: float = 0.23, baseline: str = "moving", decay: float = 0.08):
        super().__init__(baseline, decay)
        if not 0 <= gamma <= 1:
            raise UserError(f"per_token(gamma={gamma}): give a number from 0 to 1.")
        self.gamma = gamma

    def rewards(self, gan, tokens):
        return discounted(2 * gan.probabilities(tokens) - 1, self.gamma)


def action_values(policy, tokens, rollouts, score, seed):
    """Estimates the expected score of sequences after each of their tokens, by rollouts.

    One compiled loop over the prefixes, from their stored states: all rollouts of all sequences draw at
    once.

    Args:
        policy: a `gan_tf.networks.language_model.LanguageModel`.
        tokens: int32 (batch, length).
        rollouts: completions of each prefix.
        score: a function of int32 tokens (n, length) that returns float32 (n,).
        seed: a `keras.random.SeedGenerator`.

    Returns:
        float32 (batch, length): item t is the mean score of completions of tokens 0 to t; the last is
        the score of the sequence.
    """
    length = tokens.shape[1]
    states = policy.prefix_states(tokens)
    repeated = tf.tile(tokens, (rollouts, 1))
    rows = tf.shape(repeated)[0]

    def body(at, values):
        state = tf.nest.map_structure(lambda each: tf.tile(each[at], (rollouts, 1)), states)
        uniforms = keras.random.uniform((rows, length), seed=seed)
        made = policy.continued(repeated, repeated[:, at - 1], state, uniforms, at)
        scores = tf.reshape(score(made), (rollouts, -1))
        return at + 1, values.write(at - 1, tf.reduce_mean(scores, axis=0))

    values = tf.TensorArray(tf.float32, size=length, element_shape=(tokens.shape[0],))
    _, values = tf.while_loop(
        lambda at, _: at < length, body, (tf.constant(1), values), parallel_iterations=1
    )
    return tf.transpose(values.write(length - 1, score(tokens)).stack())


def discounted(rewards, gamma):
    """Returns the discounted sums of rewards to come, (batch, length): r_t + gamma r_{t+1} + ..."""
    total, found = tf.zeros_like(rewards[:, 0]), []
    for each in tf.unstack(rewards, axis=1)[::-1]:
        total = each + gamma * total
        found.append(total)
    return tf.stack(found[::-1], axis=1)


def _check_fraction(reward, name, value):
    if not 0 <= value < 1:
        raise UserError(f"The {name} of the reward {reward} is {value}: give 0 or more, below 1.")
