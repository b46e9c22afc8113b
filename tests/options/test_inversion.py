"""Checks of the options of commands that search a latent space."""

import pytest

from gan_tf import anomaly, invert, restore
from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.options.inversion import has_encoder, with_method

PLAIN = Config(dataset="mnist").resolve()
BIGAN = Config(dataset="mnist", gan="bigan").resolve()


@pytest.mark.parametrize("images, dataset", [(None, False), ("photos", True)])
def test_images_come_from_one_place(images, dataset):
    options = invert.Options(run_dir="runs/x", images=images, dataset=dataset)
    with pytest.raises(UserError, match="either --images=FOLDER or --dataset"):
        options.check()


@pytest.mark.parametrize(
    "config, options, message",
    [
        (PLAIN, dict(objective=("pixels", "pixels(2.0)")), "--objective=pixels is given twice"),
        (PLAIN, dict(objective=("codes",)), "not a search's"),
        (
            Config(dataset="mnist", packing=2).resolve(),
            dict(objective=("realism",)),
            "'runs/x' scores 2 at once",
        ),
        (PLAIN, dict(objective=("center",)), "--objective=center is for --space=w or w_plus"),
        (PLAIN, dict(space="w", objective=("shell(1.0)",)), "--objective=shell is for --space=z"),
        (BIGAN, dict(encoder=True, encoder_steps=5), "'runs/x' has its own: leave it out"),
    ],
)
def test_options_go_with_the_run(config, options, message):
    options = invert.Options(run_dir="runs/x", dataset=True, **options)
    options.check()
    with pytest.raises(UserError, match=message):
        options.check_with_run(config, "invert")


def test_a_score_is_of_latents():
    with pytest.raises(UserError, match="--score=center is for --space=w or w_plus"):
        anomaly.Options().check_space("center", "score")
    anomaly.Options().check_space("shell", "score")


def test_what_goes_with_the_run_is_accepted():
    conditional = Config(dataset="mnist", conditional="concat").resolve()
    for command, config, options in (
        (invert, conditional, dict(label="3", objective=("pixels", "realism"))),
        (anomaly, PLAIN, dict(encoder_steps=5)),
        (restore, BIGAN, dict(method="gibbs")),
        (invert, PLAIN, dict(space="w_plus", objective=("pixels", "center(0.1)"))),
    ):
        options = command.Options(run_dir="runs/x", dataset=True, **options)
        options.check()
        options.check_with_run(config, command.__name__.rpartition(".")[2])


def test_only_some_kinds_of_gan_have_an_encoder():
    assert has_encoder(BIGAN) and not has_encoder(PLAIN)


def test_each_method_has_its_own_defaults():
    def counts(config, **options):
        found = with_method(restore.Options(**options), config)
        return found.steps, found.draws

    assert counts(PLAIN) == (300, 1)
    assert counts(PLAIN, steps=7) == (7, 1)
    assert counts(BIGAN, method="gibbs") == (30, 8)
    assert counts(BIGAN, method="gibbs", steps=7, draws=2) == (7, 2)


@pytest.mark.parametrize(
    "config, options, message",
    [
        (PLAIN, dict(method="gibbs"), "--method=gibbs needs an encoder, and the run in 'runs/x'"),
        (BIGAN, dict(method="gibbs", task="denoise"), "--task=denoise has none"),
        (BIGAN, dict(method="gibbs", starts=2), "--starts=2 has no effect"),
        (BIGAN, dict(method="gibbs", objective=("pixels",)), "--objective=pixels has no effect"),
        (BIGAN, dict(draws=3), "give --method=gibbs too"),
    ],
)
def test_gibbs_is_for_missing_pixels_and_runs_with_an_encoder(config, options, message):
    with pytest.raises(UserError, match=message):
        with_method(restore.Options(run_dir="runs/x", **options), config)
