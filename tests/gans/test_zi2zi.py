"""zi2zi: its losses written out, label shuffling, what is refused, and what is saved."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.zi2zi import Zi2Zi
from gan_tf.networks.build import NetworkSpec, pair_discriminator, translator
from gan_tf.networks.conditioning import Category
from gan_tf.networks.discriminators import Zi2ZiDiscriminator
from gan_tf.networks.unet import UNet
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.conftest import tiny_fonts
from tests.training.trained import cut, variables

RNG = np.random.default_rng(0)
SOURCES, TARGETS = RNG.uniform(-1, 1, (2, 8, 16, 16, 1)).astype(np.float32)
LABELS = np.array([0, 1, 2, 0, 1, 2, 1, 0])
BATCH = {"image": SOURCES, "target": TARGETS}


def made(tricks=(), color=1, options=None, **compiled):
    keras.utils.set_random_seed(0)
    spec = NetworkSpec(
        architecture=UNet(width=4, dropout=0.0),
        sample_shape=(16, 16, color),
        latent_dim=1,
        num_classes=3,
        conditioning=Category(4, trained=True),
        source_shape=(16, 16, 1),
        image_discriminator=Zi2ZiDiscriminator(width=4),
    )
    gan = Zi2Zi(translator(spec), pair_discriminator(spec), tricks=tricks, **options or {})
    gan.compile(run_eagerly=True, **compiled)  # without the seconds of tracing
    return gan


def step(gan):
    return gan.train_on_batch(BATCH, LABELS, return_dict=True)


def cross_entropy(logits, wanted):
    return np.mean(np.logaddexp(0, logits) - logits * wanted)


def test_the_losses_written_out():
    """The discriminator does not move, so that all are of the same networks."""
    gan = made(discriminator_optimizer="sgd(0.0)", generator_optimizer="sgd(0.0)")
    wanted = np.eye(3)[LABELS]
    fakes = np.asarray(gan([SOURCES, LABELS]))
    real, fake = (
        {
            name: np.asarray(each, np.float64)
            for name, each in gan.discriminator([of, SOURCES]).items()
        }
        for of in (TARGETS, fakes)
    )
    code = keras.Model(gan.generator.inputs[0], gan.generator.get_layer("condition").input[0])
    constancy = 15 * np.mean(np.square(code(SOURCES) - code(fakes)))
    content = 100 * np.abs(fakes - TARGETS).mean()
    of_fakes = cross_entropy(fake["class_logits"], wanted)
    category = (cross_entropy(real["class_logits"], wanted) + of_fakes) / 2
    adversarial = cross_entropy(real["logits"], 1) + cross_entropy(fake["logits"], 0)
    found = step(gan)
    assert found == pytest.approx(
        found
        | {
            "content_loss": content,
            "constancy_loss": constancy,
            "category_loss": category,
            "discriminator_loss": adversarial + category,
            "generator_loss": content + constancy + cross_entropy(fake["logits"], 1) + of_fakes,
            "real_class_accuracy": np.mean(real["class_logits"].argmax(1) == LABELS),
            "fake_class_accuracy": np.mean(fake["class_logits"].argmax(1) == LABELS),
        },
        rel=1e-4,
    )
    assert found["constancy_loss"] > 0


def test_weights_of_the_losses():
    gan = made(options={"category": 0.0, "constancy": 0.0})
    found = step(gan)
    assert found["category_loss"] == found["constancy_loss"] == 0
    for option in ("category", "constancy"):
        with pytest.raises(UserError, match=rf"zi2zi\({option}=-1\): a weight must be 0 or more"):
            made(options={option: -1})


def test_shuffling_translates_the_same_sources_to_other_labels_without_content_loss():
    gan = made(options={"shuffle": True})
    batch = gan.generate_batch(*(tf.constant(each) for each in (TARGETS, SOURCES, LABELS)))
    others = batch.others
    assert sorted(others.labels.numpy()) == sorted(LABELS) and np.any(others.labels != LABELS)
    np.testing.assert_array_equal(others.sources, SOURCES)
    np.testing.assert_allclose(others.fake, gan([SOURCES, others.labels.numpy()]), atol=1e-5)
    content = 100 * np.abs(batch.fake - TARGETS).mean()
    np.testing.assert_allclose(gan.losses_of_pairs(batch)["content_loss"], content, rtol=1e-5)
    plain = made()
    assert plain.generate_batch(TARGETS, SOURCES, LABELS).others is None
    for each in (gan, plain):
        assert all(np.isfinite(list(step(each).values())))
    assert gan.generate_batch(TARGETS, SOURCES, LABELS, training=False).others is None


def test_shuffled_outputs_count_as_much_as_the_others():
    """With the shuffled labels in their order again, the losses are those without shuffling."""
    gan, plain = made(options={"shuffle": True}), made()
    batch = plain.generate_batch(*(tf.constant(each) for each in (TARGETS, SOURCES, LABELS)))
    twice = dataclasses.replace(batch, others=batch)
    outputs = plain.discriminate_batch(batch)
    with_outputs = batch.with_outputs(*outputs), twice.with_outputs(*outputs)
    assert gan.inverse_loss(with_outputs[1]).numpy() == pytest.approx(
        plain.inverse_loss(with_outputs[0]).numpy(), rel=1e-5
    )
    constancy = [
        each.losses_of_pairs(b)["constancy_loss"] for each, b in ((gan, twice), (plain, batch))
    ]
    np.testing.assert_allclose(*constancy, rtol=1e-5)


def test_every_weight_but_a_frozen_embedding_is_trained():
    gan = made(generator_optimizer="adam(0.01)", loss="least_squares", generator_steps=2)
    before = [np.array(each) for each in gan.trainable_variables]
    step(gan)
    assert int(gan.generator_optimizer.iterations) == 2
    for weight, old in zip(gan.trainable_variables, before):
        assert np.any(np.asarray(weight) != old), weight.path


def test_without_an_adversarial_loss_content_and_constancy_remain():
    found = step(made(loss="none"))
    assert {"content_loss", "constancy_loss", "generator_loss"} <= set(found)
    assert "category_loss" not in found and "discriminator_loss" not in found
    np.testing.assert_allclose(
        found["generator_loss"], found["content_loss"] + found["constancy_loss"], rtol=1e-5
    )


@pytest.mark.slow
def test_a_saved_model_goes_on(tmp_path):
    gan = made(["ema(0.9)"], options={"constancy": 3.0, "shuffle": True}, generator_steps=2)
    step(gan)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert (loaded.category, loaded.constancy, loaded.shuffle) == (1.0, 3.0, True)
    assert loaded.generator_steps == 2
    gan.reset_metrics()
    assert step(loaded) == pytest.approx(step(gan), rel=1e-4)


def test_networks_that_do_not_fit_are_refused():
    with pytest.raises(UserError, match="must have the same shape, or give constancy=0"):
        made(color=3)
    gan = made()
    plain = UNet(width=4).translator((16, 16, 1), (16, 16, 1))
    with pytest.raises(UserError, match="layer named 'condition'"):
        Zi2Zi(plain, gan.discriminator)
    logits = keras.Model(gan.discriminator.inputs, gan.discriminator.output["logits"])
    with pytest.raises(UserError, match="The discriminator of Zi2Zi classifies"):
        Zi2Zi(gan.generator, logits)


@pytest.mark.slow
def test_a_run_that_was_stopped_is_as_one_that_was_not(fonts_run, tmp_path):
    stopped = tiny_fonts(cut(fonts_run, tmp_path / "stopped", 2))
    loop.train(stopped)
    (step, one), (_, its) = (variables(RunDir(each)) for each in (fonts_run, stopped.run_dir))
    assert step == 4 and one.keys() == its.keys()
    for name, value in its.items():
        np.testing.assert_array_equal(one[name], value, err_msg=name)
    paths = (RunDir(each).samples / "step-00000004.png" for each in (fonts_run, stopped.run_dir))
    assert len({each.read_bytes() for each in paths}) == 1
