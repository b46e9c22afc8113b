"""Formats of sequences: lines of text, and FASTA."""

from gan_tf.files.atomic_write import atomic_file
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format

_LINE = 60  # letters of a FASTA file


@FORMATS.register("txt")
class Txt(Format):
    """A text file, a sequence a line, UTF-8."""

    modalities = ("tokens",)
    suffix = ".txt"

    def write(self, out, batches, job):
        with atomic_file(out) as file:
            for batch in batches:
                lines = job.modality.texts(batch.samples)
                file.write("".join(f"{each}\n" for each in lines).encode())


@FORMATS.register("fasta")
class Fasta(Format):
    """A FASTA file; headers are a number, and where each record comes from: seed, label, ..."""

    modalities = ("tokens",)
    suffix = ".fasta"

    def write(self, out, batches, job):
        with atomic_file(out) as file:
            number = 0
            for batch in batches:
                for row, letters in enumerate(job.modality.texts(batch.samples)):
                    number += 1
                    facts = {} if job.facts is None else batch.row_columns(row)
                    origin = "".join(f" {name}={value}" for name, value in facts.items())
                    lines = [letters[at : at + _LINE] for at in range(0, len(letters), _LINE)]
                    file.write("\n".join([f">{number}{origin}", *lines, ""]).encode())
