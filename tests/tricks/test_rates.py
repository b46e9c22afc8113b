"""Learning rates and gradients."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS


def rates(gan):
    optimizers = (gan.generator_optimizer, gan.discriminator_optimizer)
    return [float(each.learning_rate) for each in optimizers]


def test_ttur_sets_the_discriminators_rate_by_the_generators(make):
    gan = make("ttur(3.0)", compile={"generator_optimizer": "adam(1e-4)"})
    assert rates(gan) == pytest.approx([1e-4, 3e-4])


@pytest.mark.parametrize(
    "spec, factors",
    [
        ("lr_decay", [0.75, 0.5, 0.25, 0, 0]),
        ("lr_decay(start=0.5)", [1, 1, 0.5, 0, 0]),
        ("lr_decay(final=0.2)", [0.8, 0.6, 0.4, 0.2, 0.2]),
        ("lr_decay('cosine')", [(1 + math.cos(math.pi * k / 4)) / 2 for k in (1, 2, 3, 4, 4)]),
    ],
)
def test_decay_ends_with_the_run(make, images, spec, factors):
    sgd = {"generator_optimizer": "sgd(0.2)", "discriminator_optimizer": "sgd(0.4)"}
    gan = make(spec, compile=sgd)
    found = []
    for _ in factors:  # of 4 steps in all
        gan.train_on_batch(images)
        found.append(rates(gan))
    np.testing.assert_allclose(found, np.outer(factors, [0.2, 0.4]), atol=1e-7)


def test_exponential_decay_ends_at_a_hundredth_with_the_run(make, images):
    gan = make("lr_decay('exponential', start=0.5)", compile={"generator_optimizer": "sgd(0.2)"})
    found = []
    for _ in range(5):  # of 4 steps in all
        gan.train_on_batch(images)
        found.append(rates(gan)[0])
    # 0.01 to the power of what is done of the second half: 0, 0, 1/2, 1, 1.
    np.testing.assert_allclose(found, [0.2, 0.2, 0.02, 0.002, 0.002], rtol=1e-5)


def test_halving_ends_at_a_fifth(make, images):
    gan = make("lr_decay('halving')", compile={"generator_optimizer": "sgd(0.2)"})
    gan.tricks[0].total_steps = 20
    found = []
    for _ in range(7):
        gan.train_on_batch(images)
        found.append(rates(gan)[0])
    # Halved after each tenth, of 2 steps.
    np.testing.assert_allclose(found, [0.2, 0.1, 0.1, 0.05, 0.05, 0.04, 0.04], rtol=1e-5)


def test_decay_goes_on_from_a_lower_scale_and_after_loading(make, images, tmp_path):
    gan = make("lr_decay", "ttur(2.0)", compile={"generator_optimizer": "sgd(0.2)"})
    gan.train_on_batch(images)
    gan.learning_rate_scale.assign(0.5)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    for each in (gan, loaded):
        each.train_on_batch(images)
        assert rates(each) == pytest.approx([0.2 * 0.5 * 0.5, 0.4 * 0.5 * 0.5])


def along_cosine(first, final):
    """After 0 to 5 of 4 steps."""
    cosines = [(1 + math.cos(math.pi * min(done, 4) / 4)) / 2 for done in range(6)]
    return [final + (first - final) * each for each in cosines]


def test_penalties_fall_along_a_cosine(make, images):
    still = {"generator_optimizer": "sgd(0.0)", "discriminator_optimizer": "sgd(0.0)"}
    gan = make("penalty_decay(0.2)", compile={"penalties": ["l2(1.0)"], **still})
    found = []
    for _ in range(6):
        gan.reset_metrics()
        found.append(gan.train_on_batch(images, return_dict=True)["penalty"])
    np.testing.assert_allclose(found, np.multiply(found[0], along_cosine(1, 0.2)), rtol=1e-5)


def test_beta_2_grows_along_a_cosine_and_after_loading(make, images, tmp_path):
    adam = {
        f"{each}_optimizer": "adam(1e-3, beta_1=0.0, beta_2=0.5)"
        for each in ("generator", "discriminator")
    }
    gan, found = make("beta_2_growth(0.9)", compile=adam), []

    def mean_squares():
        named = [each for each in gan.generator_optimizer.variables if "velocity" in each.path]
        return sum(float(tf.reduce_sum(each)) for each in named)

    for step in range(6):
        if step == 3:
            gan.save(tmp_path / "gan.keras")
            gan = keras.models.load_model(tmp_path / "gan.keras")
        before = mean_squares()
        gan.reset_metrics()
        square = gan.train_on_batch(images, return_dict=True)["generator_gradient_norm"] ** 2
        # It is b before + (1 - b) square.
        found.append((mean_squares() - square) / (before - square))
    np.testing.assert_allclose(found, along_cosine(0.5, 0.9), atol=1e-3)


def test_beta_2_must_be_smaller_at_first(make):
    with pytest.raises(UserError, match=r"of the generator.s optimizer is 0\.999 already"):
        make("beta_2_growth")


def test_beta_2_is_that_of_adam(make):
    with pytest.raises(UserError, match="that of the discriminator is another"):
        make("beta_2_growth(0.9999)", compile={"discriminator_optimizer": "sgd"})


def test_clipping_limits_the_length_of_an_update(make, images):
    sgd = {"generator_optimizer": "sgd(1.0)", "discriminator_optimizer": "sgd(1.0)"}
    gan = make("gradient_clipping(0.01)", compile=sgd)
    before = [each.numpy() for each in gan.discriminator.trainable_variables]
    logs = gan.train_on_batch(images, return_dict=True)
    after = [each.numpy() for each in gan.discriminator.trainable_variables]
    moved = math.sqrt(sum(np.sum((a - b) ** 2) for a, b in zip(after, before)))
    assert moved == pytest.approx(0.01, rel=1e-3)
    assert logs["discriminator_gradient_norm"] > 0.02  # from before it was cut


@pytest.mark.parametrize(
    "spec",
    [
        "ttur(0.0)",
        "gradient_clipping(0.0)",
        "lr_decay('steps')",
        "lr_decay(start=1.0)",
        "lr_decay(final=1.0)",
        "lr_decay('halving', final=0.1)",
        "penalty_decay(-1.0)",
        "beta_2_growth(1.0)",
    ],
)
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match=r"above 0|no shape|below 1|0 or more"):
        TRICKS.build(spec)
