"""A trained run, loaded for inference."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.modalities.image import Image
from gan_tf.networks import build as networks
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import finishing, loop
from tests.conftest import tiny, tiny_translation, untrained


@pytest.fixture(scope="module")
def trained(photos, tmp_path_factory):
    """A conditional run with an average, and what its GAN was at the end."""
    kept = {}
    original = finishing.finish

    def finish(gan, run, modality):
        kept.update(gan.networks)
        return original(gan, run, modality)

    folder = tmp_path_factory.mktemp("trained") / "run"
    config = tiny(photos, folder, epochs=1, conditional="projection", trick=("ema(0.9)",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finishing, "finish", finish)
        loop.train(config)
    return TrainedRun(folder), kept


def test_the_facts(trained):
    run, _ = trained
    assert (run.step, run.sample_shape, run.latent_dim) == (5, (8, 8, 3), 5)
    assert (run.label_names, run.conditional) == (("a", "b"), True)
    assert run.config.epochs == 1


def test_images_are_those_of_the_ema_generator(trained):
    run, networks = trained
    normal, labels = latents.draw(0, range(7), 5), [0, 1, 0, 1, 1, 0, 0]
    made = run.samples(normal, labels)
    assert (made.dtype, made.shape) == (np.uint8, (7, 8, 8, 3))
    expected = np.asarray(networks["ema_generator"]([normal, np.array(labels)])) * 127.5 + 127.5
    np.testing.assert_allclose(made, expected, atol=0.501)


def test_images_are_those_of_a_seed(trained):
    run, _ = trained
    normal = latents.draw(3, range(6), 5)
    made = run.images(6, seed=3)
    np.testing.assert_array_equal(made, run.samples(normal, run.choose_labels(3, range(6))))
    np.testing.assert_array_equal(run.images(4, seed=3), made[:4])
    np.testing.assert_array_equal(run.images(6, 3, "b"), run.samples(normal, [1] * 6))
    with pytest.raises(UserError, match="no such class"):
        run.images(6, label="c")


def test_a_picture_shows_them_side_by_side(trained):
    run, _ = trained
    picture = run.picture(9, seed=3)
    np.testing.assert_array_equal(np.asarray(picture), Image().sheet(run.images(9, seed=3)))
    assert picture.mode == "RGB"


def test_logits_are_those_of_the_discriminator(trained):
    run, networks = trained
    pixels = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), np.uint8)
    labels = np.array([0, 1, 1, 0, 1])
    output = run.discriminate(pixels, labels)
    scaled = pixels / np.float32(127.5) - 1
    expected = np.asarray(networks["discriminator"]([scaled, labels]))[:, 0]
    np.testing.assert_allclose(output.logits, expected, rtol=1e-4, atol=1e-5)
    assert output.logits.dtype == np.float32
    assert output.features.shape == (5, run.discriminator.get_layer("features").output.shape[1])
    assert output.class_logits is None
    np.testing.assert_array_equal(run.discriminate(scaled, labels).logits, output.logits)


@pytest.mark.parametrize(
    "method, arguments, words",
    [
        ("images", dict(seed=-1), "^seed=-1: give a whole number, 0 or more.$"),
        ("images", dict(count=2.5), "^count=2.5: give a whole number"),
        (
            "discriminate",
            dict(samples=np.zeros((8, 8, 3))),
            r"of the shape \(8, 8, 3\) does not fit",
        ),
        (
            "discriminate",
            dict(samples=np.zeros((2, 8, 8, 1))),
            r"of the shape \(n, 8, 8, 3\), n at",
        ),
        ("discriminate", dict(samples=np.zeros((0, 8, 8, 3))), "n at least 1"),
        (
            "discriminate",
            dict(samples=np.zeros((2, 8, 8, 3)), labels=[1]),
            r"labels has the shape \(1,\): give \(2,\)",
        ),
    ],
)
def test_other_arguments_are_refused_in_one_sentence(trained, method, arguments, words):
    with pytest.raises(UserError, match=words):
        getattr(trained[0], method)(**arguments)


def test_one_image_does_not_depend_on_the_others(trained):
    run, _ = trained
    normal = latents.draw(0, range(250), 5)
    labels = run.choose_labels(0, range(250))
    every = run.samples(normal, labels)
    np.testing.assert_array_equal(run.samples(normal[:13], labels[:13]), every[:13])
    np.testing.assert_array_equal(run.samples(normal[:13], labels[:13], batch_size=8), every[:13])
    logits = run.discriminate(every, labels).logits
    np.testing.assert_array_equal(run.discriminate(every[:9], labels[:9]).logits, logits[:9])


def test_labels_by_name_number_and_share(trained):
    run, _ = trained
    assert run.choose_labels(0, range(3), "b").tolist() == [1, 1, 1]
    assert run.choose_labels(0, range(2), 0).tolist() == [0, 0]
    drawn = run.choose_labels(0, range(400))
    assert drawn.mean() == pytest.approx(0.5, abs=0.1)  # 20 images each; 4 standard errors
    np.testing.assert_array_equal(run.inputs(np.zeros((400, 5)))[1], drawn)
    with pytest.raises(UserError, match="no such class"):
        run.choose_labels(0, range(3), "c")


def test_its_data(trained, photos, tmp_path):
    run, _ = trained
    data = run.data()
    assert data.samples.shape == (40, 8, 8, 3)
    assert run.held_out() is None
    with pytest.raises(UserError, match="no directory"):
        run.data(image_dir=str(tmp_path / "gone"))
    with pytest.raises(UserError, match="the data set has changed"):
        run.data(image_size=12)


def test_facts_of_samples_that_the_generator_does_not_make(trained, tmp_path, monkeypatch):
    first = trained[0]
    folder = shutil.copytree(first.run.path, tmp_path / "run")
    facts = json.loads((folder / "data.json").read_text())
    height, width, channels = facts["sample_shape"]
    facts["sample_shape"] = [height + 1, width, channels]
    (folder / "data.json").write_text(json.dumps(facts))
    # Some architectures round sizes.
    monkeypatch.setattr(TrainedRun, "build_network", lambda self, name: first.generator)
    with pytest.raises(UserError, match="is damaged: its samples have the shape"):
        TrainedRun(folder)


def test_building_leaves_the_global_precision_alone(trained):
    before = keras.config.dtype_policy()
    TrainedRun(trained[0].run)
    assert keras.config.dtype_policy() == before


def test_packs_are_not_scored(trained, monkeypatch):
    run, _ = trained
    monkeypatch.setattr(run, "config", dataclasses.replace(run.config, packing=2))
    with pytest.raises(UserError, match="scores packs of 2 images"):
        run.discriminate(np.zeros((2, 8, 8, 3), np.uint8))


@pytest.mark.parametrize("checkpoint, words", [("best", "no best"), ("7", "of these steps: 5")])
def test_a_checkpoint_that_is_not_there(trained, checkpoint, words):
    with pytest.raises(UserError, match=words):
        TrainedRun(trained[0].run, checkpoint)


@pytest.mark.parametrize("options", [dict(semi_supervised=4), dict(conditional="acgan")])
def test_classifying_discriminators_tell_classes_too(trained, options, monkeypatch):
    run = TrainedRun(trained[0].run)
    changes = dict(conditional=None) | options
    config = dataclasses.replace(run.config, **changes)
    network = networks.discriminator(network_spec(config, (8, 8, 3), 2))
    monkeypatch.setitem(run._restored, "discriminator", network)
    output = run.discriminate(np.zeros((3, 8, 8, 3), np.uint8))
    assert (output.logits.shape, output.class_logits.shape) == ((3,), (3, 2))


@pytest.mark.slow
def test_a_translation_is_blended_with_the_run_that_it_started_from(photos, tmp_path):
    """As ESRGAN is with the network of its content loss."""
    enlarging = dict(arch="srresnet(width=4, blocks=1)", pair_by="downscale(2)")
    first = untrained(tiny_translation(photos, tmp_path / "first", loss="none", **enlarging))
    config = tiny_translation(
        photos, tmp_path / "second", init_from=str(first.path), seed=1, **enlarging
    )
    runs = [TrainedRun(first), TrainedRun(untrained(config))]
    start, end = (each.generator.get_weights() for each in runs)
    assert any(np.any(one != other) for one, other in zip(start, end))
    for blend, expected in {
        0: start,
        0.25: [0.75 * one + 0.25 * other for one, other in zip(start, end)],
        1: end,
    }.items():
        network, _, scale = runs[1].translator(blend)
        assert scale == 2
        for mine, wanted in zip(network.get_weights(), expected, strict=True):
            np.testing.assert_allclose(mine, wanted, atol=1e-7)
    other = untrained(tiny_translation(photos, tmp_path / "other", pair_by="downscale(2)"))
    runs[1].config = dataclasses.replace(runs[1].config, init_from=str(other.path))
    with pytest.raises(UserError, match="has other layers, so they cannot be blended"):
        runs[1].translator(0.5)
