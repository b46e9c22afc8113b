"""The experiment on poems, captions, DNA and peptides."""

import json

import numpy as np
import pytest

from experiments.sequences import (
    corpora,
    corpus_files,
    corpus_scores,
    peptide_classifier,
    planted,
    recipes,
    rhymes,
)
from gan_tf.errors import UserError
from gan_tf.options import flags

JASPAR = """>MA1 X
A [ 97 1 ]
C [ 1 1 ]
G [ 1 97 ]
T [ 1 1 ]
>MA2 Y
A [ 1 1 1 ]
C [ 97 1 1 ]
G [ 1 97 97 ]
T [ 1 1 1 ]
>MA3 Z
A [ 25 25 ]
C [ 25 25 ]
G [ 25 25 ]
T [ 25 25 ]
"""


@pytest.fixture
def matrices(tmp_path):
    (tmp_path / "motifs.txt").write_text(JASPAR)
    return planted.read(tmp_path / "motifs.txt")


@pytest.mark.parametrize("name", recipes.NAMES)
def test_runs_are_valid(name, tmp_path):
    options, _ = flags.parse(corpora.Options, ["", f"--runs={tmp_path}", "--steps=7"], "")
    config = corpora.config_of(options, name, 1)
    assert (config.seed, config.steps) == (1, 7)
    if "{mle}" in recipes.CORPORA[name.split("-")[0]].models[name.split("-", 1)[1]]:
        assert config.init_from == f"{tmp_path}/{name.split('-')[0]}-mle-1"


def test_an_unknown_run_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="--only=x: the runs are poems-mle"):
        corpora.main(["", "--only=x", f"--out={tmp_path}/out.jsonl"])


def test_likelihoods_of_planted_sites_are_exact(matrices):
    assert [each.shape for each in matrices] == [(4, 2), (4, 3), (4, 2)]
    np.testing.assert_allclose(matrices[0][:, 0], np.array([98, 2, 2, 2]) / 104)
    model = planted.Planted(matrices)
    (row,) = rows = np.random.default_rng(0).integers(0, 4, (1, planted.LENGTH))
    total = 0.0
    for matrix, places in zip(matrices, model._places):
        for start in np.flatnonzero(places):
            site = np.prod([matrix[row[start + at], at] for at in range(matrix.shape[1])])
            rest = 0.25 ** (planted.LENGTH - matrix.shape[1])
            total += places[start] * site * rest / 3
    assert model.log_likelihood(rows)[0] == pytest.approx(np.log(total))


def test_planted_sites_are_around_their_place(matrices):
    model = planted.Planted(matrices[:2])
    texts = model.draw(2000, 5)
    assert texts[:9] == model.draw(2000, 5)[:9] and set("".join(texts)) == set("ACGT")
    found = np.bincount([text.find("CGG") for text in texts if "CGG" in text])
    assert abs(int(found.argmax()) - planted.CENTER) <= 4
    rows = np.array([[planted.LETTERS.index(letter) for letter in text] for text in texts])
    assert model.sites(rows).any(axis=(1, 2)).mean() > 0.9


def test_files_are_split_once(tmp_path):
    data, files = tmp_path / "data", tmp_path / "files"
    for name in ("text", "dna", "peptides"):
        (data / name).mkdir(parents=True)
    with pytest.raises(UserError, match=r"poems\.txt'.*to --data"):
        corpus_files.make(data, files)
    poems = [f"{number} a" for number in range(2010)]
    for name in ("poems", "coco_train", "coco_test"):
        (data / "text" / f"{name}.txt").write_text("\n".join(poems) + "\n")
    (data / "dna/jaspar_motifs.txt").write_text(JASPAR)
    (data / "dna/splice_junctions.fasta").write_text(">0 n\nACGT\n" * 50)
    (data / "peptides/peptides.fasta").write_text(">0 AMP\nKK\n>1 UniProt\nDD\n" * 50)
    corpus_files.make(data, files)
    assert (files / "poems_train.txt").read_text().splitlines() == poems[:10]
    parts = [corpus_files.records(files / f"amp_{end}.fasta") for end in ("train", "test")]
    assert sum(map(len, parts)) == 50 and 0 < len(parts[1]) < 15
    assert set(parts[0] + parts[1]) == {("0 AMP", "KK")}
    (data / "text/poems.txt").unlink()
    corpus_files.make(data, files)  # which are there


def test_shuffled_sequences_keep_their_tokens_and_their_end():
    rows = np.array([[1, 2, 3, 4, 5, 6, 7, 8, 0, 0]], np.int32)
    found = corpus_scores.shuffled(rows, [8])
    assert sorted(found[0, :8]) == list(range(1, 9)) and found[0, 8:].tolist() == [0, 0]
    assert (found != rows).any()


def test_peptides_are_encoded_as_a_run_has_them():
    rows = peptide_classifier.encoded(["AC", "Y" * 40])
    assert rows[0, :3].tolist() == [1, 2, 0] and rows[1].tolist() == [20] * 32


def test_groups_of_rhymes():
    assert list(rhymes.groups({"a": {"b": ["x", "y"]}, "c": {"d": {"e": ["z"]}}})) == [
        ["x", "y"],
        ["z"],
    ]


def test_tables_have_a_column_for_each_run(tmp_path, capsys):
    found = [
        {"name": "poems-real", "seed": 0, "rhyme": 0.93},
        {"name": "poems-mle", "seed": 0, "step": 9, "rhyme": 0.1, "nll_test": 5.0},
        {"name": "poems-mle", "seed": 1, "step": 9, "rhyme": 0.2, "nll_test": 6.0},
    ]
    path = tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in found))
    assert corpora.main(["", "--table", f"--out={path}"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "| poems | poems-real | poems-mle |",
        "|---|---|---|",
        "| rhyme | 0.930 | 0.150 ± 0.071 |",
        "| nll_test |  | 5.500 ± 0.707 |",
    ]
