"""Penalties on critics whose gradients are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.losses.penalties import gradient_norms
from gan_tf.registry import PENALTIES

SEED = keras.random.SeedGenerator(0)
REAL = keras.random.normal((6, 2, 2, 1), seed=1)
FAKE = keras.random.normal((6, 2, 2, 1), seed=2)


def linear(weights):
    """A critic whose gradient is `weights` everywhere."""
    return lambda images: tf.reduce_sum(images * np.reshape(weights, (2, 2, 1)), axis=(1, 2))


def test_wgan_gp_of_linear_critics():
    # |grad| = 5 everywhere: 10 (5 - 1)^2; |grad| = 1: nothing
    steep, right = linear(np.float32([3, 0, 4, 0])), linear(np.float32([0, 1, 0, 0]))
    for spec, critic, expected in (
        ("wgan_gp", steep, 160),
        ("wgan_gp(2)", steep, 32),
        ("wgan_gp", right, 0),
    ):
        penalty = PENALTIES.build(spec)(critic, REAL, FAKE, SEED)
        assert float(penalty) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_wgan_gp_looks_uniformly_between_real_and_fake():
    """f = |y|^2 / 2 has |grad f| = |y|: with x = 0 and |G(z)| = 3, that is 3 times the share."""
    seen = []

    def critic(images):
        seen.append(images.numpy())
        return tf.reduce_sum(images**2, axis=(1, 2, 3)) / 2

    real = tf.zeros((20_000, 2, 2, 1))
    fake = real + tf.reshape([3.0, 0, 0, 0], (2, 2, 1))
    penalty = PENALTIES.build("wgan_gp(1)")(critic, real, fake, SEED)
    # the mean of (3a - 1)^2 over a in [0, 1] is 3 - 3 + 1
    assert float(penalty) == pytest.approx(1, rel=0.05)
    shares = seen[0][:, 0, 0, 0] / 3
    assert 0 <= shares.min() < 0.01 and 0.99 < shares.max() <= 1
    np.testing.assert_allclose(np.histogram(shares, 4)[0] / 20_000, 0.25, atol=0.02)


def packed(images):
    """A critic of pairs, whose gradient has a norm of 1 at each, and of sqrt(1/2) at its halves."""
    return tf.reduce_sum(tf.reshape(images, (-1, 8)), axis=1) / np.sqrt(8)


packed.packing = 2


def test_the_sample_of_a_packed_critic_is_the_pack():
    np.testing.assert_allclose(gradient_norms(packed, REAL), np.ones(3), rtol=1e-5)
    for spec, expected in (("wgan_gp", 0), ("dragan", 0), ("r1(2)", 1), ("r2(2)", 1)):
        value = PENALTIES.build(spec)(packed, REAL, FAKE, SEED)
        assert float(value) == pytest.approx(expected, abs=1e-5)


def test_packs_are_mixed_as_wholes():
    seen = []

    def critic(images):
        seen.append(images.numpy()[:, 0, 0, 0])
        return packed(images)

    critic.packing = 2
    PENALTIES.build("wgan_gp")(critic, tf.zeros((6, 2, 2, 1)), tf.ones((6, 2, 2, 1)), SEED)
    pairs = seen[0].reshape(3, 2)
    np.testing.assert_array_equal(pairs[:, 0], pairs[:, 1])
    assert len(np.unique(pairs)) == 3


def test_wgan_gp_teaches_the_critic():
    scale = tf.Variable(5.0)
    with tf.GradientTape() as tape:
        penalty = PENALTIES.build("wgan_gp(1)")(
            lambda images: scale * tf.reduce_sum(images, axis=(1, 2, 3)), REAL, FAKE, SEED
        )
    # |grad| = 2 s, penalty (2 s - 1)^2, derivative 4 (2 s - 1)
    assert float(tape.gradient(penalty, scale)) == pytest.approx(36, rel=1e-4)


def test_gradient_norms_can_be_differentiated_at_zero():
    scale = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        norms = gradient_norms(lambda x: scale * tf.reduce_sum(x, axis=(1, 2, 3)), REAL)
    assert np.isfinite(tape.gradient(norms, scale))
    np.testing.assert_allclose(norms, 0, atol=1e-5)


def test_weight_clip_cuts_after_the_update():
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    network.set_weights([np.zeros((3, 2)), np.zeros(2)])
    PENALTIES.build("weight_clip(0.1)").constrain(network)
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([tf.fill((3, 2), -1.0), tf.constant([0.05, 7])], network.trainable_variables)
    np.testing.assert_allclose(network.get_weights()[0], np.full((3, 2), 0.1))
    np.testing.assert_allclose(network.get_weights()[1], [-0.05, -0.1])


def test_wgan_gp_takes_points_and_sequences():
    for shape in ((6, 3), (6, 2, 3)):
        real, fake = keras.random.normal(shape, seed=1), keras.random.normal(shape, seed=2)
        # |grad| = 2 sqrt(size): 10 (2 sqrt(size) - 1)^2
        critic = lambda x: 2 * tf.reduce_sum(tf.reshape(x, (6, -1)), axis=1)  # noqa: E731
        expected = 10 * (2 * np.sqrt(np.prod(shape[1:])) - 1) ** 2
        value = PENALTIES.build("wgan_gp")(critic, real, fake, SEED)
        assert float(value) == pytest.approx(expected, rel=1e-5)


def half_square(images):
    """A critic whose gradient is the image itself."""
    return tf.reduce_sum(images**2, axis=(1, 2, 3)) / 2


def test_r1_and_r2_look_at_the_reals_and_at_the_fakes():
    squares = [float(tf.reduce_mean(tf.reduce_sum(each**2, (1, 2, 3)))) for each in (REAL, FAKE)]
    for spec, expected in (
        ("r1", 5 * squares[0]),
        ("r1(3.0, every=1)", 1.5 * squares[0]),
        ("r2(3.0)", 1.5 * squares[1]),
    ):
        value = PENALTIES.build(spec)(half_square, REAL, FAKE, SEED)
        assert float(value) == pytest.approx(expected, rel=1e-5)
    assert [PENALTIES.build(spec).every for spec in ("r1", "r2(every=4)", "wgan_gp")] == [16, 4, 1]


def test_dragan_looks_around_the_reals():
    seen = []

    def critic(images):
        seen.append(images.numpy() - real.numpy())
        return half_square(images)

    real = tf.reshape(tf.tile([3.0, -3.0], [40_000]), (20_000, 2, 2, 1))  # deviation 3
    value = PENALTIES.build("dragan(1)")(critic, real, FAKE, SEED)
    noise = seen[0]
    assert noise.min() >= 0 and noise.max() <= 1.5
    # a u s / 2 with a and u uniform and independent: mean s / 8
    assert noise.mean() == pytest.approx(3 / 8, rel=0.02)
    shares = noise.reshape(20_000, 4)  # the share a is the same for all pixels of an image
    assert np.corrcoef(shares[:, 0], shares[:, 1])[0, 1] > 0.3
    norms = np.sqrt(np.sum((real.numpy() + noise) ** 2, axis=(1, 2, 3)))
    assert float(value) == pytest.approx(np.mean((norms - 1) ** 2), rel=1e-4)


def test_l2_sums_the_squares_of_kernels_only():
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    network.set_weights([np.full((3, 2), 2.0), np.full(2, 7.0)])
    penalty = PENALTIES.build("l2(0.5)")
    penalty.constrain(network)
    assert float(penalty(None, REAL, FAKE, SEED)) == pytest.approx(0.5 * 6 * 4)


@pytest.mark.parametrize("name", ["wgan_gp", "dragan", "r1", "r2", "l2"])
def test_no_penalty_for_a_weight_of_zero(name):
    penalty = PENALTIES.build(f"{name}(0)")
    penalty.constrain(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    assert float(penalty(half_square, REAL, FAKE, SEED)) == 0


@pytest.mark.parametrize(
    "spec",
    ["wgan_gp(-1.0)", "weight_clip(0.0)", "r1(-1.0)", "r2(every=0)", "l2(-1.0)", "dragan(-1)"],
)
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match="must be"):
        PENALTIES.build(spec)


def test_r1_and_r2_together_agree_with_finite_differences():
    """In float64: the gradient of both penalties' sum by a critic's weights, a second derivative."""
    random = np.random.default_rng(0)
    real, fake = (tf.constant(random.standard_normal((3, 2, 2, 1))) for _ in range(2))
    start = random.standard_normal((4, 5)) / 2
    weights, last = tf.Variable(start), tf.constant(random.standard_normal((5, 1)))

    def critic(images):
        return tf.tanh(tf.reshape(images, (-1, 4)) @ weights) @ last

    def total():
        both = PENALTIES.build("r1(2.0, every=1)"), PENALTIES.build("r2(0.5, every=1)")
        return tf.add_n([each(critic, real, fake, SEED) for each in both])

    def by_hand(images, gamma):
        slopes = 1 - np.tanh(images.numpy().reshape(3, 4) @ start) ** 2
        gradients = (slopes * last.numpy()[:, 0]) @ start.T
        return gamma / 2 * np.mean(np.sum(gradients**2, axis=1))

    with tf.GradientTape() as tape:
        value = total()
    assert float(value) == pytest.approx(by_hand(real, 2.0) + by_hand(fake, 0.5), rel=1e-9)
    found, step = tape.gradient(value, weights).numpy(), 1e-6
    for at in np.ndindex(4, 5):
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[at] += sign * step
            weights.assign(moved)
            ends.append(float(total()))
        assert found[at] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6, abs=1e-8)
