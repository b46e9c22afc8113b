"""A text, written in the styles of a run on fonts: one picture."""

import unicodedata

import numpy as np

from gan_tf.data import charsets
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write as write_file
from gan_tf.messages import progress_bar, show
from gan_tf.modalities import image as images
from gan_tf.options.data import class_list
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import ImageTranslator, mixture_of
from gan_tf.sampling.translation import note_of

_NAME = "text.png"
_BETWEEN = 9  # rows from one style to another
_MOST = 200  # characters
_INK = 200  # a darker pixel is ink
_GAP = 12  # around a character that is not as wide as high, as a part of the picture's side


def write(run, options):
    """Writes the text that the options of `gan_tf.translate` name, as a picture in their folder.

    Each style is a row; if there are several, the source font is the first row.

    Raises:
        UserError: when the run, the font, a style or the text cannot be used.
    """
    if len(options.text) > _MOST:
        raise UserError(
            f"--text has {len(options.text):,} characters: give at most {_MOST}, and several texts."
        )
    trained = TrainedRun(run, options.checkpoint)
    network, multiple, scale = trained.translator(options.blend)
    translator = ImageTranslator(
        network, trained.modality, multiple, scale, stochastic=options.stochastic
    )
    mixtures = _mixtures(trained, options)
    _, data = trained.source(**options.location())
    sources = data.sources(options.text)
    rows = [sources] if len(mixtures) > 1 else []
    for mixture in progress_bar(mixtures, "writing", len(mixtures), unit=" styles"):
        rows.append([translator(each, mixture) for each in sources])
    path = options.folder(run) / _NAME
    facts = note_of(trained, options, text=options.text)
    write_file(path, images.png(page(options.text, rows), facts))
    show(f"Text: {path}")


def _mixtures(trained, options):
    """The mixtures of classes of the rows; [None] if the run is not conditional."""
    if not trained.conditional:
        return [None]
    if options.label:
        return [mixture_of(trained, (options.label, 1))]
    if not options.interpolate:
        return [mixture_of(trained, (name, 1)) for name in trained.label_names]
    ends = class_list("interpolate", options.interpolate)
    if len(ends) != 2:
        raise UserError(
            f"--interpolate={options.interpolate}: give two styles, separated by a comma."
        )
    shares = np.linspace(0, 1, _BETWEEN)
    return [mixture_of(trained, (ends[0], 1 - each), (ends[1], each)) for each in shares]


def page(text, rows):
    """Sets rows of pictures of the characters of a text.

    Characters as wide as high, such as Chinese ones, keep their picture; others are cut to their ink.

    Args:
        text: the text, with spaces.
        rows: for each, uint8 (size, size, channels) of each visible character, black on white.

    Returns:
        uint8 (h, w, channels).
    """
    lines = []
    for pictures in rows:
        left, size, channels = iter(pictures), *np.shape(pictures[0])[1:]
        parts = [
            _set(next(left), character)
            if charsets.is_visible(character)
            else np.full((size, size // 3, channels), 255, np.uint8)
            for character in text
        ]
        lines.append(np.concatenate(parts, axis=1))
    width = max(each.shape[1] for each in lines)
    padded = [
        np.pad(each, ((0, 0), (0, width - each.shape[1]), (0, 0)), constant_values=255)
        for each in lines
    ]
    return np.concatenate(padded)


def _set(picture, character):
    if unicodedata.east_asian_width(character) in "WF":
        return picture
    gap = picture.shape[1] // _GAP
    columns = np.flatnonzero((picture < _INK).any(axis=(0, 2)))
    if not len(columns):
        return picture[:, : 2 * gap]
    return picture[:, max(0, columns[0] - gap // 2) : columns[-1] + 1 + gap // 2]
