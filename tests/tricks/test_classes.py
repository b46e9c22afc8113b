"""Auxiliary classifiers and semi-supervised training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.gans.batch import Batch
from gan_tf.gans.build import network_spec
from gan_tf.gans.discriminator_output import DiscriminatorOutput
from gan_tf.gans.standard import GAN
from gan_tf.modalities.image import Image
from gan_tf.networks import build
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS
from gan_tf.tricks.classes import SemiSupervised

SHAPE = (8, 8, 1)


class Anyone:
    def log(self, **values):
        self.logged = {name: np.asarray(value).tolist() for name, value in values.items()}


def test_both_players_want_the_class_to_be_recognized():
    logits = np.log(np.float32([[1, 3], [3, 1]]))  # probabilities 1/4, 3/4 and 3/4, 1/4
    real, fake = (
        DiscriminatorOutput(None, class_logits=tf.constant(each)) for each in (logits, -logits)
    )
    played = Batch(None, None, tf.constant([1, 1]), None, real_output=real, fake_output=fake)
    trick, gan = TRICKS.build("auxiliary_classifier(2.0)"), Anyone()
    each = -(np.log(3 / 4) + np.log(1 / 4)) / 2  # of either: one is right, one is wrong
    assert float(trick.discriminator_loss(gan, 1.0, played)) == pytest.approx(1 + 2 * 2 * each)
    assert float(trick.generator_loss(gan, 1.0, played)) == pytest.approx(1 + 2 * each)
    assert gan.logged == {
        "real_class_accuracy": [True, False],
        "fake_class_accuracy": [False, True],
    }


def bars(count):
    """Images of two classes: a bright upper or a bright lower half, in noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, count)
    images = rng.uniform(0, 60, (count, *SHAPE))
    for half in (0, 1):
        images[labels == half, 4 * half : 4 * half + 4] += 180
    return images.astype(np.uint8), labels


def semi_supervised():
    keras.utils.set_random_seed(0)
    config = Config(arch="mlp", width=8, latent_dim=4, semi_supervised=4)
    gan = GAN(
        build.generator(network_spec(config, SHAPE, 2)),
        build.discriminator(network_spec(config, SHAPE, 2)),
        tricks=[SemiSupervised()],
    )
    gan.compile("adam(1e-3)", "adam(1e-3)")
    return gan


def test_four_labels_teach_the_discriminator_the_classes():
    images, labels = bars(400)
    gan = semi_supervised()
    rows = np.concatenate([np.flatnonzero(labels == each)[:2] for each in (0, 1)])
    gan.tricks[0].set_labeled(images[rows], labels[rows], Image().to_network)
    scaled = images.astype(np.float32) / 127.5 - 1
    history = gan.fit(scaled, batch_size=40, epochs=6, verbose=0).history
    assert history["labeled_accuracy"][-1] > 0.95
    judged = gan.discriminator.predict(scaled, verbose=0)
    assert np.mean(judged["class_logits"].argmax(axis=1) == labels) > 0.95
    # The logit of being real is the log of the sum over the classes of reals.
    expected = np.log(np.exp(judged["class_logits"]).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(judged["logits"], expected, atol=1e-4)


def test_the_classes_of_all_other_images_are_not_looked_at():
    images, labels = bars(40)
    weights = []
    for others in (labels, 1 - labels):
        gan = semi_supervised()
        gan.tricks[0].set_labeled(images[:4], labels[:4], Image().to_network)
        scaled = images.astype(np.float32) / 127.5 - 1
        gan.fit(scaled, others, batch_size=20, verbose=0)
        weights.append(gan.discriminator.get_weights())
    for one, other in zip(*weights):
        np.testing.assert_array_equal(one, other)


def test_without_labeled_images_it_says_what_to_call():
    gan = semi_supervised()
    with pytest.raises(ValueError, match="call set_labeled"):
        gan.train_on_batch(np.zeros((4, *SHAPE), np.float32))
