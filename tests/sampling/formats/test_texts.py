"""Files of sequences."""

import numpy as np

from gan_tf.modalities.tokens import Tokens
from tests.sampling.formats.example import batches, written

WORDS = Tokens(["", "good", "dog"], separator=" ")
DNA = Tokens(list("ACGT"), notation="fasta")


def test_a_line_for_each_sequence(tmp_path):
    rows = np.array([[1, 2, 0], [2, 2, 2], [0, 0, 0]], np.int32)
    out = written("txt", tmp_path / "x.txt", batches(rows), modality=WORDS, shape=(3,))
    assert out.read_text() == "good dog\ndog dog dog\n\n"


def test_a_record_for_each_sequence_says_where_it_comes_from(tmp_path):
    rows = np.arange(8, dtype=np.int32).reshape(2, 4) % 4
    out = written("fasta", tmp_path / "x.fasta", batches(rows), modality=DNA, shape=(4,))
    lines = out.read_text().splitlines()
    assert lines[1::2] == ["ACGT", "ACGT"]
    assert lines[0].startswith(">1 ") and "seed=4" in lines[0] and "number=1" in lines[2]


def test_long_sequences_are_wrapped(tmp_path):
    rows = np.zeros((1, 130), np.int32)
    out = written("fasta", tmp_path / "x.fasta", batches(rows), modality=DNA, shape=(130,))
    assert [len(each) for each in out.read_text().splitlines()[1:]] == [60, 60, 10]
