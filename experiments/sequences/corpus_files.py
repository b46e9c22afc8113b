"""Makes the files that the runs on corpora read, in a folder."""

import pathlib

import numpy as np

from experiments.sequences import planted
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write

POEMS_TEST = 2_000  # poems that are not trained on
HELD_OUT = 0.1  # of records
AMP = "AMP"  # the second word of the headers of antimicrobial peptides


def make(data, files):
    """Splits the given data into training and test files, and plants motifs.

    Args:
        data: a folder with text/poems.txt, text/coco_train.txt, text/coco_test.txt,
            dna/jaspar_motifs.txt, dna/splice_junctions.fasta and peptides/peptides.fasta.
        files: the folder to write to. What is there already is not made again.

    Raises:
        UserError: when a file is missing.
    """
    data, files = pathlib.Path(data), pathlib.Path(files)
    if (files / "amp_test.fasta").exists():
        return
    files.mkdir(parents=True, exist_ok=True)
    try:
        poems = (data / "text/poems.txt").read_text(encoding="utf-8").splitlines()
        _write(files / "poems_train.txt", poems[:-POEMS_TEST])
        _write(files / "poems_test.txt", poems[-POEMS_TEST:])
        for name in ("coco_train.txt", "coco_test.txt"):
            _write(files / name, (data / "text" / name).read_text(encoding="utf-8").splitlines())
        _split(data / "dna/splice_junctions.fasta", files, "splice")
        _split(data / "peptides/peptides.fasta", files, "amp", lambda header: header.endswith(AMP))
        matrices = planted.read(data / "dna/jaspar_motifs.txt")
    except FileNotFoundError as error:
        raise UserError(
            f"There is no '{error.filename}': give a folder with it to --data."
        ) from None
    for name, seed in (("planted", 0), ("planted_test", 1)):
        texts = planted.Planted(matrices).draw(10_000 if seed == 0 else 2_000, seed)
        _write(files / f"{name}.fasta", [f">{at}\n{text}" for at, text in enumerate(texts)])


def records(path):
    """Returns [(header, letters)] of a FASTA file of one line of letters for each."""
    text = pathlib.Path(path).read_text().splitlines()
    return [(text[at][1:], text[at + 1]) for at in range(0, len(text), 2)]


def _split(path, files, name, wanted=lambda header: True):
    """Writes a tenth of the records, drawn at random, to a test file, the others to that of training."""
    kept = [(header, letters) for header, letters in records(path) if wanted(header)]
    test = np.random.default_rng(0).random(len(kept)) < HELD_OUT
    for end, chosen in (("train", ~test), ("test", test)):
        lines = [f">{kept[at][0]}\n{kept[at][1]}" for at in np.flatnonzero(chosen)]
        _write(files / f"{name}_{end}.fasta", lines)


def _write(path, lines):
    write(path, "".join(f"{each}\n" for each in lines).encode())
