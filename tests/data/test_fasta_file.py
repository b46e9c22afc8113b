"""The user's own DNA, RNA and protein."""

import os

import pytest

from gan_tf.data.fasta_file import FastaFile
from gan_tf.errors import UserError
from gan_tf.modalities import of


@pytest.fixture
def fasta(tmp_path):
    def write(content, **options):
        (tmp_path / "x.fasta").write_text(content)
        return FastaFile(str(tmp_path / "x.fasta"), **options)

    return write


def texts(source):
    (batch,) = source.batches()
    return of(source).texts(batch["tokens"])


def test_records_of_one_length_need_no_end(fasta):
    source = fasta(">a\nACGT\n>b long name of it\nTT\nGG\n")
    assert source.traits == {"vocabulary": list("ACGT"), "separator": "", "notation": "fasta"}
    assert texts(source) == ["ACGT", "TTGG"] and source.knows == ("nucleotides",)


@pytest.mark.parametrize(
    "letters, alphabet",
    [("ACGTTACGTTN", "dna"), ("ACGUUACGUUN", "rna"), ("MKVLAW", "protein"), ("acgtac", "dna")],
)
def test_the_alphabet_is_that_of_the_letters(fasta, letters, alphabet):
    source = fasta(f">a\n{letters * 5}\n>b\n{letters}ACG\n", length=60)
    vocabulary = {"dna": "ACGT", "rna": "ACGU", "protein": "ACDEFGHIKLMNPQRSTVWY"}[alphabet]
    assert source.traits["vocabulary"] == ["", *vocabulary]
    assert ("nucleotides" in source.knows) == (alphabet != "protein")


def test_lower_case_gaps_stops_and_the_other_nucleic_acid(fasta):
    source = fasta(">a\nMk-V.L*\n>b\nMKVLA\n")
    assert texts(source) == ["MKVL", "MKVLA"]
    notes = " ".join(source.notes)
    for words in ("1 records had lower case", "1 records had gaps", "1 records ended with a stop"):
        assert words in notes
    assert texts(fasta(">a\nACGU\n>b\nACGT\n", alphabet="dna")) == ["ACGT", "ACGT"]


def test_ambiguous_letters_become_one_that_they_stand_for(fasta):
    given = ">a\nACGTACGTACGTACGTACRN\n" + ">b\nACGTACGTACGTACGTACGY\n" * 30
    source = fasta(given)
    first, *others = texts(source)
    assert first[:18] == "ACGTACGTACGTACGTAC" and first[18] in "AG" and first[19] in "ACGT"
    assert {each[19] for each in others} == set("CT")
    assert texts(fasta(given)) == [first, *others]
    assert "32 ambiguous letters in 31 records" in " ".join(source.notes)


@pytest.mark.parametrize(
    "letters, reason",
    [
        ("", "it is empty"),
        ("NNNNACGT", "more than a tenth of its letters are ambiguous"),
        ("ACGTACGE", "'E' is no letter of dna"),
        ("ACG*ACGT", r"'*' is no letter of dna"),
    ],
)
def test_records_that_are_left_out(fasta, letters, reason):
    source = fasta(f">a x y\n{letters}\n>b\nACGT\n>c\nACCT\n")
    assert source.skipped == [("record 1 (a x y)", reason)] and texts(source) == ["ACGT", "ACCT"]


def test_second_words_can_be_classes(fasta):
    given = ">1 donor\nACGT\n>2 none\nACGG\n>3 none\nAAAA\n>4 donor\nCCCC\n"
    source = fasta(given)
    (batch,) = source.batches()
    assert source.label_names == ("donor", "none") and batch["label"].tolist() == [0, 1, 1, 0]
    assert "donor (2), none (2)" in " ".join(source.notes)
    assert fasta(given.replace("donor\nC", "else\nC")).label_names == ()  # one of a class
    assert fasta(given.replace("4 donor", "4")).label_names == ()


@pytest.mark.parametrize(
    "content, words",
    [
        ("", "is empty"),
        ("ACGT\n>a\nACGT\n", "is not a FASTA file"),
        ("some text\n", "is not a FASTA file"),
        (">a\n>b\n", "has no record .* it is empty"),
        (">a\n1234\n>b\n5678\n", "has no record .* no letter"),
        (">a\nACGT\n", "has one record"),
        (">a\nACGT\n>b\nACGTA\n", "Every record of .* has more than 3 tokens, the shortest 4"),
    ],
)
def test_what_is_no_fasta_file_is_one_sentence(fasta, content, words):
    with pytest.raises(UserError, match=words):
        fasta(content, length=3 if "ACGTA" in content else None)


def test_the_wrong_alphabet_is_one_sentence(fasta):
    with pytest.raises(UserError, match=r"no record of dna .*correct --fasta_file, or --alphabet"):
        fasta(">a\nMKVLMKVL\n>b\nMKVLEEEE\n", alphabet="dna")


def test_a_binary_file_and_a_pipe_are_one_sentence(tmp_path):
    (tmp_path / "x").write_bytes(b">a\xff\xfe\n")
    with pytest.raises(UserError, match="is not UTF-8 text"):
        FastaFile(str(tmp_path / "x"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=r"it is not a regular file.*correct --fasta_file"):
        FastaFile(str(tmp_path / "pipe"))


def test_held_out_records_have_the_classes_of_the_others(fasta, tmp_path):
    (tmp_path / "test.fasta").write_text(">1 b\nCCCC\n>2 z\nGGGG\n>3 a\nAAAAA\n")
    given = ">1 a\nACGT\n>2 a\nACGG\n>3 b\nAAAA\n>4 b\nCCCC\n"
    (batch,) = fasta(given, test_file=str(tmp_path / "test.fasta")).held_out()
    assert batch["tokens"].tolist() == [[1, 1, 1, 1]] and batch["label"].tolist() == [1]


@pytest.mark.parametrize(
    "record, reason",
    [("AC\u00df", "'\u00df' is no letter of dna"), ("ACGN" * 1025, "more than 4,096 tokens")],
)
def test_records_beyond_any_use_are_left_out(fasta, record, reason):
    source = fasta(f">a\nACGT\n>b\n{record}\n>c\nACGG\n", alphabet="dna")
    ((place, why),) = source.skipped
    assert place == "record 2 (b)" and reason in why and source.num_examples == 2


def test_a_file_of_too_many_records_is_refused(fasta, monkeypatch):
    monkeypatch.setattr("gan_tf.data.fasta_file.MOST_SEQUENCES", 2)
    with pytest.raises(UserError, match="records: give a part of it with --fasta_file"):
        fasta(">\nA\n>\nC\n>\nG\n")
