"""What a checkpoint holds, and how it is read."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks.mlp import MLP
from gan_tf.registry import TRICKS
from gan_tf.runs import checkpoint_store, training_state
from gan_tf.runs.training_state import read_gan, read_networks
from tests.runs.saved import full_state, make


def test_every_state_variable_is_in_the_checkpoint():
    gan = make(steps=1)
    assert [each.path for each in training_state.state(gan).seeds] == [gan.random.state.path]


def test_a_generator_alone_can_be_read(store):
    gan = make(steps=2)
    store.save(gan)
    generator = make().generator
    store.restore(read_networks({"generator": generator}))
    for mine, theirs in zip(generator.get_weights(), gan.generator.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_other_networks_are_refused(store):
    store.save(make(steps=1))
    for read in (read_gan(make(width=8)), read_networks({"generator": make(width=8).generator})):
        with pytest.raises(UserError, match="does not fit the networks"):
            store.restore(read)


def test_the_means_that_are_not_logged_yet_are_in_the_checkpoint(store):
    gan, other = make(steps=3), make()
    store.save(gan)
    store.restore(read_gan(other))
    means = [[float(each.result()) for each in which.metrics] for which in (gan, other)]
    assert means[0] == means[1]
    assert means[0][0] != 0


def test_a_checkpoint_of_the_first_versions_has_no_means_and_can_be_read(store, monkeypatch):
    gan, other = make(steps=3), make(steps=1)
    whole = training_state.state
    with monkeypatch.context() as patch:
        patch.setattr(training_state, "state", lambda gan: whole(gan, means=False))
        store.save(gan)
    assert store.restore(read_gan(other)) == 3
    assert all(float(each.count) == 0 for each in other.metrics)
    for mine, theirs in zip(full_state(other), full_state(gan), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    "tricks",
    [
        ["generator_dropout", "generator_noise", "ema(0.9)"],
        ["infogan(2, 1)", "lr_decay('linear', 0.0, 9)"],
    ],
)
def test_no_variable_is_left_out(tricks, tmp_path):
    """Those of layers that are random, of tricks and of both optimizers."""
    architecture = MLP(4)
    generator = architecture.generator((8, 8, 1), 5)
    tricks = [TRICKS.build(each) for each in tricks]
    for trick in tricks:
        generator = trick.edit(generator)
    gan = GAN(generator, architecture.discriminator((8, 8, 1)), tricks=tricks)
    gan.compile()
    optimizers = gan.generator_optimizer.variables + gan.discriminator_optimizer.variables
    there = {id(each) for each in gan.variables} | {id(each) for each in optimizers}
    there |= {id(each) for metric in gan.metrics for each in metric.variables}
    unused = {id(each) for each in gan.metrics_variables}
    unused -= {id(each) for metric in gan.metrics for each in metric.variables}
    names = tf.train.list_variables(training_state.state(gan).write(str(tmp_path / "state")))
    assert len(names) - 1 == len(there - unused)  # the other one describes the objects


def test_what_does_not_fit_is_told(store):
    store.save(make(steps=1))
    message = (
        r"it has no 5x8 for .*kernel.* It has another .*give the flags of the run that wrote it"
    )
    with pytest.raises(UserError, match=message):
        store.restore(read_gan(make(width=8)))


def test_another_version_is_told(store, monkeypatch):
    monkeypatch.setattr(checkpoint_store, "__version__", "0.0.1")
    store.save(make())
    monkeypatch.undo()
    with pytest.raises(UserError, match=r"gan_tf 0\.0\.1 wrote it"):
        store.restore(read_gan(make(width=8)))


def test_a_checkpoint_under_another_name_is_refused(store):
    store.save(make()).rename(store.path(7))
    with pytest.raises(UserError, match="is of step 0, not the step"):
        store.restore(read_gan(make()))
