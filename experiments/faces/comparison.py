"""A picture of what recipes make: a row of samples for each."""

import io
import pathlib

from PIL import Image, ImageDraw, ImageFont

from gan_tf.errors import UserError

_ACROSS = 8  # samples in a row of the pictures that trainings leave
_GAP = 2  # pixels between samples
_MARGIN = 8
_FONT = 14


def picture(task, found, runs, minutes, suffix=".png"):
    """Returns a picture of the first 16 samples of each recipe, one below the other, with its FID.

    Args:
        task: a `recipes.Task`.
        found: its rows; of several seeds the lowest is shown.
        runs: the folder of the trainings.
        minutes: of training, after which they were made.
        suffix: ".jpg" for JPEG; anything else: PNG.

    Returns:
        The content of the file.

    Raises:
        UserError: when there are none.
    """
    lines = []
    for name in (*task.recipes, *task.peers):
        of_name = [row for row in found if row["name"] == name and row["minutes"] == minutes]
        for row in sorted(of_name, key=lambda each: each["seed"])[:1]:
            folder = pathlib.Path(runs) / f"{row['task']}-{name}-{row['seed']}"
            path = folder / f"samples-{minutes:g}.png"
            if path.exists():
                lines.append((name, row["fid"], _first_rows(Image.open(path).convert("RGB"))))
    if not lines:
        raise UserError(f"No samples after {minutes:g} minutes are in '{runs}': train first.")
    font = ImageFont.load_default(size=_FONT)
    texts = [f"{name}\nFID {fid:.3g}" for name, fid, _ in lines]
    draw = ImageDraw.Draw(lines[0][2])
    left = int(max(draw.multiline_textbbox((0, 0), text, font)[2] for text in texts)) + 2 * _MARGIN
    height = max(lines[0][2].height, int(2.6 * _FONT)) + _GAP
    canvas = Image.new("RGB", (left + lines[0][2].width, height * len(lines) - _GAP), "white")
    draw = ImageDraw.Draw(canvas)
    for index, (text, (*_, samples)) in enumerate(zip(texts, lines)):
        draw.multiline_text((_MARGIN, index * height + 2), text, "black", font)
        canvas.paste(samples, (left, index * height))
    content = io.BytesIO()
    options = {"quality": 90} if suffix == ".jpg" else {}
    canvas.save(content, "JPEG" if suffix == ".jpg" else "PNG", **options)
    return content.getvalue()


def _first_rows(grid):
    """The first two rows of a grid, side by side."""
    height = (grid.height + _GAP) // _ACROSS - _GAP
    both = Image.new("RGB", (2 * grid.width + _GAP, height))
    for row in range(2):
        top = row * (height + _GAP)
        both.paste(grid.crop((0, top, grid.width, top + height)), (row * (grid.width + _GAP), 0))
    return both
