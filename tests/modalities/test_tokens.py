"""Tokens: indices and one-hot rows, the end of a sequence, text and pictures of it."""

import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf.modalities.tokens import Tokens
from gan_tf.registry import MODALITIES

WORDS = Tokens(["", "a", "dog", "sleeps"], " ")
DNA = Tokens(list("ACGT"), notation="fasta")
ROWS = np.array([[1, 2, 3, 0], [1, 2, 2, 3], [0, 0, 0, 0]], np.int32)


def test_networks_see_one_hot_rows():
    seen = WORDS.to_network(ROWS)
    assert seen.shape == (3, *WORDS.network_shape((4,))) == (3, 4, 4) and seen.dtype == np.float32
    np.testing.assert_array_equal(seen[0, 1], [0, 0, 1, 0])
    np.testing.assert_array_equal(WORDS.to_network(tf.constant(ROWS)), seen)
    np.testing.assert_array_equal(WORDS.to_stored(seen), ROWS)


@pytest.mark.parametrize("backend", ["array", "graph"])
def test_after_the_first_end_there_is_nothing(backend):
    relaxed = np.eye(4, dtype=np.float32)[[[1, 0, 2, 3], [2, 3, 0, 1]]] * 0.4
    indices = np.array([[1, 0, 2, 3], [2, 3, 0, 9]])
    for made in (relaxed, indices):
        if backend == "graph":
            inputs = keras.Input(made.shape[1:], dtype=made.dtype.name)
            model = keras.Model(inputs, WORDS.to_stored_tensor(inputs))
            stored = model.predict(made, verbose=0)
        else:
            stored = WORDS.to_stored(made)
        assert stored.dtype == np.int32
        np.testing.assert_array_equal(stored, [[1, 0, 0, 0], [2, 3, 0, 0]])


def test_without_an_end_each_row_is_as_long_as_it_is():
    made = np.array([[0, 1, 0, 3]])
    np.testing.assert_array_equal(DNA.to_stored(made), made)
    assert DNA.texts(made) == ["ACAT"] and DNA.lengths(made).tolist() == [4]


def test_rows_of_a_large_vocabulary_take_no_square_of_it():
    large = Tokens([str(each) for each in range(200_000)])  # whose square would be 160 GB
    seen = large.to_network(np.array([[199_999, 3]], np.int32))
    assert seen.shape == (1, 2, 200_000) and seen.sum() == 2
    assert seen[0, 0, 199_999] == seen[0, 1, 3] == 1


def test_texts():
    assert WORDS.texts(ROWS) == ["a dog sleeps", "a dog dog sleeps", ""]
    assert WORDS.lengths(ROWS).tolist() == [3, 4, 0]
    assert WORDS.snapshot(ROWS) == b"a dog sleeps\na dog dog sleeps\n\n"


def test_the_history_shows_each_sequence_over_time(tmp_path):
    for step, rows in ((0, ROWS), (100, ROWS[::-1])):
        (tmp_path / f"step-{step:08d}.txt").write_bytes(WORDS.snapshot(rows))
    (tmp_path / "step-00000050.txt").write_bytes(b"\xff")
    paths = sorted(tmp_path.glob("*.txt"))
    first, second, _ = WORDS.history(paths).decode().split("\n\n")
    assert first == "       0  a dog sleeps\n     100  "
    assert second == "       0  a dog dog sleeps\n     100  a dog dog sleeps"
    assert WORDS.history(paths[1:2]) is None


@pytest.mark.parametrize(
    "traits, problem",
    [
        ({"vocabulary": ["a", ""]}, "only the first is empty"),
        ({"vocabulary": ["a", "a"]}, "differ"),
        ({"vocabulary": ["a\nb"]}, "line break"),
        ({"vocabulary": ["a"], "separator": "\x1b"}, "control character"),
        ({"vocabulary": ["a"], "notation": "midi"}, "no notation 'midi'"),
    ],
)
def test_impossible_traits(traits, problem):
    with pytest.raises(ValueError, match=problem):
        MODALITIES.build("tokens", traits)


@pytest.mark.parametrize("shape", [(), (4, 1), (0,), (4097,)])
def test_impossible_shapes(shape):
    with pytest.raises(ValueError, match="from 1 to 4,096 tokens"):
        WORDS.check_shape(shape)


def test_a_vocabulary_bounds_the_length_of_one_hot_rows():
    large = Tokens([str(each) for each in range(1 << 17)])
    large.check_shape((1 << 11,))
    with pytest.raises(ValueError, match="from 1 to 2,048 tokens"):
        large.check_shape(((1 << 11) + 1,))


def test_noise_is_uniform_over_the_vocabulary():
    noise = DNA.noise(np.random.default_rng(0), (1000, 4))
    assert np.bincount(noise.ravel()).min() > 900 and noise.max() == 3


def test_the_sheet_of_nucleotides_has_a_logo_above_the_lines():
    rows = np.zeros((3, 8), np.int32)
    words, dna = WORDS.sheet(ROWS), DNA.sheet(rows)
    assert words.dtype == dna.dtype == np.uint8 and words.shape[2] == dna.shape[2] == 3
    assert dna.shape[0] == words.shape[0] + 80
    Image.fromarray(dna).save(io.BytesIO(), "PNG")
    assert not Tokens(list("ACDE"), notation="fasta").is_nucleic


def test_snapshots_of_nucleotides_have_a_logo_beside_them():
    rows = np.zeros((3, 8), np.int32)
    files = DNA.snapshot_files(rows)
    assert list(files) == [".txt", ".png"]
    drawn = np.asarray(Image.open(io.BytesIO(files[".png"])))
    np.testing.assert_array_equal(drawn, DNA.sheet(rows)[: drawn.shape[0], : drawn.shape[1]])
    assert list(WORDS.snapshot_files(ROWS)) == [".txt"]


def test_tensorboard_gets_text(tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default(step=3):
        DNA.summarize("samples", np.zeros((2, 4), np.int32))
    writer.close()
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    assert b"    AAAA\n    AAAA\n" in content and b"samples/logo" in content


def test_text_is_read_back_as_indices():
    words = Tokens(["", "a", "dog"], " ")
    assert words.indices("dog a dog") == [2, 1, 2]
    assert words.indices("") == []
    letters = Tokens(["A", "C"], notation="fasta")
    assert letters.indices("CAC") == [1, 0, 1]
    with pytest.raises(ValueError, match="no token 'G' in the vocabulary"):
        letters.indices("CAG")
    with pytest.raises(ValueError, match="no token '' in the vocabulary"):
        words.indices("a  dog")
