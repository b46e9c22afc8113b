"""External scorers: Keras models and functions."""

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.features import scorer
from gan_tf.modalities.tokens import Tokens

MODALITY, LENGTH = Tokens(["A", "C"]), 3
ROWS = np.array([[0, 0, 0], [0, 1, 1]], np.int32)


def lengths(texts):
    return [len(text.replace("C", "")) for text in texts]


def bad(texts):
    return [float("nan")] * len(texts)


def of(name):
    return f"tests.features.test_scorer:{name}"


@pytest.mark.parametrize("one_hot", [False, True])
def test_a_model_takes_tokens_or_one_hot_rows(one_hot, tmp_path):
    shape = (LENGTH, 2) if one_hot else (LENGTH,)
    given = keras.Input(shape, dtype="float32" if one_hot else "int32")
    x = given if one_hot else keras.layers.Embedding(2, 2, embeddings_initializer="identity")(given)
    x = keras.layers.Dense(1, kernel_initializer="ones")(keras.layers.Flatten()(x))
    path = str(tmp_path / "model.keras")
    keras.Model(given, x).save(path)
    assert scorer.load(path, MODALITY, LENGTH)(ROWS).tolist() == [3, 3]
    with pytest.raises(UserError, match=r"sequences are \(4,\) tokens"):
        scorer.load(path, MODALITY, 4)


def test_a_function_takes_texts():
    assert scorer.load(of("lengths"), MODALITY, LENGTH)(ROWS).tolist() == [3, 1]


@pytest.mark.parametrize(
    "name, message",
    [
        ("none.keras", "There is no scorer 'none.keras'"),
        ("model.h5", "names no scorer"),
        ("no_such_module:score", "cannot be imported .*No module named"),
        (of("missing"), "cannot be imported"),
    ],
)
def test_refuses_what_cannot_be_loaded(name, message):
    with pytest.raises(UserError, match=message):
        scorer.load(name, MODALITY, LENGTH)


def test_refuses_a_file_that_is_no_model(tmp_path):
    (tmp_path / "x.keras").write_bytes(b"x")
    with pytest.raises(UserError, match="cannot be loaded"):
        scorer.load(str(tmp_path / "x.keras"), MODALITY, LENGTH)


def test_refuses_scores_that_are_no_numbers():
    with pytest.raises(UserError, match="must return a finite number for each of 2 sequences"):
        scorer.load(of("bad"), MODALITY, LENGTH)(ROWS)
