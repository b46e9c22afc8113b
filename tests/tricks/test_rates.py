"""Learning rates and gradients."""

import math

import keras
import numpy as np
import pytest

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
        ("lr_decay('cosine')", [(1 + math.cos(math.pi * k / 4)) / 2 for k in (1, 2, 3, 4, 4)]),
    ],
)
def test_decay_ends_at_zero_with_the_run(make, images, spec, factors):
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
    "spec", ["ttur(0.0)", "gradient_clipping(0.0)", "lr_decay('steps')", "lr_decay(start=1.0)"]
)
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match=r"above 0|no shape|below 1"):
        TRICKS.build(spec)
