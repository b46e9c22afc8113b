"""Font files of the styles of a run on fonts: TrueType, traced from its outputs."""

import io

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPointPen

from gan_tf.data import left_out
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write as write_file
from gan_tf.messages import progress_bar, show
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import ImageTranslator, mixture_of
from gan_tf.sampling.outlines import outlines
from gan_tf.sampling.translation import note_of

_EM = 1000  # units
_ASCENT, _DESCENT = 1000, -300  # at least, in units
_NO_DATE = 2082844800  # 1970, in seconds since 1904: the same font has the same bytes
_MISSING = ".notdef"


def write(run, options):
    """Writes a font file for each style that the options of `gan_tf.translate` choose.

    It has the characters of `--text`, or else all of the run's that its source font has.

    Raises:
        UserError: when the run, the fonts, a style or a character cannot be used.
    """
    trained = TrainedRun(run, options.checkpoint)
    network, multiple, scale = trained.translator(options.blend)
    translator = ImageTranslator(
        network, trained.modality, multiple, scale, stochastic=options.stochastic
    )
    _, data = trained.source(**options.location())
    pictures, skipped = data.source_pictures(options.text)
    for sentence in left_out.sentences(skipped, "characters"):
        show(sentence)
    names = trained.label_names or data.label_names
    chosen = [trained.class_index(options.label)] if options.label else range(len(names))
    facts = note_of(trained, options)
    for index in chosen:
        mixture = mixture_of(trained, (str(index), 1)) if trained.conditional else None
        bar = progress_bar(pictures.items(), names[index], len(pictures), unit=" characters")
        made = {character: translator(each, mixture)[..., 0] for character, each in bar}
        content = font(f"{names[index]} generated", made, data.layout(index), facts)
        path = options.folder(run) / f"{names[index]}-generated.ttf"
        write_file(path, content)
        show(f"Font: {path}")


def font(name, pictures, layout, facts=None):
    """Makes a font of pictures.

    Args:
        name: of the family.
        pictures: {character: uint8 (size, size), black on white}, each centered horizontally.
        layout: the `gan_tf.data.styles.Layout`; its source has the characters.
        facts: a dict for the description of the font; None: none.

    Returns:
        The content of a TTF file.

    Raises:
        UserError: when no picture shows anything.
    """
    traced = {each: outlines(picture) for each, picture in pictures.items()}
    if not any(traced.values()):
        raise UserError(
            f"No character of the style '{name}' has an outline: train the run longer, or give another."
        )
    unit = _EM / layout.em  # of a picture's side, in units of the font
    glyphs, widths = {_MISSING: _glyph(_box()), "space": _glyph([])}, {}
    widths[_MISSING], widths["space"] = _EM // 2, round(unit * layout.space)
    mapped = {ord(" "): "space"}
    for character, contours in traced.items():
        name_of = f"uni{ord(character):04X}" if ord(character) < 1 << 16 else f"u{ord(character):X}"
        size = len(pictures[character])
        placed, width = _placed(contours, size, layout, character)
        glyphs[name_of] = _glyph([(unit * points, is_on) for points, is_on in placed])
        widths[name_of], mapped[ord(character)] = round(unit * width), name_of
    return _file(name, glyphs, widths, mapped, facts)


def _placed(contours, size, layout, character):
    """Contours in sides of a picture, from the origin, y upwards; and the width of the glyph."""
    before, after = layout.gaps(character)
    x = np.concatenate([points[:, 0] for points, _ in contours]) / size if contours else np.zeros(1)
    moved = np.array([before - x.min(), layout.line])
    placed = [(points / size * [1, -1] + moved, is_on) for points, is_on in contours]
    return placed, max(0, before + np.ptp(x) + after)


def _glyph(contours):
    pen = TTGlyphPointPen(None)
    for points, is_on in contours:
        pen.beginPath()
        for point, on in zip(np.round(points).astype(int).tolist(), is_on):
            pen.addPoint(tuple(point), "qcurve" if on else None)
        pen.endPath()
    return pen.glyph()


def _box():
    """The frame that stands for missing characters."""
    outer = np.array([(50, 0), (50, 700), (450, 700), (450, 0)])
    inner = np.array([(100, 50), (400, 50), (400, 650), (100, 650)])
    return [(outer, [True] * 4), (inner, [True] * 4)]


def _file(name, glyphs, widths, mapped, facts):
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(mapped)
    builder.setupGlyf(glyphs)
    boxes = builder.font["glyf"]
    bounds = [
        (each.xMin, each.yMin, each.yMax)
        for each in map(boxes.__getitem__, glyphs)
        if each.numberOfContours
    ]
    builder.setupHorizontalMetrics(
        {each: (widths[each], getattr(boxes[each], "xMin", 0)) for each in glyphs}
    )
    ascent = max(_ASCENT, *(top for _, _, top in bounds))
    descent = min(_DESCENT, *(bottom for _, bottom, _ in bounds))
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    said = {"description": str(facts)} if facts else {}
    builder.setupNameTable(
        {
            "familyName": name,
            "styleName": "Regular",
            "fullName": name,
            "psName": "".join(each for each in name if each.isascii() and each.isalnum())
            or "generated",
            "version": "Version 1.0",
            **said,
        }
    )
    builder.setupOS2(
        sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent
    )
    builder.setupPost()
    builder.updateHead(created=_NO_DATE, modified=_NO_DATE)
    builder.font.recalcTimestamp = False
    content = io.BytesIO()
    builder.save(content)
    return content.getvalue()
