"""The user's own DNA, RNA or protein: a FASTA file."""

import collections

import numpy as np

from gan_tf.data.sequence_file import LONGEST, MOST_SEQUENCES, TOO_LONG, SequenceFile, too_many
from gan_tf.errors import UserError
from gan_tf.registry import DATASETS

LETTERS = {"dna": "ACGT", "rna": "ACGU", "protein": "ACDEFGHIKLMNPQRSTVWY"}
_BASES = {
    **{"R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC"},
    **{"B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT"},
}
# What each ambiguous letter can stand for (IUPAC).
AMBIGUOUS = {
    "dna": _BASES,
    "rna": {letter: bases.replace("T", "U") for letter, bases in _BASES.items()},
    "protein": {"B": "DN", "J": "IL", "Z": "EQ", "U": "C", "O": "K", "X": LETTERS["protein"]},
}
_GAPS = "-."
_MOST_AMBIGUOUS = 0.1  # of the letters of a record
_MOST_CLASSES = 20
_OTHER = {"dna": ("U", "T"), "rna": ("T", "U")}  # the letter of the other nucleic acid, and ours


@DATASETS.register("fasta_file")
class FastaFile(SequenceFile):
    """Your own DNA, RNA or protein: the records of --fasta_file.

    Lower case counts as upper case; gaps (-, .) are removed, and so is a stop (*) at the end.
    Ambiguous letters (IUPAC: N, R, X, ...) become one of the letters that they stand for, drawn at
    random, the same every time; records that are more than a tenth ambiguous are left out, and so are
    those with other letters, and empty ones. What was done is said.

    If every header is a name and one more word, and these words are 2 to 20 different ones, each of
    several records, they are the classes: `>17 donor`.

    Args:
        fasta_file: the file.
        alphabet: "dna", "rna" or "protein"; default: DNA or RNA if nine of ten letters are
            theirs.
        length: the most letters of a record, from 1; longer ones are left out. Default: those of the
            longest record, but at most 64.
        test_file: a file of records that are not trained on but compared with; default: none.

    Raises:
        UserError: when the file is no FASTA file, or no record can be used.
    """

    name = "fasta_file"
    flag = "--fasta_file"
    unit = "record"
    other_flags = ", or --alphabet"
    knows = ("nucleotides", "amino_acids")  # of a file one of the two

    def __init__(
        self,
        fasta_file: str,
        alphabet: str | None = None,
        length: int | None = None,
        test_file: str | None = None,
    ):
        super().__init__(fasta_file, test_file)
        self._alphabet = alphabet
        self._done = collections.Counter()  # what was changed, for the notes
        sequences = self._parsed()
        self.knows = ("amino_acids",) if self._alphabet == "protein" else ("nucleotides",)
        self._note_changes()
        self._find_classes(sequences)
        self._take(sequences, LETTERS[self._alphabet], length, notation="fasta")

    @property
    def wanted(self):
        return f"record of {self._alphabet} that can be used"

    def parse(self, text, origin, flag, left_out):
        if text.count(">") > MOST_SEQUENCES:
            raise UserError(too_many(origin, self.unit, flag))
        records = _records(text, origin, flag)
        if not self._alphabet:
            self._alphabet = _guess(letters for _, letters in records)
        for number, (header, letters) in enumerate(records, 1):
            letters, problem = self._clean(letters, number)
            if problem:
                left_out.append((f"record {number} ({header[:40]})", problem))
            else:
                words = header.split()
                yield number, list(letters), words[1] if len(words) == 2 else None

    def _clean(self, given, number):
        """The letters of a record, and None; or "" and why it cannot be used."""
        if not given.isascii():  # upper case letters of some are others: ß, SS
            return "", f"{max(given)!r} is no letter of {self._alphabet}"
        letters = given.upper()
        self._done["lower"] += letters != given
        without = letters.translate(dict.fromkeys(map(ord, _GAPS)))
        self._done["gaps"] += without != letters
        letters = without.removesuffix("*")
        self._done["stops"] += letters != without
        if self._alphabet in _OTHER:
            letters = letters.replace(*_OTHER[self._alphabet])
        if not letters:
            return "", "it is empty"
        if len(letters) > LONGEST:
            return "", TOO_LONG
        allowed, ambiguous = LETTERS[self._alphabet], AMBIGUOUS[self._alphabet]
        odd = [each for each in letters if each not in allowed]
        wrong = next((each for each in odd if each not in ambiguous), None)
        if wrong:
            return "", f"{wrong!r} is no letter of {self._alphabet}"
        if len(odd) > _MOST_AMBIGUOUS * len(letters):
            return "", "more than a tenth of its letters are ambiguous"
        if odd:
            self._done["ambiguous"] += len(odd)
            self._done["records"] += 1
            random = np.random.default_rng(number)
            letters = "".join(
                each if each in allowed else ambiguous[each][random.integers(len(ambiguous[each]))]
                for each in letters
            )
        return letters, None

    def _note_changes(self):
        done = self._done
        texts = {
            "lower": "{:,} records had lower case letters, which count as upper case.",
            "gaps": "{:,} records had gaps, which are removed.",
            "stops": "{:,} records ended with a stop (*), which is removed.",
        }
        self.notes += [text.format(done[name]) for name, text in texts.items() if done[name]]
        if done["ambiguous"]:
            self.notes.append(
                f"{done['ambiguous']:,} ambiguous letters in {done['records']:,} records become one of "
                "those that they stand for, drawn at random."
            )

    def _find_classes(self, sequences):
        counts = collections.Counter(label for *_, label in sequences)
        if None not in counts and 2 <= len(counts) <= _MOST_CLASSES and min(counts.values()) > 1:
            self.label_names = tuple(sorted(counts))
            listed = ", ".join(f"{name} ({counts[name]:,})" for name in self.label_names)
            self.notes.append(f"The second words of the headers are the classes: {listed}.")


def _records(text, origin, flag):
    """[(header, letters)] of the text of a FASTA file.

    Raises:
        UserError: when it does not begin with a header, or is empty.
    """
    if not text.strip():
        raise UserError(f"{origin} is empty: correct {flag}.")
    before, *records = ("\n" + text).split("\n>")
    if before.strip() or not records:
        raise UserError(
            f"{origin} is not a FASTA file, which begins with a line such as '>name': correct {flag}."
        )
    parted = (record.partition("\n") for record in records)
    return [(header.strip(), "".join(lines.split())) for header, _, lines in parted]


def _guess(records):
    """The alphabet of records: DNA or RNA if nine of ten letters, N included, are theirs."""
    counts = collections.Counter()
    for letters in records:
        counts.update(letters.upper())
    dna, rna = (sum(counts[each] for each in LETTERS[name] + "N") for name in ("dna", "rna"))
    if max(dna, rna) < 0.9 * counts.total():
        return "protein"
    return "dna" if dna >= rna else "rna"
