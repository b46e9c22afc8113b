"""CycleGAN: its losses, what each update changes, its pools, snapshots, and what is saved."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data.examples import Examples
from gan_tf.errors import UserError
from gan_tf.gans.cyclegan import CycleGAN
from gan_tf.modalities.image import Image
from gan_tf.networks.build import NetworkSpec
from gan_tf.networks.discriminators import PatchGAN, Zi2ZiDiscriminator
from gan_tf.networks.resnet_translator import ResNetTranslator
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.training_state import read_gan
from gan_tf.training import loop
from gan_tf.training.callbacks import health_monitor
from tests.conftest import tiny_cyclegan
from tests.training.trained import rows, variables

RNG = np.random.default_rng(0)
OF_A, OF_B = (RNG.uniform(-1, 1, (4, 16, 16, 1)).astype(np.float32) for _ in range(2))
BATCH = {"image": OF_A, "target": OF_B}


def spec(shape=(16, 16, 1), tricks=(), **changes):
    spec = NetworkSpec(
        ResNetTranslator(width=2, blocks=1),
        shape,
        1,
        source_shape=shape,
        tricks=tricks,
        image_discriminator=PatchGAN(layers=1, width=2),
    )
    return dataclasses.replace(spec, **changes)


def made(tricks=(), options=None, parts=None, **compiled):
    keras.utils.set_random_seed(0)
    gan = CycleGAN.from_spec(spec(tricks=tricks, **parts or {}), **options or {})
    gan.compile(
        "sgd(0.01)", "sgd(0.01)", **{"loss": "least_squares", "run_eagerly": True} | compiled
    )
    return gan


def weights(gan):
    return {name: network.get_weights() for name, network in gan.networks.items()}


def changed(before, after):
    different = {
        name: any(not np.array_equal(*each) for each in zip(before[name], after[name]))
        for name in before
    }
    return {name for name, differs in different.items() if differs}


def distance(first, second):
    return np.abs(np.asarray(first) - second).mean()


def test_losses_by_hand():
    gan = made(options=dict(cycle=3.0, identity=0.25))
    there, back = gan.generator, gan.inverse_generator
    fakes = there(OF_A), back(OF_B)
    cycle = 3 * (distance(back(fakes[0]), OF_A) + distance(there(fakes[1]), OF_B))
    identity = 0.75 * (distance(there(OF_B), OF_B) + distance(back(OF_A), OF_A))
    logits = gan.discriminator(fakes[0]), gan.inverse_discriminator(fakes[1])
    adversarial = sum(np.mean((each - 1) ** 2) / 2 for each in logits)
    critics = [
        (np.mean((of_real(real) - 1) ** 2) + np.mean(fake**2)) / 2
        for of_real, real, fake in zip(
            (gan.discriminator, gan.inverse_discriminator), (OF_B, OF_A), logits
        )
    ]
    for found in (
        gan.test_on_batch(BATCH, return_dict=True),
        gan.train_on_batch(BATCH, return_dict=True),
    ):
        assert found["cycle_loss"] == pytest.approx(cycle, rel=1e-4)
        assert found["identity_loss"] == pytest.approx(identity, rel=1e-4)
        assert found["discriminator_loss"] == pytest.approx(np.mean(critics), rel=1e-4)
        gan.reset_metrics()
    last = gan.train_on_batch(BATCH, return_dict=True)
    for name, total in (("discriminator_loss", 2), ("cycle_loss", 1)):
        both = [last[f"{name}_{direction}"] for direction in gan.directions]
        assert sum(both) == pytest.approx(total * last[name], rel=1e-4) and both[0] != both[1]
    parts = ("cycle_loss", "identity_loss", "generator_loss_a_to_b", "generator_loss_b_to_a")
    assert sum(last[each] for each in parts) == pytest.approx(last["generator_loss"], rel=1e-4)
    fresh = made(options=dict(cycle=3.0, identity=0.25)).test_on_batch(BATCH, return_dict=True)
    assert fresh["generator_loss"] == pytest.approx(cycle + identity + adversarial, rel=1e-4)


CLASSIFYING = dict(num_classes=3, image_discriminator=Zi2ZiDiscriminator(width=2))
LABELS = {"image": np.array([2, 0, 1, 1]), "target": np.array([0, 0, 2, 1])}


def cross_entropy(critic, images, labels):
    logits = np.asarray(critic(images)["class_logits"], np.float64)
    chosen = logits[np.arange(len(labels)), labels]
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - chosen), np.mean(logits.argmax(1) == labels)


def test_losses_of_classes_by_hand():
    assert "category_loss" not in made().test_on_batch(BATCH, return_dict=True)
    gan = made(options=dict(category=2.0), parts=CLASSIFYING)
    gan.category = 0.0
    plain = gan.test_on_batch(BATCH, return_dict=True)
    gan.category = 2.0
    gan.reset_metrics()
    critics = gan.discriminator, gan.inverse_discriminator
    reals = [
        cross_entropy(critic, BATCH[name], LABELS[name])
        for critic, name in zip(critics, ("target", "image"))
    ]
    fakes = [
        cross_entropy(critic, generator(BATCH[name]), LABELS[name])
        for critic, generator, name in zip(
            critics, (gan.generator, gan.inverse_generator), ("image", "target")
        )
    ]
    found = gan.test_on_batch(BATCH, LABELS, return_dict=True)
    (of_reals, right), (of_fakes, taken) = np.transpose(reals), np.transpose(fakes)
    assert found["category_loss"] == pytest.approx(2 * np.mean(of_reals), rel=1e-5)
    assert found["real_class_accuracy"] == pytest.approx(np.mean(right))
    assert found["fake_class_accuracy"] == pytest.approx(np.mean(taken))
    critics_plain, makers_plain = plain["discriminator_loss"], plain["generator_loss"]
    assert found["discriminator_loss"] == pytest.approx(
        critics_plain + found["category_loss"], rel=1e-5
    )
    assert found["generator_loss"] == pytest.approx(makers_plain + 2 * sum(of_fakes), rel=1e-5)
    gan.reset_metrics()
    trained = gan.train_on_batch(BATCH, LABELS, return_dict=True)
    assert trained["category_loss"] == pytest.approx(found["category_loss"], rel=1e-5)
    parts = ("cycle_loss", "identity_loss", "generator_loss_a_to_b", "generator_loss_b_to_a")
    assert sum(trained[each] for each in parts) == pytest.approx(
        trained["generator_loss"], rel=1e-4
    )


def test_generators_learn_to_keep_the_class():
    gan = made(options=dict(category=5.0, cycle=0.0), parts=CLASSIFYING, run_eagerly=False)
    first = gan.train_on_batch(BATCH, LABELS, return_dict=True)
    for _ in range(60):
        gan.reset_metrics()
        last = gan.train_on_batch(BATCH, LABELS, return_dict=True)
    assert last["category_loss"] < 0.8 * first["category_loss"]
    assert last["fake_class_accuracy"] > first["fake_class_accuracy"]


def test_classes_need_labels():
    gan = made(options=dict(category=1.0), parts=CLASSIFYING)
    with pytest.raises(UserError, match="needs labels: give them beside the images"):
        gan.train_on_batch(BATCH)


def test_outputs_are_compared_with_their_sources_in_blocks():
    gan = made(options=dict(cycle=0.0, self_regularization=2.0))

    def blocks(images):
        return np.asarray(images).reshape(4, 4, 4, 4, 4, 1).mean(axis=(2, 4))

    outputs = gan.generator(OF_A), gan.inverse_generator(OF_B)
    expected = 2 * sum(
        distance(blocks(output), blocks(source)) for output, source in zip(outputs, (OF_A, OF_B))
    )
    found = gan.test_on_batch(BATCH, return_dict=True)
    assert found["self_regularization_loss"] == pytest.approx(expected, rel=1e-4)
    assert found["generator_loss"] > found["self_regularization_loss"] > 0.1


def test_one_optimizer_trains_both_generators_and_one_both_discriminators():
    gan = made(discriminator_steps=2)
    assert {name: len(each.networks) for name, each in gan.optimizers.items()} == {
        "generator": 2,
        "discriminator": 2,
    }
    before = weights(gan)
    gan.update_discriminators(gan.translate_both(OF_B, OF_A))
    assert changed(before, weights(gan)) == set(gan.critics)
    before = weights(gan)
    gan.train_on_batch(BATCH)
    assert changed(before, weights(gan)) == set(gan.networks)


def test_a_batch_can_have_one_image_of_each_domain():
    assert CycleGAN.smallest_batch == 1
    gan, logs = made(options=dict(pool=2)), {}
    before = weights(gan)
    for row in range(3):
        batch = {name: each[row : row + 1] for name, each in BATCH.items()}
        logs = gan.train_on_batch(batch, return_dict=True)
    assert np.isfinite(list(logs.values())).all() and gan.kept["pool_a_to_b_count"] == 2
    assert changed(before, weights(gan)) == set(gan.networks)


def test_without_cycles_the_games_are_two_standard_ones():
    gan = made(options=dict(cycle=0.0, pool=0))
    logs = gan.train_on_batch(BATCH, return_dict=True)
    assert (logs["cycle_loss"], logs["identity_loss"]) == (0, 0)
    assert logs["generator_gradient_norm"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "flags", [dict(loss="wasserstein", penalties=["wgan_gp"]), dict(loss="hinge")]
)
def test_other_losses_and_tricks(flags):
    tricks = ("ema(0.5)", "diff_augment", "instance_noise(0.1, total_steps=9)", "generator_l2(0.1)")
    gan = made(options=dict(pool=2))
    keras.utils.set_random_seed(0)
    gan = CycleGAN(*(gan.networks[name] for name in gan.network_names), tricks=tricks, pool=2)
    gan.compile("sgd(0.01)", "sgd(0.01)", run_eagerly=True, **flags)
    logs = gan.train_on_batch(BATCH, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    for name in gan.generators:
        average, own = (gan.networks[each].get_weights()[0] for each in (f"ema_{name}", name))
        assert not np.array_equal(average, own) and np.abs(average - own).max() < 0.1
    assert gan.samplers["inverse_generator"] is gan.networks["ema_inverse_generator"]


@pytest.mark.slow
def test_discriminators_see_older_outputs():
    gan = made(options=dict(pool=4))
    gan.train_on_batch(BATCH)
    kept = [gan.kept[f"pool_{name}_images"].numpy() for name in gan.directions]
    shown = []
    for game in gan.games:
        game.discriminate_batch = lambda batch, game=game: (
            shown.append(batch.fake.numpy()) or type(game).discriminate_batch(game, batch)
        )
    for _ in range(3):
        gan.train_on_batch(BATCH)
    for index, first in enumerate(kept):
        seen = np.concatenate(shown[index::2])
        assert any(np.array_equal(one, old) for one in seen for old in first)


@pytest.mark.slow
def test_a_run_goes_on_from_a_checkpoint_and_a_file_with_the_same_pools(tmp_path):
    options = dict(options=dict(pool=3), tricks=("ema(0.9)",))
    gan, other = made(**options), made(**options)
    for _ in range(2):
        gan.train_on_batch(BATCH)
    store = CheckpointStore(tmp_path / "checkpoints")
    store.save(gan)
    gan.save(tmp_path / "gan.keras")
    assert store.restore(read_gan(other)) == 2
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.get_config()["pool"] == 3
    for each in (gan, other, loaded):
        for _ in range(3):
            each.train_on_batch(BATCH)
    for each in (other, loaded):
        for name, value in gan.kept.items():
            np.testing.assert_array_equal(each.kept[name], value)
        assert changed(weights(gan), weights(each)) == set()


def test_a_snapshot_shows_both_cycles():
    gan = made()
    images = [np.uint8(127.5 * (each + 1)) for each in (OF_A, OF_B)]
    other = Examples({"image": images[0][:3]})
    data = Examples({"image": images[1]}, source_domain=other)
    inputs, columns = gan.preview_inputs(data, Image(), 0)
    shown = np.asarray(gan.preview(inputs))
    assert shown.shape == (18, 16, 16, 1) and columns == 6
    of_a, of_b = (np.asarray(each) for each in inputs)
    there, back = gan.generator, gan.inverse_generator
    expected = of_a, there(of_a), back(there(of_a)), of_b, back(of_b), there(back(of_b))
    for index, part in enumerate(expected):
        np.testing.assert_allclose(shown[index::6], part, atol=1e-5)


def test_noise_is_added_before_outputs_are_translated_back_in_training():
    plain, noisy = (made(options=dict(identity=0.0, pool=0, noise=each)) for each in (0.0, 0.5))
    assert CycleGAN.from_config(noisy.get_config()).noise == 0.5
    seen = []
    back = noisy.generator
    noisy.games[0].generator = lambda images, training: (
        seen.append(np.asarray(images)) or back(images, training=training)
    )
    found = [gan.test_on_batch(BATCH, return_dict=True)["cycle_loss"] for gan in (plain, noisy)]
    assert found[0] == found[1]  # none in tests
    seen.clear()
    fakes = noisy.inverse_generator(OF_B)
    noisy.losses_of_cycles(noisy.translate_both(OF_B, OF_A))
    added = seen[-1] - np.asarray(fakes)  # of_a, then the outputs for b with noise
    assert added.std() == pytest.approx(0.5, rel=0.1) and abs(added.mean()) < 0.1


@pytest.mark.parametrize("name", ["cycle", "identity", "pool", "noise"])
def test_arguments_below_0_are_refused(name):
    with pytest.raises(UserError, match=rf"cyclegan\({name}=-1\): it must be 0 or more"):
        CycleGAN.check_options(**{name: -1})


def test_domains_of_different_shapes_are_refused():
    mine, other = (CycleGAN.from_spec(spec(shape)) for shape in ((16, 16, 1), (16, 16, 3)))
    with pytest.raises(UserError, match="one size and the same number of channels"):
        CycleGAN(
            mine.generator, other.inverse_generator, mine.discriminator, other.inverse_discriminator
        )


@pytest.mark.slow
def test_mixed_precision_trains():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = CycleGAN.from_spec(spec())
    finally:
        keras.config.set_dtype_policy("float32")
    gan.compile(loss="least_squares")  # compiled this time
    logs = [gan.train_on_batch(BATCH, return_dict=True) for _ in range(2)][-1]
    assert np.isfinite(list(logs.values())).all()
    assert gan(tf.constant(OF_A)).dtype == tf.float32


@pytest.mark.slow
def test_a_run_that_was_stopped_is_as_one_that_was_not(cyclegan_run, photos, tmp_path, monkeypatch):
    monkeypatch.setattr(health_monitor, "EVERY", 3)  # which changes nothing but the log
    stopped = tiny_cyclegan(photos, tmp_path / "stopped")
    for steps in (1, 6):  # the first time with 8 outputs in each pool of 12
        loop.train(dataclasses.replace(stopped, steps=steps))
    (step, one), (_, its) = (variables(RunDir(each)) for each in (cyclegan_run, stopped.run_dir))
    assert step == 6 and one.keys() == its.keys()
    assert sum("kept/" in name for name in one) == 4
    for name, value in its.items():
        np.testing.assert_array_equal(one[name], value, err_msg=name)
    paths = (RunDir(each).samples / "step-00000006.png" for each in (cyclegan_run, stopped.run_dir))
    assert len({each.read_bytes() for each in paths}) == 1
    measured = [row for row in rows(RunDir(stopped.run_dir)) if "response_b_to_a" in row]
    assert [row["step"] for row in measured] == [3, 6]
    # Of training images, since one of each domain is held out.
    assert 0 < measured[0]["diversity"] < 9 and 0 < measured[0]["diversity_b_to_a"] < 9
    assert measured[0]["response"] != measured[0]["response_b_to_a"]
