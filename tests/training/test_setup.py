"""Seeds, precision and the run directory of a worker."""

import random
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data import pipeline
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop, setup
from tests.training.trained import variables


@pytest.mark.slow
def test_weights_do_not_depend_on_whether_the_data_were_decoded_before(config, tmp_path, photos):
    """Decoding may draw random numbers, as TensorFlow Datasets does when it prepares."""
    states = []
    for number in range(2):
        options = config(run_dir=str(tmp_path / str(number)), steps=1)
        load = pipeline.load

        def drawing(*arguments, number=number, load=load):
            random.random() if number else None
            return load(*arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "load", drawing)
            loop.train(options)
        states.append(variables(RunDir(options.run_dir))[1])
    for name, value in states[0].items():
        np.testing.assert_array_equal(value, states[1][name], err_msg=name)


def test_the_same_seed_gives_the_same_random_numbers(config):
    drawn = []
    for number in (3, 3, 4):
        setup.seed(config(seed=number))
        draw = tf.function(lambda: tf.random.uniform(()))
        drawn.append((random.random(), np.random.rand(), float(draw())))
    assert drawn[0] == drawn[1]
    assert all(one != other for one, other in zip(drawn[0], drawn[2]))


def test_the_precision_is_resolved_and_set(config):
    assert setup.set_up(config(precision="mixed_bfloat16")).precision == "mixed_bfloat16"
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    chosen = setup.set_up(config(precision="auto")).precision
    assert chosen == keras.config.dtype_policy().name != "auto"


def test_operations_are_deterministic_where_asked(config, monkeypatch):
    asked = []
    monkeypatch.setattr(tf.config.experimental, "enable_op_determinism", lambda: asked.append(True))
    setup.set_up(config())
    assert not asked
    setup.set_up(config(deterministic=True))
    assert asked


def test_the_first_worker_has_the_run_and_the_others_a_quiet_copy(config, capsys):
    options = config()
    run = RunDir(options.run_dir)
    run.path.mkdir()
    run.write_flags(options)
    (run.checkpoints / "00000005").mkdir(parents=True)  # broken: it is not copied
    with setup.run_directory(options.run_dir, types.SimpleNamespace(chief=True)) as own:
        print("I am the first.")
        assert own.path == run.path
    with setup.run_directory(options.run_dir, types.SimpleNamespace(chief=False)) as copy:
        print("I am the second.")
        assert copy.path != run.path and copy.config().to_flags() == options.to_flags()
        assert not list(copy.checkpoints.glob("*"))
    assert not copy.path.exists() and run.flags.exists()
    assert capsys.readouterr().out == "I am the first.\n"
