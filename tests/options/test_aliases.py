"""What other programs call flags and their values."""

import re
import shlex

import pytest

from gan_tf.errors import UserError
from gan_tf.options import aliases, flags
from gan_tf.options.config import Config
from tests.conftest import assert_user_error


@pytest.mark.parametrize(
    "typed, advice",
    [
        ("--lr=1e-4", "--generator_optimizer='adam(2e-4, beta_1=0.5)'"),
        ("--learning_rate=1e-4", "--discriminator_optimizer="),
        ("--optimizer=adam", "give --generator_optimizer=... and --discriminator_optimizer=..."),
        ("--gpus=2", "--strategy=mirrored"),
        ("--batch=64", "give --batch_size=..."),
        ("--batch-size=64", "batch_size"),
        ("--resolution=64", "give --image_size=..."),
        ("--size=64", "give --image_size=..."),
        ("--z_dim=64", "give --latent_dim=..."),
        ("--n_critic=5", "give --discriminator_steps=..."),
        ("--resume", "repeat the command"),
        ("--output=x", "give --run_dir=..."),
        ("--pool_size=50", "--gan='cyclegan(cycle=10, identity=0.5, pool=50)'"),
        ("--lambda_L1=100", "--content_loss='l1(100)'"),
        ("--netD=basic", "give --discriminator=..."),
        ("--n_epochs_decay=100", "--trick='lr_decay(start=0.5)'"),
    ],
)
def test_a_flag_of_other_programs_is_answered_with_ours(typed, advice):
    with pytest.raises(UserError, match=re.escape(advice)) as error:
        flags.parse(Config, ["", typed], "")
    assert str(error.value).startswith(f"There is no flag {typed.partition('=')[0]}")


@pytest.mark.parametrize(
    "typed, advice",
    [
        ("--loss=wgan-gp", "give --loss=wasserstein --penalty=wgan_gp"),
        ("--loss=WGAN", "give --loss=wasserstein --penalty=weight_clip"),
        ("--loss=bce", "give --loss=non_saturating"),
        ("--loss=lsgan", "give --loss=least_squares"),
        ("--gan=dcgan", "give --arch=dcgan"),
        ("--trick=spectral-norm", "give --spectral_norm=discriminator"),
        ("--dataset=font", "give --gan=zi2zi --dataset=fonts"),
        ("--dataset=my/photos", "give --dataset=image_folder --image_dir=my/photos"),
    ],
)
def test_a_value_of_other_programs_is_answered_with_ours(typed, advice):
    config, _ = flags.parse(Config, ["", typed], "")
    with pytest.raises(UserError, match=re.escape(advice)):
        config.resolve()


def test_a_folder_of_this_name_is_meant(tmp_path, monkeypatch):
    (tmp_path / "cats").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="--dataset=image_folder --image_dir=cats"):
        Config(dataset="cats").resolve()


def test_the_command_says_it_in_one_sentence(command):
    result = command("main", "--loss=wgan-gp")
    assert_user_error(result, "There is no --loss=wgan-gp here: give --loss=wasserstein")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("trick", ["ada(filtered=maybe)", "diff_augment(policy=3)"])
def test_of_known_names_the_arguments_are_told(trick):
    with pytest.raises(UserError, match="must be of type"):
        Config(trick=(trick,)).resolve()


def advised():
    found = {each for values in aliases._VALUES.values() for each in values.values()}
    return sorted(found)


@pytest.mark.parametrize("advice", advised())
def test_what_is_advised_is_accepted(advice):
    more = ["--image_dir=x"] if "image_folder" in advice else []
    if "dragan" in advice or "wgan_gp" in advice:
        assert "--discriminator_norm=layer" in advice
    size = [] if "--arch=resnet" not in advice else ["--image_size=32"]
    config, _ = flags.parse(Config, ["", *shlex.split(advice), *more, *size], "")
    config.resolve()


def test_every_flag_that_is_advised_exists_in_a_command():
    from gan_tf.options import reference

    known = set()
    for each in reference.commands().values():
        known |= set(each.options.__dataclass_fields__)
    for meant in aliases._FLAGS.values():
        assert set(meant.split()) <= known, meant


def test_no_alias_hides_a_flag():
    known = set(Config.__dataclass_fields__)
    for words in (*aliases._FLAGS, *aliases._SENTENCES):
        assert not known & set(words.split()), words
    typed = [word for words in (*aliases._FLAGS, *aliases._SENTENCES) for word in words.split()]
    assert len(typed) == len(set(typed)) + 1  # "lr" has an answer for each kind of command
