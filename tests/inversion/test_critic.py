"""The discriminator of a run as a function of images."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf import latents
from gan_tf.inversion.critic import Critic
from gan_tf.runs.trained_run import TrainedRun


def seen(trained):
    indices = range(128)
    normal, labels = (
        latents.draw(0, indices, trained.latent_dim),
        trained.choose_labels(0, indices),
    )
    return tf.constant(trained.modality.to_network(trained.samples(normal, labels))), labels


@pytest.mark.parametrize("name", ["plain_run", "conditional_run", "bigan_run"])
def test_logits_are_those_of_the_run(request, name):
    trained = TrainedRun(request.getfixturevalue(name))
    images, labels = seen(trained)
    given = None if labels is None else tf.constant(labels)
    logits, features = Critic(trained)(images, given)
    expected = trained.discriminate(images.numpy(), labels)
    np.testing.assert_allclose(logits, expected.logits, rtol=1e-4, atol=1e-5)
    assert features.shape == expected.features.shape


@pytest.mark.parametrize("name", ["plain_run", "packed_run"])
def test_features_of_random_samples_differ_by_one(request, name):
    trained = TrainedRun(request.getfixturevalue(name))
    images, _ = seen(trained)
    logits, features = Critic(trained)(images)
    assert logits.shape == (128,)  # of packs of copies, one for each image
    difference = np.asarray(features) - np.roll(features, 1, axis=0)
    assert np.mean(difference**2) == pytest.approx(1, rel=1e-3)
