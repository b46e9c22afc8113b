"""Makes and reads template sheets for your handwriting: `python -m gan_tf.handwriting --charset=...`."""

import dataclasses

from gan_tf.data import charsets
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.data import DataOptions
from gan_tf.options.option import check, check_paths, check_writable, option, same

EXAMPLES = (
    "python -m gan_tf.handwriting --charset=latin --out=sheets.pdf",
    "python -m gan_tf.handwriting --charset=latin --images=scans --out=handwriting",
    "python -m gan_tf.main --gan=zi2zi --dataset=fonts --target_fonts=handwriting --init_from=runs/fonts",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to write, or what was written; the help text of each field documents it."""

    charset: str | None = same(DataOptions, "charset", "Characters")
    source_font: str | None = same(DataOptions, "source_font", "Characters")
    images: str | None = option(
        None,
        "Scans",
        "sheets that were written on: an image, a folder or a zip archive of scans or photos; default: "
        "make sheets",
        path=True,
        reads="file or folder",
    )
    archive_mb: int = same(DataOptions, "archive_mb", "Scans")
    out: str | None = option(
        None,
        "Output",
        "the sheets, .pdf, or .png with a file for each page; default: handwriting.pdf. With --images, the "
        "folder of characters, for --target_fonts; default: handwriting",
        path=True,
    )


def main(argv):
    """Parses the command line, and makes or reads sheets; returns the exit status."""
    options, _ = flags.parse(
        Options,
        argv,
        "Makes sheets to write characters on by hand, and reads their scans as a style for --gan=zi2zi.",
        EXAMPLES,
    )
    check(options)
    check_paths(options)
    characters = charsets.characters(options.charset or "latin")
    out = options.out or ("handwriting" if options.images else "handwriting.pdf")
    check_writable("out", out, "directory" if options.images else ".pdf .png")
    with flags.quiet_import():
        from gan_tf.data import handwriting
    most = handwriting.MOST_PAGES * handwriting.PER_PAGE
    if len(characters) > most:
        raise UserError(
            f"--charset has {len(characters):,} characters, and sheets have room for {most:,}: give the "
            "ones to write; a few dozen are enough."
        )
    if options.images:
        handwriting.read(options.images, options.archive_mb << 20, characters, out)
    else:
        handwriting.make(characters, options.source_font, out)
    return 0


if __name__ == "__main__":
    flags.run(main)
