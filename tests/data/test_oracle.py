"""The oracle: an LSTM whose samples have the likelihood that it says."""

import os
import pathlib

import keras
import numpy as np
import pytest

from gan_tf.data.oracle import Oracle, OracleSequences
from gan_tf.errors import UserError


def parameters(tokens=7, units=3, seed=0):
    random = np.random.default_rng(seed)
    gate = [(units, units), (units, units), (units,)]
    shapes = [(tokens, units), *gate * 4, (units, tokens), (tokens,)]
    return [random.standard_normal(shape).astype("f4") for shape in shapes]


def test_it_is_the_lstm_of_keras():
    arrays = parameters()
    rows = np.random.default_rng(1).integers(0, 7, (5, 6))
    lstm = keras.layers.LSTM(3, return_sequences=True)
    seen = arrays[0][np.concatenate([np.zeros((5, 1), int), rows[:, :-1]], axis=1)]
    lstm.build(seen.shape)
    enter, forget, leave, cell = (arrays[1 + 3 * each : 4 + 3 * each] for each in range(4))
    order = (enter, forget, cell, leave)  # Keras's
    lstm.set_weights([np.concatenate([gate[kind] for gate in order], axis=-1) for kind in range(3)])
    logits = np.asarray(lstm(seen)) @ arrays[13] + arrays[14]
    chosen = np.take_along_axis(logits, rows[..., None], -1)[..., 0]
    expected = (np.log(np.exp(logits).sum(-1)) - chosen).mean(axis=1)
    np.testing.assert_allclose(Oracle(arrays).nll(rows), expected, rtol=1e-5)


def test_tokens_are_drawn_with_its_probabilities():
    oracle = Oracle(parameters())
    rows = oracle.draw(20_000, seed=0, length=2)
    for pair in ((0, 1), (3, 3), (6, 2)):
        exact = np.exp(-2 * oracle.nll(np.array([pair])))[0]
        assert (rows == pair).all(axis=1).mean() == pytest.approx(exact, abs=0.01)
    np.testing.assert_array_equal(oracle.draw(700, 3)[:510], oracle.draw(510, 3))


def test_the_data_set_is_reproducible_and_knows_its_oracle():
    source = OracleSequences()
    content = source.content()
    assert OracleSequences().content() == content
    assert len(source.traits["vocabulary"]) == 5000 and source.sample_shape == (20,)
    np.testing.assert_array_equal(source.oracle.draw(3, 0), Oracle.random().draw(3, 0))


def test_a_file_of_parameters(tmp_path):
    np.savez(tmp_path / "small.npz", **{f"p{each:02}": a for each, a in enumerate(parameters())})
    source = OracleSequences(str(tmp_path / "small.npz"))
    assert source.oracle.num_tokens == 7
    assert source.content() != OracleSequences().content()
    rows = source.oracle.draw(4, 0)
    np.testing.assert_array_equal(rows, Oracle(parameters()).draw(4, 0))


@pytest.mark.parametrize("kind", ["text", "few", "shape", "nan", "pipe", "missing"])
def test_other_files_are_refused(tmp_path, kind):
    path, arrays = tmp_path / "odd.npz", parameters()
    if kind == "few":
        del arrays[5]
    if kind == "shape":
        arrays[5] = arrays[5][:2]
    if kind == "nan":
        arrays[5] = arrays[5] * np.float32("nan")
    if kind == "text":
        path.write_text("not an archive")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind != "missing":
        np.savez(path, **{f"p{each:02}": array for each, array in enumerate(arrays)})
    with pytest.raises(UserError, match=r"cannot be used .*15 parameters"):
        Oracle.read(path)


def test_the_authors_oracle():
    folder = os.environ.get("GAN_TF_TEST_DATA")
    if not folder:
        pytest.skip("GAN_TF_TEST_DATA is not set")
    oracle = Oracle.read(pathlib.Path(folder) / "seqgan" / "oracle.npz")
    assert oracle.nll(oracle.draw(500, 0)).mean() == pytest.approx(5.76, abs=0.06)
    uniform = np.random.default_rng(0).integers(0, 5000, (500, 20))
    assert oracle.nll(uniform).mean() == pytest.approx(11.40, abs=0.1)
