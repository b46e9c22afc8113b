"""Networks that a user gives: Sequential, not built, subclassed; and what their outputs can be."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.gans.bigan import BiGAN
from gan_tf.gans.given_networks import activation, outputs
from gan_tf.gans.standard import GAN

LATENT, SHAPE = 5, (8, 8, 1)


def sequential_generator():
    made = [layers.Dense(64, activation="tanh"), layers.Reshape(SHAPE)]
    return keras.Sequential([keras.Input((LATENT,)), *made])


def functional_generator():
    latents = keras.Input((LATENT,))
    made = layers.Reshape(SHAPE)(layers.Dense(64, activation="tanh")(latents))
    return keras.Model(latents, made)


def sequential_discriminator(built=True):
    judged = [layers.Flatten(), layers.Dense(8, name="features"), layers.Dense(1)]
    return keras.Sequential([keras.Input(SHAPE)] * built + judged)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.logits = keras.Sequential([layers.Flatten(), layers.Dense(1)])

    def call(self, samples):
        return self.logits(samples)


def images(count):
    return np.random.default_rng(0).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    "generator, built", [(sequential_generator, False), (functional_generator, True)]
)
def test_sequential_models_train_are_saved_and_loaded(generator, built, tmp_path):
    gan = GAN(generator(), sequential_discriminator(built), tricks=["ema(0.5)"])
    gan.compile("sgd(0.1)", "sgd(0.1)")
    before = [gan.generator.get_weights(), gan.discriminator.get_weights()]
    gan.fit(images(16), batch_size=8, verbose=0)
    for network, were in zip((gan.generator, gan.discriminator), before):
        assert any(np.abs(a - b).max() > 1e-5 for a, b in zip(network.get_weights(), were))
    assert gan.features_shape == (8,)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    latents = np.ones((3, LATENT), np.float32)
    np.testing.assert_allclose(loaded(latents), gan(latents), atol=1e-6)
    assert loaded.train_on_batch(images(8), return_dict=True) == pytest.approx(
        gan.train_on_batch(images(8), return_dict=True), rel=1e-4
    )


@pytest.mark.slow
def test_a_sequential_model_trains_as_its_functional_twin():
    logs = []
    for make in (sequential_discriminator, lambda: _functional(sequential_discriminator())):
        keras.utils.set_random_seed(1)
        gan = GAN(functional_generator(), make())
        gan.compile()
        logs.append(gan.train_on_batch(images(8), return_dict=True))
    assert logs[0] == pytest.approx(logs[1], rel=1e-6)


def _functional(network):
    samples = keras.Input(SHAPE)
    return keras.Model(samples, network(samples))


def test_an_encoder_may_be_sequential_and_not_built():
    samples, latents = keras.Input(SHAPE), keras.Input((LATENT,))
    joined = layers.Concatenate()([layers.Flatten()(samples), latents])
    pairs = keras.Model([samples, latents], layers.Dense(1)(joined))
    codes = [layers.Flatten(), layers.Dense(7, name="features"), layers.Dense(LATENT)]
    gan = BiGAN(sequential_generator(), keras.Sequential(codes), pairs)
    gan.compile()
    gan.train_on_batch(images(4))
    assert gan.encode(images(3)).shape == (3, LATENT)
    assert BiGAN.encoding(gan.encoder)(images(3))["features"].shape == (3, 7)


@pytest.mark.parametrize(
    "networks, message",
    [
        (
            lambda: (keras.Sequential([layers.Dense(64)]), sequential_discriminator()),
            r"generator is a Sequential model that is not built.*keras.Input\(\(latent_dim,\)\)",
        ),
        (
            lambda: (functional_generator(), Subclassed()),
            "discriminator is a model of the class Subclassed.*make it a functional one",
        ),
        (
            lambda: (functional_generator(), layers.Dense(1)),
            "discriminator is of type Dense: give a functional or Sequential keras.Model",
        ),
        (
            lambda: (
                functional_generator(),
                keras.Sequential([keras.Input((8, 9, 1)), layers.Flatten(), layers.Dense(1)]),
            ),
            r"makes samples of shape \(8, 8, 1\), but the discriminator takes \(8, 9, 1\)",
        ),
    ],
)
def test_other_networks_are_refused_in_a_sentence(networks, message):
    with pytest.raises(UserError, match=message):
        GAN(*networks())


def test_a_subclassed_model_works_as_the_message_says():
    gan = GAN(functional_generator(), _functional(Subclassed()))
    gan.compile()
    assert np.isfinite(gan.train_on_batch(images(4), return_dict=True)["discriminator_loss"])


@pytest.mark.parametrize(
    "last, expected",
    [
        ([layers.Dense(4, activation="tanh")], ("tanh", -1, 1)),
        ([layers.Dense(4, activation="sigmoid"), layers.Reshape((2, 2))], ("sigmoid", 0, 1)),
        ([layers.Softmax(), layers.Activation("linear", dtype="float32")], ("softmax", 0, 1)),
        ([layers.ReLU(), layers.Flatten()], ("relu", 0, np.inf)),
        ([layers.Activation("tanh"), layers.Rescaling(3)], None),
        ([layers.LeakyReLU(0.2)], None),
        ([layers.Dense(4)], None),
    ],
)
def test_the_activation_that_bounds_an_output(last, expected):
    found = activation(outputs(keras.Sequential([keras.Input((4,)), *last])))
    assert found == expected


def test_the_activation_of_a_nested_model_and_of_a_function():
    inputs = keras.Input((4,))
    assert activation(keras.ops.tanh(inputs)) == ("tanh", -1, 1)
    nested = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="tanh")])
    assert activation(keras.Model(inputs, nested(inputs)).output) == ("tanh", -1, 1)


def judged(*outputs, names=()):
    """A discriminator with outputs of these lengths: a list of them, or a dict."""
    samples = keras.Input(SHAPE)
    made = [layers.Dense(each)(layers.Flatten()(samples)) for each in outputs]
    return keras.Model(samples, dict(zip(names, made)) if names else made)


def of_two(shape, others, length):
    """A network of two inputs."""
    inputs = keras.Input(shape), keras.Input(others)
    x = layers.Concatenate()([layers.Flatten()(layers.Reshape((-1,))(each)) for each in inputs])
    x = layers.Dense(length)(x)
    return keras.Model(inputs, layers.Reshape(SHAPE)(x) if length == 64 else x)


@pytest.mark.parametrize(
    "networks, message",
    [
        (
            lambda: [functional_generator(), judged(1, 3)],
            "has a list of outputs: .*one, its logits",
        ),
        (lambda: [functional_generator(), judged(1, names=["real"])], "outputs named real: "),
        (
            lambda: [functional_generator(), judged(1, 2, names=["logits", "other"])],
            "outputs named .*: let it have one, its logits, or a dict of 'logits'",
        ),
        (
            lambda: [functional_generator(), of_two(SHAPE, (), 1)],
            "discriminator has a second input, labels, and the generator has none",
        ),
        (
            lambda: [of_two((LATENT,), (3,), 64), sequential_discriminator()],
            r"generator's inputs beside the first have the shapes \[\(3,\)\]: only labels",
        ),
        (
            lambda: [
                keras.Sequential([keras.Input((2, 2, 3)), layers.Flatten(), layers.Dense(64)]),
                sequential_discriminator(),
            ],
            r"latents of shape \(2, 2, 3\): let it begin with keras.Input\(\(length,\)\)",
        ),
        (
            lambda: [
                keras.Model(
                    *(lambda z: (z, [layers.Reshape(SHAPE)(layers.Dense(64)(z)), z]))(
                        keras.Input((LATENT,))
                    )
                ),
                sequential_discriminator(),
            ],
            "generator has several outputs: let it have one, the samples",
        ),
    ],
)
def test_other_inputs_and_outputs_are_refused_in_a_sentence(networks, message):
    with pytest.raises(UserError, match=message):
        GAN(*networks())


def encoder(length=LATENT):
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(length)])


@pytest.mark.parametrize(
    "networks, message",
    [
        (
            lambda: [encoder(), sequential_discriminator()],
            "The discriminator takes inputs of shapes",
        ),
        (lambda: [encoder(4), of_two(SHAPE, (LATENT,), 1)], r"outputs of shape \(4,\): .*\(5,\)"),
        (
            lambda: [of_two(SHAPE, (), LATENT), of_two(SHAPE, (LATENT,), 1)],
            "The encoder takes inputs of shapes",
        ),
    ],
)
def test_an_encoder_and_a_discriminator_of_pairs_have_to_fit(networks, message):
    with pytest.raises(UserError, match=message):
        BiGAN(functional_generator(), *networks())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_networks_of_mixed_precision_train_with_penalties(policy):
    keras.config.set_dtype_policy(policy)
    try:
        gan = GAN(functional_generator(), sequential_discriminator())
        gan.compile(loss="wasserstein", penalties=["wgan_gp"])
        logs = gan.train_on_batch(images(4), return_dict=True)
        judged = gan.discriminate(images(4))
    finally:
        keras.config.set_dtype_policy("float32")
    assert judged.logits.dtype == "float32" and np.isfinite(list(logs.values())).all()
