"""DNA with planted binding sites of known matrices, whose likelihood is known exactly."""

import pathlib

import numpy as np

LETTERS = "ACGT"
LENGTH, CENTER, SPREAD = 48, 18, 4.0
_MOTIFS = 3  # of those in the file
_PSEUDO = 1.0  # added to each count
_REAL = 0.95  # of planted sites count as sites


def read(path):
    """Returns the first position frequency matrices of a file of JASPAR: [float (4, width)]."""
    rows = [line for line in pathlib.Path(path).read_text().splitlines() if line[:1] in LETTERS]
    counts = [
        np.array(row.split("[")[1].split("]")[0].split(), float) for row in rows if "[" in row
    ]
    matrices = [np.stack(counts[at : at + 4]) + _PSEUDO for at in range(0, 4 * _MOTIFS, 4)]
    return [each / each.sum(axis=0) for each in matrices]


class Planted:
    """Uniform letters with one site: its matrix is drawn uniformly, its place around the 18th letter.

    Args:
        matrices: the result of `read`.
    """

    def __init__(self, matrices):
        self.matrices = matrices
        places = np.clip(np.rint(np.random.default_rng(0).normal(CENTER, SPREAD, 100_000)), 0, None)
        self._places = []
        for each in matrices:
            found = np.minimum(places, LENGTH - each.shape[1]).astype(int)
            self._places.append(np.bincount(found, minlength=LENGTH) / len(found))
        drawn, starts, motifs = self._draw(2_000, 2)
        scores = self.odds(drawn)
        self._threshold = np.quantile(scores[np.arange(len(drawn)), motifs, starts], 1 - _REAL)

    def draw(self, count, seed):
        """Returns sequences, a list of str."""
        rows, _, _ = self._draw(count, seed)
        return ["".join(LETTERS[each] for each in row) for row in rows]

    def odds(self, rows):
        """Returns log p(letters | site) / p(letters | background): (n, motifs, length); -inf: no room."""
        found = np.full((len(rows), len(self.matrices), LENGTH), -np.inf)
        for motif, matrix in enumerate(self.matrices):
            logs, width = np.log(matrix / 0.25), matrix.shape[1]
            for start in range(LENGTH - width + 1):
                part = rows[:, start : start + width]
                found[:, motif, start] = logs[part, np.arange(width)].sum(axis=1)
        return found

    def log_likelihood(self, rows):
        """Returns the exact log-likelihood of int (n, 48) sequences, nats: float (n,)."""
        with np.errstate(divide="ignore"):
            prior = np.log(np.stack(self._places) / len(self.matrices))
        terms = (self.odds(rows) + prior).reshape(len(rows), -1)
        return np.logaddexp.reduce(terms, axis=1) + LENGTH * np.log(0.25)

    def sites(self, rows):
        """Returns where there is a site: bool (n, motifs, length); 95 % of those planted are found."""
        return self.odds(rows) >= self._threshold

    def _draw(self, count, seed):
        random = np.random.default_rng((7, seed))
        rows = random.integers(0, 4, (count, LENGTH))
        motifs = random.integers(0, len(self.matrices), count)
        starts = np.zeros(count, int)
        for at, (row, motif) in enumerate(zip(rows, motifs)):
            matrix = self.matrices[motif]
            starts[at] = random.choice(LENGTH, p=self._places[motif])
            picked = random.random(matrix.shape[1]) >= matrix.cumsum(axis=0)
            letters = np.minimum(picked.sum(axis=0), 3)
            row[starts[at] : starts[at] + len(letters)] = letters
        return rows, starts, motifs
