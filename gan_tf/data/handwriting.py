"""Makes sheets to write characters on, and folders of characters from their scans."""

import io
import pathlib

import PIL.Image

from gan_tf.data import fonts, given_images, left_out, scanned_sheet, template_sheet
from gan_tf.data.file_images import UNREADABLE, reason_of
from gan_tf.data.image_file import reason_of_file
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.messages import progress_bar, show

PER_PAGE = template_sheet.COLUMNS * template_sheet.ROWS
MOST_PAGES = 256  # which the marks of a page can tell apart
_MOST_PIXELS = 1 << 27  # of a scan: two pages of 600 dpi have 70 million
_MOST_SIDE = 1 << 15
_NAMED = 40  # characters that were not found


def make(characters, source_font, out):
    """Writes sheets for some characters.

    Args:
        characters: strings of one code point.
        source_font: the font in which they stand above their boxes; None: DejaVu Sans.
        out: a .pdf of all pages; or a .png: with several pages, x-1.png, x-2.png and so on.

    Raises:
        UserError: when the font cannot be used, or a file not be written.
    """
    font = fonts.source_style(source_font)
    font.measure(characters)
    count = template_sheet.page_count(characters)
    pages = [template_sheet.sheet(characters, page, font) for page in range(count)]
    out = pathlib.Path(out)
    if out.suffix.lower() == ".pdf":
        write(out, _encoded(pages[0], "PDF", save_all=True, append_images=pages[1:]))
        made = [out]
    else:
        several = range(1, count + 1) if count > 1 else ()
        made = [out.with_stem(f"{out.stem}-{page}") for page in several] or [out]
        for path, page in zip(made, pages):
            write(path, _encoded(page, "PNG"))
    pages = "1 page" if count == 1 else f"{count:,} pages"
    show(f"{len(characters):,} characters on {pages}: {', '.join(map(str, made))}")
    show(
        "Print them on A4 or letter paper, write with a dark pen between the lines of the boxes, and scan "
        "or photograph whole pages, as PNG or JPEG. Boxes may stay empty. Then repeat the command with "
        "--images=SCANS."
    )


def read(images, budget, characters, out):
    """Writes the characters of scanned sheets: a folder with a picture of each, `U+0041.png`.

    Args:
        images: an image, a folder or a zip archive.
        budget: bytes that an archive may unpack to.
        characters: those that the sheets were made for.
        out: the folder.

    Raises:
        UserError: when there are no scans, or nothing is written on them.
    """
    tree = given_images.tree(images, budget)
    files, written, skipped = tree.files(), {}, list(tree.left_out)
    for file in progress_bar(files, "reading", len(files), unit=" pages"):
        try:
            with tree.open(file) as content:
                pixels = given_images.opaque(content, 1, _MOST_PIXELS, _MOST_SIDE)
            _, found = scanned_sheet.read(PIL.Image.fromarray(pixels[..., 0]), characters)
        except UNREADABLE as error:
            skipped.append((file, reason_of_file(file, reason_of(error))))
            continue
        if found.keys() & written.keys():
            skipped.append((file, "its page was read before"))
            continue
        written |= found
    for sentence in left_out.sentences(skipped):
        show(sentence)
    if not written:
        raise UserError(f"'{images}' shows no sheet with characters on it: correct --images.")
    for character, picture in written.items():
        path = pathlib.Path(out) / f"U+{ord(character):04X}.png"
        write(path, _encoded(PIL.Image.fromarray(picture), "PNG"))
    empty = [each for each in characters if each not in written]
    if empty:
        more = "" if len(empty) <= _NAMED else f" and {len(empty) - _NAMED:,} more"
        show(f"Not found, or empty: {' '.join(empty[:_NAMED])}{more}")
    show(f"{len(written):,} characters: {out}")
    show(f"Look at them, delete bad ones, and train with --target_fonts={out}.")


def _encoded(image, kind, **options):
    content = io.BytesIO()
    dpi = template_sheet.DPI
    image.save(content, kind, dpi=(dpi, dpi), resolution=dpi, **options)
    return content.getvalue()
