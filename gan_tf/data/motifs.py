"""Motifs: the embedded data set of DNA, with a binding site planted in each sequence."""

import numpy as np

from gan_tf.data.source import Source
from gan_tf.registry import DATASETS

LENGTH = 40
LETTERS = "ACGT"
# Words of A and T on a background of C and G, so that a site is found without doubt.
SITES = {
    "tata_box": {"TATAAAA": 0.4, "TATATAA": 0.3, "TATAAAT": 0.2, "TATATAT": 0.1},
    "polya_signal": {"AATAAA": 0.7, "ATTAAA": 0.3},
}
_CENTERS = {"tata_box": 9, "polya_signal": 27}  # where sites begin, on average
_SPREAD = 3.0


@DATASETS.register("motifs")
class Motifs(Source):
    """Motifs: 10,000 DNA sequences of 40 letters, each with one site; nothing to download.

    The background is C and G, each with probability 1/2. Each sequence has one site of A and T: a TATA
    box or a polyadenylation signal, the classes, in one of its common variants, around its usual place.
    """

    modality = "tokens"
    pairing = "single"
    name = "motifs"
    sample_shape = (LENGTH,)
    num_examples = 10_000
    label_names = ("tata_box", "polya_signal")
    traits = {"vocabulary": ["A", "C", "G", "T"], "separator": "", "notation": "fasta"}
    knows = ("grammar", "motifs", "nucleotides")
    cache_key = "motifs-1"
    terms = "free of terms: drawn by gan_tf"

    def batches(self):
        yield draw(self.num_examples, seed=0)

    def held_out(self):
        yield draw(2_000, seed=1)

    @staticmethod
    def accepts(rows):
        """Returns which of (n, 40) sequences are C and G with exactly one site: bool (n,)."""
        return np.array([len(each) == 1 and each[0][1] is not None for each in find(rows)], bool)

    @staticmethod
    def sites(rows):
        """Returns the runs of A and T in (n, length) sequences; see `find`."""
        return find(rows)


def draw(count, seed):
    """Draws sequences: {"tokens": int32 (count, 40), "label": int64 (count,)}."""
    random = np.random.default_rng(seed)
    rows = random.choice([LETTERS.index("C"), LETTERS.index("G")], (count, LENGTH)).astype(np.int32)
    labels = random.integers(0, len(SITES), count)
    offsets = np.rint(random.normal(0, _SPREAD, count)).astype(int)
    uniforms = random.random(count)
    for row, label, offset, uniform in zip(rows, labels, offsets, uniforms):
        name = Motifs.label_names[label]
        words, totals = list(SITES[name]), np.cumsum(list(SITES[name].values()))
        word = words[min(int((totals <= uniform).sum()), len(words) - 1)]
        start = int(np.clip(_CENTERS[name] + offset, 0, LENGTH - len(word)))
        row[start : start + len(word)] = [LETTERS.index(each) for each in word]
    return {"tokens": rows, "label": labels}


def find(rows):
    """Finds the runs of A and T.

    Args:
        rows: int (n, length), indices of ACGT.

    Returns:
        For each sequence [(start, the index of the class whose site the run is, or None)].
    """
    classes = {word: index for index, name in enumerate(Motifs.label_names) for word in SITES[name]}
    found = []
    for row in np.asarray(rows):
        inside = np.concatenate([[0], np.isin(row, [0, 3]), [0]])
        edges = np.flatnonzero(np.diff(inside)).reshape(-1, 2)
        words = ("".join(LETTERS[each] for each in row[start:end]) for start, end in edges)
        found.append([(int(start), classes.get(word)) for (start, _), word in zip(edges, words)])
    return found
