"""Networks and samples that spoil a training are found before the first step."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.errors import UserError
from gan_tf.gans import input_checks
from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.networks import build
from gan_tf.options.config import Config

LATENT, SHAPE = 5, (8, 8, 1)


def generator(last="tanh", shape=SHAPE):
    made = [layers.Dense(int(np.prod(shape)), activation=last), layers.Reshape(shape)]
    return keras.Sequential([keras.Input((LATENT,)), *made])


def make(last="tanh", judged=(), shape=SHAPE, **arguments):
    hidden = [layers.Flatten(), layers.Dense(4), *(judged or [layers.Dense(1)])]
    gan = GAN(generator(last, shape), keras.Sequential(hidden))
    gan.compile(**arguments)
    return gan


def conditional(conditioning="acgan"):
    config = Config(arch="mlp", width=4, latent_dim=LATENT, conditional=conditioning)
    spec = network_spec(config, SHAPE, num_classes=4)
    tricks = ["auxiliary_classifier"] if conditioning == "acgan" else []
    gan = GAN(build.generator(spec), build.discriminator(spec), tricks=tricks)
    gan.compile()
    return gan


def images(count=24):
    return np.random.default_rng(0).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


def changed(value):
    samples = images()
    samples[17, 0, 0] = value
    return samples


def data_set(samples, *labels):
    return tf.data.Dataset.from_tensor_slices((samples, *labels)).batch(8)


SAMPLES = {
    "uint8": (np.uint8(127 * (images() + 1)), "Samples are uint8, from 0 to 25.*scale them"),
    "bool": (images() > 0, "Samples are bool"),
    "bytes": (127 * (images() + 1), "Samples are from .* to 25.*ends in tanh, from -1 to 1: scale"),
    "nan": (changed(np.nan), "NaN values"),
    "infinite": (changed(np.inf), "infinite values"),
    "no channels": (images()[..., 0], r"shape \(8, 8\), .*samples\[..., None\]"),
    "channels first": (images().transpose(0, 3, 1, 2), r"\(1, 8, 8\), but the discriminator takes"),
    "strings": (images().astype(str), "give arrays of real numbers"),
    "none": (images(0), "no samples"),
    "complex": (images().astype("complex64"), "complex64: give arrays of real numbers"),
    "dates": (images().astype("datetime64[s]"), "datetime64.*give arrays of real numbers"),
    "structured": (images().astype([("value", "f4")]), "give arrays of real numbers"),
    "a list of images": (list(images()), r"Samples are a list of 24: .*np\.stack"),
    "a tuple": ((images(),), "Samples are a tuple of 1: give one array"),
    "a dict": ({"image": images()}, "Samples are a dict of 1: give one array"),
    "nested lists": (images().tolist(), r"Samples are not arrays: .*np\.asarray"),
    "nothing": (None, "There are no samples"),
    "a number": (np.float32(0.5), "numbers on their own"),
}


@pytest.mark.parametrize("samples, message", SAMPLES.values(), ids=SAMPLES)
def test_samples_that_cannot_be_learned_are_one_sentence(samples, message):
    gan = make()
    with pytest.raises(UserError, match=message) as caught:
        gan.fit(samples, batch_size=8, verbose=0)
    assert len(str(caught.value)) < 200 and int(gan.step) == 0


@pytest.mark.parametrize("name", ["uint8", "bytes", "no channels", "complex"])
def test_they_are_found_in_data_sets_generators_and_single_batches(name):
    samples, message = SAMPLES[name]
    gan = make()
    for fit in (
        lambda: gan.fit(data_set(samples), verbose=0),
        lambda: gan.fit((each for each in [samples[:8], samples[8:]]), verbose=0),
        lambda: gan.train_on_batch(samples),
        lambda: gan.evaluate(samples, verbose=0),
        lambda: gan.test_on_batch(samples),
        lambda: gan.fit(images(), validation_data=(samples,), verbose=0),
        lambda: gan.fit(images(), validation_data=[samples, None], verbose=0),
        lambda: gan.fit(images(), validation_data=data_set(samples), verbose=0),
        lambda: gan.fit(images(), validation_data=(each for each in [samples]), verbose=0),
    ):
        with pytest.raises(UserError, match=message):
            fit()
    assert int(gan.step) == 0


@pytest.mark.parametrize("last", ["tanh", None])
def test_images_from_0_to_1_are_warned_of(last):
    gan = make(last)
    with pytest.warns(UserWarning, match=r"none below 0.*samples \* 2 - 1") as caught:
        gan.fit((images() + 1) / 2, batch_size=8, verbose=0)
    assert caught[0].filename == __file__
    assert int(gan.step) == 3


def dark():
    return -0.9 + 0.1 * images()


@pytest.mark.parametrize(
    "last, samples, shape",
    [
        ("tanh", images(), SHAPE),
        ("tanh", dark(), SHAPE),
        ("tanh", np.maximum(images(), -0.2), SHAPE),
        ("sigmoid", (images() + 1) / 2, SHAPE),
        (None, 7 * images()[:, 0, 0, :], (1,)),  # numbers, not images
        ("tanh", images().astype("float64"), SHAPE),
    ],
)
@pytest.mark.filterwarnings("error::UserWarning")
def test_others_are_not(last, samples, shape):
    gan = make(last, shape=shape)
    batch, _ = input_checks.first_batch(samples, batch_size=8)
    input_checks.check_batch(gan, *batch)


def test_the_check_can_be_left_out():
    gan = make()
    gan.fit(127 * (images() + 1), batch_size=8, verbose=0, check_input=False)
    assert int(gan.step) == 3


def test_a_generator_is_checked_without_losing_a_batch():
    seen = []

    def batches():
        for start in range(0, 24, 8):
            seen.append(start)
            yield (images()[start : start + 8],)

    gan = make()
    gan.fit(batches(), steps_per_epoch=3, verbose=0)
    assert int(gan.step) == 3 and seen == [0, 8, 16]


class Endless(keras.utils.PyDataset):
    num_batches = None

    def __getitem__(self, index):
        return (images(8),)


def test_generators_of_bare_arrays_endless_data_sets_and_variables_train():
    gan = make()
    bare = [images(8)] * 3
    given, held_out = ((each for each in bare) for _ in range(2))
    gan.fit(given, steps_per_epoch=3, validation_data=held_out, validation_steps=2, verbose=0)
    assert int(gan.step) == 3
    gan.fit(Endless(), steps_per_epoch=2, verbose=0)
    assert int(gan.step) == 5
    gan.train_on_batch(tf.Variable(images(8)))
    gan.fit(tf.cast(images(8), "bfloat16"), verbose=0)
    assert int(gan.step) == 7


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_data_sets_of_other_floats_train_as_those_of_float32(dtype):
    gan = GAN(generator(), keras.Sequential([layers.Flatten(), layers.Dense(1)]), tricks=["ema"])
    gan.compile(loss="wasserstein", penalties=["wgan_gp"])
    gan.fit(data_set(tf.cast(images(), dtype)), verbose=0)
    real, _ = gan.unpack((tf.cast(images(), dtype),), 1)
    assert int(gan.step) == 3 and real.dtype == "float32"


def test_data_that_hold_weights_are_refused():
    gan, weights = make(), np.ones(24)
    for fit in (
        lambda: gan.fit(data_set(images(), CLASSES, weights), verbose=0),
        lambda: gan.fit(images(), validation_data=(images(), None, weights), verbose=0),
        lambda: gan.test_on_batch(images(), sample_weight=weights),
    ):
        with pytest.raises(UserError, match="does not take sample_weight"):
            fit()
    assert int(gan.step) == 0


@pytest.mark.parametrize("size", [0, -1, 2.5, "8"])
def test_a_batch_size_that_is_not_a_whole_number_is_one_sentence(size):
    gan = make()
    with pytest.raises(UserError, match=r"batch_size is .*: it must be a whole number from 1"):
        gan.fit(images(), batch_size=size, verbose=0)


@pytest.mark.parametrize("last", ["sigmoid", "tanh", "softmax", "relu"])
def test_a_discriminator_of_bounded_outputs_is_refused(last):
    gan = make(judged=[layers.Dense(1, activation=last)])
    with pytest.raises(UserError, match=f"discriminator ends in the activation {last}.*logits"):
        gan.fit(images(), verbose=0)


def test_class_logits_are_logits_too():
    samples = keras.Input(SHAPE)
    hidden = layers.Flatten()(samples)
    classes = layers.Dense(4, activation="softmax")(hidden)
    outputs = {"logits": layers.Dense(1)(hidden), "class_logits": classes}
    gan = GAN(generator(), keras.Model(samples, outputs))
    gan.compile()
    with pytest.raises(UserError, match="ends in the activation softmax"):
        gan.train_on_batch(images(8))


def test_frozen_networks_are_refused():
    frozen = keras.Sequential([layers.Flatten(), layers.Dense(1)])
    frozen.trainable = False
    with pytest.raises(UserError, match="discriminator has nothing to train"):
        GAN(generator(), frozen).compile()
    gan = make()
    gan.discriminator.trainable = False
    with pytest.raises(UserError, match="discriminator has nothing to train"):
        gan.fit(images(), verbose=0)
    gan = make()
    gan.generator.layers[0].trainable = False
    with pytest.raises(UserError, match="generator has nothing to train"):
        gan.train_on_batch(images())


def test_layers_frozen_since_compile_need_another():
    gan = make()
    gan.discriminator.layers[1].trainable = False
    with pytest.raises(UserError, match="frozen or unfrozen since compile"):
        gan.fit(images(), verbose=0)
    gan.compile()
    before = gan.discriminator.layers[1].get_weights()
    gan.fit(images(), verbose=0)
    np.testing.assert_array_equal(gan.discriminator.layers[1].get_weights()[0], before[0])


CLASSES = np.arange(24) % 4
LABELS = {
    "from 1": (
        CLASSES + 1,
        "from 1 to 4, but the networks have 4 classes.*from 0 to 3: subtract 1",
    ),
    "negative": (CLASSES - 1, "from -1 to 2"),
    "too many": (CLASSES * 2, "from 0 to 6"),
    "one-hot": (np.eye(4)[CLASSES], r"shape \(24, 4\).*argmax"),
    "strings": (CLASSES.astype(str), "Labels are strings.*np.unique"),
    "fractions": (CLASSES + 0.5, "not whole numbers"),
    "none": (None, "The generator takes labels"),
    "a list": (CLASSES.tolist(), "Labels are of type list: give one array"),
    "a dict": ({"label": CLASSES}, "Labels are of type dict: give one array"),
    "a number": (3, "Labels are of type int: give one array"),
}


@pytest.mark.parametrize("labels, message", LABELS.values(), ids=LABELS)
def test_labels_that_are_not_indices_of_classes_are_one_sentence(labels, message):
    gan = conditional()
    with pytest.raises(UserError, match=message) as caught:
        gan.fit(images(), labels, batch_size=8, verbose=0)
    assert len(str(caught.value)) < 200 and int(gan.step) == 0


@pytest.mark.parametrize("conditioning", ["acgan", "projection", "concat"])
def test_the_number_of_classes_is_that_of_the_networks(conditioning):
    gan = conditional(conditioning)
    with pytest.raises(UserError, match="the networks have 4 classes"):
        gan.fit(data_set(images(), CLASSES + 1), verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "conditioning", [pytest.param("acgan", marks=pytest.mark.slow), "projection"]
)
def test_labels_of_one_column_train_as_those_without(conditioning):
    logs = []
    for labels in (CLASSES, CLASSES[:, None], CLASSES.astype(np.float32)[:, None]):
        keras.utils.set_random_seed(0)
        logs.append(conditional(conditioning).train_on_batch(images(), labels, return_dict=True))
    keras.utils.set_random_seed(0)
    eager = conditional(conditioning)
    eager.compile(run_eagerly=True)
    logs.append(eager.train_on_batch(images(), CLASSES[:, None], return_dict=True))
    assert logs[3] == pytest.approx(logs[0], rel=1e-4)
    assert logs[1] == pytest.approx(logs[0], rel=1e-6)
    assert logs[2] == pytest.approx(logs[0], rel=1e-6)


def test_a_batch_size_that_cannot_be_divided_is_one_sentence():
    gan = make(discriminator_steps=3)
    for fit in (
        lambda: gan.fit(images(), batch_size=8, verbose=0),
        lambda: gan.fit(data_set(images()), verbose=0),
        lambda: gan.train_on_batch(images(8)),
    ):
        with pytest.raises(UserError, match=r"Batches of 8 .* by 3.* give a batch_size of 6 or 9"):
            fit()
    with pytest.raises(UserError, match="give a batch_size of 3"):
        gan.fit(images(), batch_size=2, verbose=0)
