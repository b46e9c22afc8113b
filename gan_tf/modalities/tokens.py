"""Tokens: sequences of text, DNA or protein, as int32 arrays (n, length), and all code specific to them."""

import re
import unicodedata

import numpy as np

from gan_tf.files.plain_file import read_text
from gan_tf.modalities.image import png
from gan_tf.modalities.letters import draw_lines, logo
from gan_tf.modalities.modality import Modality
from gan_tf.registry import MODALITIES

END = ""  # the token that ends a sequence and fills the rest of its row; always the first
_MOST_VALUES = 1 << 28  # of one sample, one-hot
_MOST_BYTES = 1 << 24  # of a snapshot
_VOCABULARY = "vocabulary.txt"  # of an export
_SHOWN = 16  # sequences whose history is written
_NUCLEOTIDES = frozenset("ACGTU")


@MODALITIES.register("tokens")
class Tokens(Modality):
    r"""Sequences of tokens: int32 (length,), for networks one-hot (length, vocabulary).

    A stored sample holds indices of the vocabulary. Where sequences differ in length, the first
    token is "", the end: it follows the last token of a sequence and fills the rest of its row.
    Where all have the same length, there is no such token.

    Networks see float32 (length, vocabulary), one-hot; a generator makes such rows, relaxed:
    probabilities, or any scores, of which the largest counts. A generator may also make indices,
    integers (length,). In what a generator makes, everything after the first end becomes the end.

    Args:
        vocabulary: a list of the tokens, distinct strings without line breaks, in order; the empty
            string only first. Default: none.
        separator: what stands between two tokens in text: " " between words, "" (default) between
            characters.
        notation: "text" (default), or "fasta" for DNA, RNA and protein: how `generate` writes them.

    Raises:
        ValueError: for an impossible vocabulary, separator or notation.
    """

    name = "tokens"
    plural = "sequences"
    disclaimer = "not written by a person and not found in nature"
    stored_dtype = "int32"
    stored_range = (0, 2147483647)
    longest = 4096
    snapshot_suffix = ".txt"
    history_name = "history.txt"
    default_arch = "resnet1d"
    default_features = "ngrams"
    default_format = "txt"

    def __init__(self, vocabulary=(), separator="", notation="text"):
        if len(set(vocabulary)) < len(vocabulary) or END in vocabulary[1:]:
            raise ValueError("the tokens of a vocabulary differ, and only the first is empty")
        if not all(map(_is_plain, (*vocabulary, separator))):
            raise ValueError("a token has a line break or another control character in it")
        if notation not in ("text", "fasta"):
            raise ValueError(f"there is no notation {notation!r}")
        self.vocabulary = tuple(vocabulary)
        self.separator = separator
        self.notation = notation
        self.has_end = bool(vocabulary) and vocabulary[0] == END
        if vocabulary:
            self.stored_range = (0, len(vocabulary) - 1)
        if notation == "fasta":
            self.default_format = "fasta"

    def network_shape(self, shape):
        return (*shape, len(self.vocabulary))

    def to_network(self, stored):
        count = len(self.vocabulary)
        if isinstance(stored, np.ndarray):
            seen = np.zeros((*stored.shape, count), np.float32)
            np.put_along_axis(seen, stored[..., None].astype(np.int64), 1, axis=-1)
            return seen
        import tensorflow as tf  # here, so that flags can be checked without it

        return tf.one_hot(stored, count)

    def to_stored(self, outputs):
        outputs = np.asarray(outputs)
        relaxed = outputs.dtype.kind == "f"
        ids = outputs.argmax(-1) if relaxed else np.clip(outputs, *self.stored_range)
        if self.has_end:
            ids = np.where(np.cumsum(ids == 0, axis=1) > 0, 0, ids)
        return ids.astype(np.int32)

    def to_stored_tensor(self, outputs):
        from keras import ops

        relaxed = "float" in str(outputs.dtype)
        ids = ops.argmax(outputs, axis=-1) if relaxed else ops.clip(outputs, *self.stored_range)
        ids = ops.cast(ids, "int32")
        if self.has_end:
            ends = ops.cumsum(ops.cast(ops.equal(ids, 0), "int32"), axis=1)
            ids = ops.where(ends > 0, ops.zeros_like(ids), ids)
        return ids

    def check_shape(self, shape):
        longest = min(self.longest, _MOST_VALUES // max(1, len(self.vocabulary)))
        if len(shape) != 1 or not 1 <= shape[0] <= longest:
            raise ValueError(
                f"a sequence has the shape (length,), from 1 to {longest:,} tokens, and this is "
                f"{tuple(shape)}"
            )

    def describe(self, shape):
        return f"{shape[0]} tokens, {len(self.vocabulary):,} different ones"

    def specify(self, shape, dtype):
        count = f"{len(self.vocabulary):,}"
        end = "; the first, an empty one, ends a sequence" if self.has_end else ""
        where = f"lines of `{_VOCABULARY}`{end}"
        if dtype == "float32":
            return f"{shape[0]} rows of {count} values; the largest is that of the token; these are {where}"
        return f"{shape[0]} indices from 0, {dtype}, of {count} tokens, which are {where}"

    def export_files(self):
        return {_VOCABULARY: "".join(f"{each}\n" for each in self.vocabulary).encode()}

    def lengths(self, samples):
        """Returns how many tokens come before the end in each of (n, length) stored samples: int (n,)."""
        if not self.has_end:
            return np.full(len(samples), samples.shape[1])
        return (np.cumsum(samples == 0, axis=1) == 0).sum(axis=1)

    def texts(self, samples):
        """Returns stored samples (n, length) as text, a list of strings."""
        names = self.vocabulary
        return [
            self.separator.join(names[each] for each in row[:length])
            for row, length in zip(np.asarray(samples).tolist(), self.lengths(samples).tolist())
        ]

    def indices(self, text):
        """Returns the indices of a text's tokens, a list; of "" none.

        Raises:
            ValueError: for a token that is not in the vocabulary, with a clause that names it.
        """
        names = text.split(self.separator) if self.separator else list(text)
        known = {name: index for index, name in enumerate(self.vocabulary)}
        found = []
        for name in names if text else ():
            if name not in known or name == END:
                raise ValueError(f"there is no token '{name}' in the vocabulary")
            found.append(known[name])
        return found

    @property
    def is_nucleic(self):
        """Whether the tokens are the letters of DNA or RNA."""
        letters = set(self.vocabulary) - {END}
        return self.notation == "fasta" and bool(letters) and letters <= _NUCLEOTIDES

    def sheet(self, samples, columns=None):
        """Returns the text, a line each, as an image; of DNA and RNA, below their sequence logo."""
        lines = draw_lines(self.texts(samples))
        if not self.is_nucleic:
            return lines
        above = logo(self.frequencies(samples), self.vocabulary)
        sheet = np.full(
            (len(above) + len(lines), max(above.shape[1], lines.shape[1]), 3), 255, "u1"
        )
        sheet[: len(above), : above.shape[1]] = above
        sheet[len(above) :, : lines.shape[1]] = lines
        return sheet

    def frequencies(self, samples):
        """Returns how often each token is at each position: float (length, vocabulary), rows sum to 1."""
        count = len(self.vocabulary)
        columns = np.asarray(samples).T
        return np.stack([np.bincount(each, minlength=count) / len(each) for each in columns])

    def snapshot(self, samples, columns=None):
        return "".join(f"{each}\n" for each in self.texts(samples)).encode()

    def picture(self, samples, columns=None):
        """Returns the sequence logo of DNA and RNA as PNG; of others None."""
        if not self.is_nucleic:
            return None
        return png(logo(self.frequencies(samples), self.vocabulary))

    def history(self, snapshots):
        read = []
        for path in snapshots:
            try:
                content = read_text(path, _MOST_BYTES)
            except (OSError, ValueError):
                continue
            read.append((int(re.search(r"[0-9]+", path.stem)[0]), content.split("\n")[:-1]))
        if not read:
            return None
        count = min(_SHOWN, *(len(lines) for _, lines in read), len(read[0][1]))
        blocks = [
            "".join(f"{step:>8}  {lines[index]}\n" for step, lines in read)
            for index in range(count)
        ]
        return "\n".join(blocks).encode()

    def summarize(self, name, samples, columns=None):
        import tensorflow as tf  # here, so that flags can be checked without it

        # Indented, Markdown shows it as it is.
        tf.summary.text(name, "".join(f"    {each}\n" for each in self.texts(samples)))
        if self.is_nucleic:
            tf.summary.image(f"{name}/logo", logo(self.frequencies(samples), self.vocabulary)[None])


def _is_plain(text):
    return isinstance(text, str) and not any(
        unicodedata.category(e) in ("Cc", "Zl", "Zp") for e in text
    )
