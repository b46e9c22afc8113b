"""Runs that begin with the weights of another."""

import dataclasses
import shutil

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.gans.build import build
from gan_tf.main import main
from gan_tf.options.config import Config
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runs.training_state import read_gan
from gan_tf.training import loop
from gan_tf.training.transfer import start_from
from tests.conftest import tiny, tiny_translation, untrained


@pytest.fixture(scope="module")
def trained(photos, tmp_path_factory):
    """The run of an MLP with an averaged generator, and its GAN."""
    path = tmp_path_factory.mktemp("transfer") / "run"
    config = tiny(photos, path, trick=("ema(0.9)",), epochs=1)
    loop.train(config)
    return path, restored(config)


def restored(config):
    gan = made(config)
    CheckpointStore(RunDir(config.run_dir).checkpoints).restore(read_gan(gan))
    return gan


def made(config, shape=(8, 8, 3), names=("a", "b")):
    return build(config, shape, names)


def weights(network):
    return [layer.get_weights() for layer in network.layers if layer.weights]


def assert_same(mine, theirs):
    for pair in zip(mine, theirs, strict=True):
        for one, other in zip(*pair, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_same_networks_take_everything(trained, photos, tmp_path):
    path, theirs = trained
    gan = made(tiny(photos, tmp_path / "x", trick=("ema(0.5)",)))
    found = start_from(gan, path)
    for name in ("generator", "discriminator", "ema_generator"):
        assert_same(weights(gan.networks[name]), weights(theirs.networks[name]))
    assert found.counts == {"generator": (4, 4), "discriminator": (3, 3)}
    assert str(found) == (
        f"Starts from the layers of '{path}' at step 5: generator 4 of 4, discriminator 3 of 3."
    )
    assert int(gan.step) == 0
    assert not np.any(gan.discriminator_optimizer.variables[2])  # a moment


def test_an_adversarial_stage_starts_from_a_translator_of_the_content_loss_alone(photos, tmp_path):
    first = untrained(tiny_translation(photos, tmp_path / "first", loss="none"))
    config = tiny_translation(photos, tmp_path / "second", seed=1, trick=("ema(0.9)",))
    gan = build(config, (16, 16, 3), source_shape=(16, 16, 1))
    before = weights(gan.generator)
    transfer = start_from(gan, first.path)
    taken, of = transfer.counts["generator"]
    assert taken == of > 0
    expected = weights(TrainedRun(first).generator)
    for network in (gan.generator, gan.sampler):
        assert_same(weights(network), expected)
    assert np.any(before[0][0] != expected[0][0])


def test_another_size_keeps_what_does_not_depend_on_it(trained, photos, tmp_path):
    path, theirs = trained
    gan = made(tiny(photos, tmp_path / "x", image_size=9, trick=("ema",)), (9, 9, 3))
    before = weights(gan.generator)[3]
    found = start_from(gan, path)
    assert found.counts == {"generator": (3, 4), "discriminator": (2, 3)}
    assert_same(weights(gan.generator)[:3], weights(theirs.generator)[:3])
    assert_same(weights(gan.discriminator)[1:], weights(theirs.discriminator)[1:])
    assert_same(
        weights(gan.networks["ema_generator"])[:3], weights(theirs.networks["ema_generator"])[:3]
    )
    assert_same(
        [weights(gan.generator)[3]] * 2, [before, weights(gan.networks["ema_generator"])[3]]
    )
    names = [gan.generator.layers[i].name for i in (-3,)] + [gan.discriminator.layers[2].name]
    assert str(found).endswith(
        f"\nNewly initialized: generator's {names[0]}, discriminator's {names[1]}."
    )


def test_conditioning_and_priors_may_change(trained, photos, tmp_path):
    config = tiny(photos, tmp_path / "x", conditional="projection", prior="uniform")
    gan = made(config)
    found = start_from(gan, trained[0])
    assert found.counts["discriminator"] == (3, 4)
    assert found.counts["generator"][0] == 4  # though they stand in a model within the model


def test_an_average_begins_as_the_generator_of_a_run_without_one(plain_run, photos, tmp_path):
    gan = made(tiny(photos, tmp_path / "x", trick=("ema",)))
    start_from(gan, plain_run)
    theirs = restored(tiny(photos, plain_run))
    assert_same(weights(gan.networks["ema_generator"]), weights(theirs.generator))


@pytest.mark.parametrize("sizes", [(28, 64), (64, 28), (32, 28)])
def test_layers_of_convolutions_are_counted_from_the_image(sizes, photos, tmp_path, monkeypatch):
    """Without a run: the trained GAN is handed over."""
    configs = [
        tiny(photos, tmp_path / "x", arch="dcgan(width=2)", image_size=size) for size in sizes
    ]
    theirs, gan = [
        made(config, (size, size, 3)) for config, size in zip(configs, sizes, strict=True)
    ]
    run = RunDir(tmp_path / "run")
    CheckpointStore(run.checkpoints).save(theirs)
    run.write_flags(configs[0])
    write_facts(run, sizes[0])
    found = start_from(gan, run.path)
    mine = weights(gan.generator), weights(theirs.generator)
    # The last convolution, its two neighbors and two norms, of which the shapes agree.
    assert_same(mine[0][-5:], mine[1][-5:])
    assert_same(weights(gan.discriminator)[:5], weights(theirs.discriminator)[:5])
    assert found.counts["discriminator"][0] == (6 if sizes == (32, 28) else 5)


@pytest.mark.parametrize("backbone, new", [("resnet", 0), ("dcgan", 1)])
def test_longer_videos_keep_the_generator_and_what_sees_frames(tmp_path, backbone, new):
    arch = f"mocogan(width=2, backbone='{backbone}')"
    config = Config(dataset="moving_glyphs", arch=arch, latent_dim=5).resolve()
    theirs, gan = (build(config, (frames, 28, 28, 1)) for frames in (11, 13))
    run = RunDir(tmp_path / "run")
    CheckpointStore(run.checkpoints).save(theirs)
    run.write_flags(config)
    run.data.write_text('{"sample_shape": [11, 28, 28, 1], "num_images": 1, "label_names": []}')
    found = start_from(gan, run.path)
    taken, of = found.counts["generator"]
    assert taken == of and gan.latent_dim == theirs.latent_dim + 2 * 10
    assert_same(weights(gan.generator), weights(theirs.generator))
    taken, of = found.counts["discriminator"]
    assert taken == of - new  # the logit of dcgan's video, whose maps are of more frames


@pytest.mark.slow
def test_longer_sound_keeps_what_is_next_to_it(tmp_path):
    config = Config(dataset="tones", arch="wavegan(width=1)", latent_dim=5).resolve()
    theirs, gan = (build(config, (length, 1)) for length in (1024, 4096))
    run = RunDir(tmp_path / "run")
    CheckpointStore(run.checkpoints).save(theirs)
    run.write_flags(config)
    run.data.write_text(
        '{"sample_shape": [1024, 1], "num_images": 1, "label_names": [], "traits": {"sample_rate": 8000}}'
    )
    found = start_from(gan, run.path, frozen=2)
    assert found.counts == {"generator": (3, 5), "discriminator": (3, 5)}
    assert_same(weights(gan.generator)[-3:], weights(theirs.generator)[-3:])
    assert_same(weights(gan.discriminator)[:3], weights(theirs.discriminator)[:3])
    of_weights = [layer for layer in gan.discriminator.layers if layer.weights]
    assert [layer.trainable for layer in of_weights] == [False] * 2 + [True] * 3


def write_facts(run, size):
    run.data.write_text(
        f'{{"image_shape": [{size}, {size}, 3], "num_images": 1, "label_names": ["a", "b"]}}'
    )


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"arch": "mlp(width=5)"}, "No layer of the networks"),
        ({"image_size": 9, "freeze_discriminator": 1}, "would freeze layers that"),
    ],
)
def test_what_is_refused(changes, words, trained, photos, tmp_path):
    config = tiny(photos, tmp_path / "x", init_from=str(trained[0]), **changes)
    with pytest.raises(UserError, match=words):
        loop.train(config)
    assert not RunDir(config.run_dir).flags.exists()


def test_the_flags_are_checked_first(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    photos = ["", "--dataset=image_folder", "--image_dir=."]
    with pytest.raises(UserError, match="is not a run directory"):
        main([*photos, "--init_from=nothing"])
    with pytest.raises(UserError, match="would freeze untrained layers"):
        main([*photos, "--freeze_discriminator=1"])
    with pytest.raises(UserError, match="the run's own folder"):
        main([*photos, f"--init_from={trained[0]}", f"--run_dir={trained[0]}/"])


def test_a_run_without_a_checkpoint_is_refused(trained, photos, tmp_path):
    run = RunDir(tmp_path / "run")
    run.path.mkdir()
    for name in ("flags", "data"):
        getattr(run, name).write_bytes(getattr(RunDir(trained[0]), name).read_bytes())
    with pytest.raises(UserError, match="has no checkpoint yet"):
        start_from(made(tiny(photos, tmp_path / "x")), run.path)


@pytest.mark.slow
def test_a_run_starts_from_another_once(plain_run, photos, tmp_path, capsys):
    """Frozen layers stay as they started; it resumes from its own checkpoint, without the source run."""
    source = shutil.copytree(plain_run, tmp_path / "source")
    config = tiny(photos, tmp_path / "run", init_from=str(source), freeze_discriminator=1, steps=3)
    assert loop.train(config) == 0
    assert f"Starts from the layers of '{source}'" in capsys.readouterr().out
    assert f"--init_from={source}" in RunDir(config.run_dir).flags.read_text()
    gan, theirs = restored(config), restored(tiny(photos, source))
    assert_same(weights(gan.discriminator)[:1], weights(theirs.discriminator)[:1])
    assert np.any(weights(gan.discriminator)[1][0] != weights(theirs.discriminator)[1][0])
    source.rename(tmp_path / "moved")
    keras.utils.set_random_seed(1)
    assert loop.train(dataclasses.replace(config, steps=4)) == 0
    assert "Starts from" not in capsys.readouterr().out
