"""Where `gan_tf.translate` writes, and what."""

import dataclasses
import pathlib

from gan_tf.errors import UserError
from gan_tf.options.option import check_writable, option

PARTS = ("output", "source", "target")


@dataclasses.dataclass(frozen=True)
class TranslationOutput:
    """The outputs of a command with the option `images`."""

    format: str = option(
        "png",
        "Output",
        "html: also a page of source, output and target side by side; ttf: a font file of each style of a "
        "run on fonts, or of --label, with all its characters or those of --text",
        choices=("png", "html", "ttf"),
    )
    out: str | None = option(
        None,
        "Output",
        "the folder to write; default: `translated` in the run's own",
        path=True,
        writes="directory",
    )
    no_metadata: bool = option(
        False,
        "Output",
        "leave out the note in each file that it is generated, by what, and how, and the EXIF of its "
        "image",
    )

    def folder(self, run):
        """Returns the path of the folder to write, for a `RunDir`."""
        return pathlib.Path(self.out or run.path / "translated")

    def check_folder(self, run):
        """Raises a `UserError` where the folder cannot be written, or outputs would replace images."""
        folder = self.folder(run)
        check_writable("out", folder, "directory")
        if not self.images:
            return
        images = pathlib.Path(self.images).resolve()
        single = images.is_file() and images.suffix.lower() == ".png"
        place = images.parent if single else images
        if place in [part_path(folder.resolve(), part, "") for part in PARTS]:
            raise UserError(
                f"Outputs in '{folder}' would replace images, or be taken for images the next time: "
                "give another --out."
            )


def part_path(folder, part, name):
    """Returns where the output of this name is written, or the source or target beside it."""
    return folder / name if part == "output" else folder / part / name
