"""Training from Python: its arguments are the flags."""

import signal

import keras
import pytest

from gan_tf.errors import UserError
from gan_tf.training import loop
from gan_tf.training.from_python import train


@pytest.fixture
def trained(monkeypatch):
    """The `Config`s that would be trained, and the status that training returns."""
    found, status = [], [0]
    monkeypatch.setattr(loop, "train", lambda config, _: found.append(config) or status[0])
    monkeypatch.setattr("gan_tf.runs.trained_run.TrainedRun", lambda run_dir: f"opened {run_dir}")
    return found, status


def test_arguments_are_the_flags_of_the_command_line(trained, tmp_path):
    run = train(
        dataset="glyphs",
        epochs=3,
        flip=True,
        generator_optimizer="adam(1e-3, beta_1=0.0)",
        trick=["ema(0.9)", "lr_decay"],
        penalty="r1(1)",
        metric=(),
        run_dir=tmp_path / "run",
        image_dir=None,
    )
    ((config,), _) = trained
    assert run == f"opened {tmp_path / 'run'}" == f"opened {config.run_dir}"
    assert (config.dataset, config.epochs, config.flip, config.image_dir) == (
        "glyphs",
        3,
        True,
        None,
    )
    assert (config.trick, config.penalty) == (("ema(0.9)", "lr_decay"), ("r1(1)",))
    assert config.generator_optimizer == "adam(1e-3, beta_1=0.0)"


def test_few_images_get_defaults_of_their_own_here_too(trained, photos, tmp_path, capsys):
    own = dict(dataset="image_folder", image_dir=photos, run_dir=tmp_path / "run")
    train(**own)
    train(**own, trick=[], batch_size=4)
    (tmp_path / "own.flags").write_text("--width=8\n--noflip\n")
    train(**own, flagfile=tmp_path / "own.flags")
    (first, second, third), _ = trained
    assert (first.steps, first.batch_size, len(first.trick)) == (4000, 16, 2)
    assert (second.steps, second.batch_size, second.trick) == (4000, 4, ())
    assert (third.steps, third.batch_size, third.width, third.flip) == (4000, 16, 8, False)
    assert "holds at most 40 images" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options, message",
    [
        ({"datset": "glyphs"}, r"no flag --datset \(did you mean 'dataset'\?\)"),
        ({"epochs": "many"}, "--epochs=many: it must be a whole number"),
        ({"epochs": 0}, "must be 1 or more"),
        ({"trick": ["ema", "emma"]}, "Unknown trick 'emma'"),
        ({"lr": 0.1}, "argument of the optimizers"),
        ({"callbacks": [keras.callbacks.CSVLogger]}, r"CSVLogger'> is not a keras\.callbacks\."),
        ({"callbacks": 3}, r"callbacks=3 is not a keras\.callbacks\.Callback: give one, or a list"),
    ],
)
def test_others_are_one_sentence(options, message, trained, tmp_path):
    with pytest.raises(UserError, match=message):
        train(**{"dataset": "glyphs", "run_dir": tmp_path} | options)
    assert trained[0] == []


def test_options_take_precedence_over_files_of_flags_wherever_they_stand(trained, tmp_path):
    (tmp_path / "own.flags").write_text("--width=8\n--epochs=7\n--run_dir=elsewhere\n")
    files = dict(flagfile=tmp_path / "own.flags", preset="demo")
    train(run_dir=tmp_path / "run", seed=3, **files, epochs=9)
    ((config,), _) = trained
    assert (config.run_dir, config.seed, config.epochs) == (str(tmp_path / "run"), 3, 9)
    assert (config.dataset, config.width) == ("glyphs", 8)


def test_one_callback_needs_no_list(monkeypatch, trained, tmp_path):
    found, one = [], keras.callbacks.CSVLogger(tmp_path / "log.csv")
    monkeypatch.setattr(loop, "train", lambda _, callbacks: found.append(callbacks))
    for callbacks in (one, iter((one,)), None):
        train(dataset="glyphs", run_dir=tmp_path / "run", callbacks=callbacks)
    assert found == [[one], [one], []]


def test_the_precision_of_a_run_is_not_that_of_the_program(monkeypatch, trained, tmp_path):
    mine = keras.callbacks.Callback()

    def set_and_return(config, callbacks):
        assert callbacks == [mine]
        keras.config.set_dtype_policy("mixed_bfloat16")
        return 0

    monkeypatch.setattr(loop, "train", set_and_return)
    train(dataset="glyphs", run_dir=str(tmp_path), callbacks=[mine])
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize(
    "sent, error", [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_a_stopped_training_stops_the_program(sent, error, trained, tmp_path):
    trained[1][0] = 128 + sent
    with pytest.raises(error):
        train(dataset="glyphs", run_dir=str(tmp_path))
