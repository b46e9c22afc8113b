"""Rewards: policy gradients against finite differences of the expected reward, all sequences enumerated."""

import itertools
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.rewards import action_values, discounted
from gan_tf.gans.seqgan import policy_loss
from gan_tf.networks.language_model import LanguageModel
from gan_tf.registry import REWARDS

VOCABULARY, LENGTH = 3, 3
EVERYTHING = np.array(list(itertools.product(range(VOCABULARY), repeat=LENGTH)), np.int32)
SCORES = np.random.default_rng(0).random(len(EVERYTHING))  # of each sequence


@pytest.fixture(scope="module")
def policy():
    keras.utils.set_random_seed(2)
    layer = LanguageModel(VOCABULARY, LENGTH, 3, 4, deviation=0.7, dtype="float64")
    layer.build((None, LENGTH))
    return layer


def row(tokens):
    """The index of each sequence in `EVERYTHING`."""
    return np.asarray(tokens) @ VOCABULARY ** np.arange(LENGTH - 1, -1, -1)


def score(tokens):
    """The score of int tokens (n, length), in a graph too."""
    powers = tf.constant(VOCABULARY ** np.arange(LENGTH - 1, -1, -1), tf.int32)
    return tf.gather(tf.constant(SCORES, tf.float32), tf.reduce_sum(tokens * powers, axis=1))


def probabilities(policy):
    return np.exp(np.sum(policy.log_likelihoods(EVERYTHING), axis=1))


def exact_values(policy):
    """The expected score after each token of each sequence, (27, 3)."""
    chances, values = probabilities(policy), np.empty((len(EVERYTHING), LENGTH))
    for index, sequence in enumerate(EVERYTHING):
        for at in range(LENGTH):
            same = (EVERYTHING[:, : at + 1] == sequence[: at + 1]).all(axis=1)
            values[index, at] = chances[same] @ SCORES[same] / chances[same].sum()
    return values


def expected_gradient(policy, advantages):
    """Minus the expectation over all sequences of the gradient of `policy_loss`, one vector."""
    weighted = probabilities(policy)[:, None] * advantages
    with tf.GradientTape() as tape:
        loss = policy_loss(policy, EVERYTHING, tf.constant(weighted))
    return -flat(tape.gradient(loss, policy.trainable_variables))


def flat(gradients):
    return np.concatenate([tf.convert_to_tensor(each).numpy().ravel() for each in gradients])


def finite_differences(policy, step=1e-5):
    """The gradient of the expected score in all weights."""
    found = []
    for variable in policy.trainable_variables:
        start = variable.numpy()
        for at in np.ndindex(start.shape):
            ends = []
            for sign in (1, -1):
                moved = start.copy()
                moved[at] += sign * step
                variable.assign(moved)
                ends.append(probabilities(policy) @ SCORES)
            found.append((ends[0] - ends[1]) / (2 * step))
        variable.assign(start)
    return np.array(found)


@pytest.mark.slow
def test_the_policy_gradient_is_that_of_the_expected_reward(policy):
    expected = finite_differences(policy)
    assert np.abs(expected).max() > 0.01
    found = expected_gradient(policy, exact_values(policy))
    np.testing.assert_allclose(found, expected, atol=1e-9)
    # Of the reward of the whole sequence for each token, too, with more variance.
    whole = np.tile(SCORES[:, None], (1, LENGTH))
    np.testing.assert_allclose(expected_gradient(policy, whole), expected, atol=1e-9)


@pytest.mark.slow
def test_a_baseline_leaves_the_expected_gradient_as_it_is(policy):
    """Of all pairs of sequences, with their probabilities: each is the other's baseline."""
    values, chances = exact_values(policy), probabilities(policy)
    reward = REWARDS.build("rollout(baseline='batch')")
    total = np.zeros_like(values)
    for first, second in itertools.product(range(len(EVERYTHING)), repeat=2):
        advantages = reward.advantages(None, tf.constant(values[[first, second]]))
        total[first] += chances[second] * advantages[0]
    np.testing.assert_allclose(
        expected_gradient(policy, total), finite_differences(policy), atol=1e-9
    )
    assert np.abs(total).mean() < np.abs(values).mean() / 2


def test_the_mean_of_rollouts_is_the_exact_expectation(policy):
    """The standard error of 4,000 rollouts of a score between 0 and 1 is at most 0.008."""
    tokens = EVERYTHING[[0, 7, 13, 26]]

    @tf.function
    def estimate():
        return action_values(policy, tf.constant(tokens), 4000, score, seed)

    seed = keras.random.SeedGenerator(0)
    found = estimate().numpy()
    exact = exact_values(policy)[row(tokens)]
    np.testing.assert_allclose(found, exact, atol=0.03)
    np.testing.assert_allclose(found[:, -1], SCORES[row(tokens)], rtol=1e-6)
    assert np.abs(exact - exact.mean()).max() > 0.1
    assert not np.array_equal(estimate()[:, :-1], found[:, :-1])


def gan(logits, **attributes):
    """What rewards see of a GAN whose discriminator has these logits."""
    logits = tf.constant(logits, tf.float32)
    made = types.SimpleNamespace(kept={}, networks={}, **attributes)
    made.judge = lambda tokens: types.SimpleNamespace(logits=logits)
    made.probabilities = lambda tokens: tf.sigmoid(logits)
    made.keep = lambda name, shape: made.kept.update({name: tf.Variable(tf.zeros(shape))})
    return made


def test_maligan_weights_sequences_by_odds():
    """D = 1/2, 3/4, 1/4: odds 1, 3, 1/3, of a sum of 13/3."""
    logits = np.log([[1.0], [3.0], [1 / 3]])
    tokens = tf.zeros((3, 2), tf.int32)
    found = REWARDS.build("maligan").rewards(gan(logits), tokens)
    expected = np.array([3, 9, 1]) / 13
    np.testing.assert_allclose(found, np.stack([expected, expected], axis=1), rtol=1e-6)
    by_probability = REWARDS.build("maligan(ratio=False)").rewards(gan(logits), tokens)
    np.testing.assert_allclose(by_probability[:, 0], np.array([2, 3, 1]) / 6, rtol=1e-6)


def test_rewards_of_each_token_are_discounted_sums():
    logits = np.log([[1.0, 3.0, 1 / 3]])  # D = 1/2, 3/4, 1/4: rewards 0, 1/2, -1/2
    found = REWARDS.build("per_token(gamma=0.5)").rewards(gan(logits), None)
    np.testing.assert_allclose(found, [[0.125, 0.25, -0.5]], atol=1e-6)
    np.testing.assert_allclose(discounted(tf.ones((2, 3)), 1.0), [[3, 2, 1]] * 2)


def test_a_moving_baseline_is_that_of_past_steps():
    reward, seen = REWARDS.build("per_token(decay=0.25)"), gan([[0.0]])
    reward.attach(seen)
    first = reward.advantages(seen, tf.constant([[1.0, 3.0]]))
    np.testing.assert_allclose(first, [[1, 3]])
    assert float(seen.kept["baseline"]) == pytest.approx(1.5)  # 3/4 of the mean, 2
    second = reward.advantages(seen, tf.constant([[2.0, 2.0]]))
    np.testing.assert_allclose(second, [[0.5, 0.5]])
    assert float(seen.kept["baseline"]) == pytest.approx(1.875)


def test_the_baseline_of_a_batch_is_the_mean_of_the_others():
    reward = REWARDS.build("rollout(baseline='batch')")
    found = reward.advantages(None, tf.constant([[1.0, 0.0], [2.0, 4.0], [6.0, 2.0]]))
    np.testing.assert_allclose(found, [[-3, -3], [-1.5, 3], [4.5, 0]])


def test_without_a_baseline_rewards_stay():
    rewards = tf.constant([[1.0, 0.0], [2.0, 4.0]])
    np.testing.assert_array_equal(REWARDS.build("rollout").advantages(None, rewards), rewards)


@pytest.mark.parametrize(
    "spec, message",
    [
        ("rollout(0)", "give 1 rollout or more"),
        ("rollout(lag=1.0)", "The lag of the reward rollout is 1.0: give 0 or more, below 1"),
        ("rollout(baseline='mean')", "no baseline 'mean'; there are: none, batch, moving"),
        ("per_token(gamma=1.5)", "give a number from 0 to 1"),
        ("per_token(decay=-1.0)", "The decay of the reward"),
    ],
)
def test_refuses_in_one_sentence(spec, message):
    with pytest.raises(UserError, match=message.replace("(", r"\(")):
        REWARDS.build(spec)
