"""Characters of one font beside the same characters in others."""

import collections
import functools
import hashlib
import importlib.util
import pathlib

import numpy as np

from gan_tf.data import charsets
from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source
from gan_tf.data.styles import Layout, style
from gan_tf.errors import UserError
from gan_tf.messages import progress_bar
from gan_tf.registry import DATASETS

_DRAWING = "1"  # changes whenever pictures would
_BATCH = 512
_REPEATED = 3  # characters of one font with one picture, from which on they are left out
_PART = 10  # one character in this many is held out,
_LEAST = 200  # but at least so many,
_MOST_PART = 4  # if they are at most one in this many
_SOURCE = "DejaVuSans"
_TARGETS = (
    "DejaVuSerif",
    "DejaVuSansMono",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSerif-Italic",
    "STIXGeneralItalic",
)


@DATASETS.register("fonts")
class Fonts(Source):
    """Characters in one font and in others, as pairs labeled by font: for --gan=zi2zi.

    Black on white, drawn at first use. By default, DejaVu Sans beside six fonts that matplotlib ships,
    with nothing to download. Characters that a font lacks, that are blank, and that look the same as
    two others of the font or more, are left out, and listed.

    Some characters are held out, in all fonts: one in ten, by the hash of the character, or 200 if
    that is more and at most a quarter; of two or more, at least one.

    Args:
        source_font: a font file: TTF, OTF, or TTC, of which "file.ttc#2" is the third font.
        target_fonts: likewise, or a folder or zip archive of pictures of characters, such as your own
            handwriting, each named after its character: 永.png or U+6C38.png.
        charset: "latin" (default), "gb2312", "big5", "jis", the path of a UTF-8 text file, whose
            characters are taken, or the characters themselves.
        hold_out: "characters" (default); "pairs": of each character in one font, so that all
            characters are trained on; or "none", for a style of few characters.
        image_size: height and width in pixels, default 64.
    """

    name = "fonts"
    draws_text = True
    pairing = "paired"
    sample = "target"
    default_image_size = 64
    channels = 1
    terms = "not known to gan_tf: those of the fonts"

    def __init__(
        self,
        source_font: str | None = None,
        target_fonts: tuple = (),
        charset: str = "latin",
        hold_out: str = "characters",
        image_size: int | None = None,
    ):
        size = image_size or self.default_image_size
        self.sample_shape = (size, size, 1)
        self.characters = charsets.characters(charset)
        self._held_out_by = hold_out
        self._source = source_style(source_font)
        self._targets = [style(each) for each in target_fonts or map(shipped, _TARGETS)]
        names = [each.name for each in self._targets]
        for each in names:
            if names.count(each) > 1:
                raise UserError(
                    f"--target_fonts has two fonts of the name '{each}', which names a style: rename one."
                )
        self.label_names = tuple(names)
        self.skipped = []

    @property
    def shapes(self):
        return {"image": self.sample_shape, "target": self.sample_shape}

    @property
    def num_examples(self):
        return len(self.characters) * len(self._targets)

    @property
    def cache_key(self):
        facts = [_DRAWING, self.sample_shape, self.characters, self._held_out_by]
        facts += [(each.name, each.digest) for each in (self._source, *self._targets)]
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    def content(self, skipped=(), classes=None):
        """Returns a digest of the fonts and the characters."""
        kept = range(len(self._targets)) if classes is None else classes
        styles = [self._source, *(self._targets[each] for each in kept)]
        facts = [self.characters, [each.digest for each in styles]]
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    def batches(self):
        """Yields sources, targets and labels, character by character; fills `skipped`."""
        _, training, skipped = self._pairs
        self.skipped[:] = skipped
        yield from self._drawn(training)

    def held_out(self):
        """Yields the same for what is held out."""
        held_out, _, _ = self._pairs
        yield from self._drawn(held_out)

    def sources(self, text):
        """Draws the characters of a text in the source font.

        Args:
            text: a str.

        Returns:
            uint8 (n, size, size, 1) of its visible characters.

        Raises:
            UserError: when the font lacks one, or there is none.
        """
        found = [each for each in text if charsets.is_visible(each)]
        if not found:
            raise UserError(f"The text {text!r} has no character: give others.")
        self._measured(self._source)
        try:
            return np.stack([self._draw(self._source, each) for each in found])
        except ValueError as error:
            raise UserError(
                f"The source font '{self._source.name}' cannot draw the text {text!r} ({error}): give "
                "other characters, or another --source_font."
            ) from error

    def source_pictures(self, text=None):
        """Draws characters in the source font, each once.

        Args:
            text: those of a text; None: all of the set that the font has.

        Returns:
            {character: uint8 (size, size, 1)}, and [(name, reason)] of the others of the set.

        Raises:
            UserError: as for `sources`.
        """
        if text is not None:
            found = dict.fromkeys(each for each in text if charsets.is_visible(each))
            return dict(zip(found, self.sources(text="".join(found)))), []
        self._measured(self._source)
        found, skipped = {}, []
        for each in self.characters:
            try:
                found[each] = self._draw(self._source, each)
            except ValueError as error:
                reason = str(error).partition(": ")[2]
                skipped.append((f"{_named(each)} in {self._source.name}", reason))
        return found, skipped

    def layout(self, label):
        """Returns how to set the characters of a style as a font.

        Args:
            label: the index of the style.

        Returns:
            A `gan_tf.data.styles.Layout`: that of the source font, with the line and the typical gaps of
            the style if that is a font, too.

        Raises:
            UserError: when the source is a folder.
        """
        target = self._targets[label]
        if not self._source.is_font:
            raise UserError(
                f"The source '{self._source.name}' is a folder of pictures, which has no widths to set "
                "characters with: give a font with --source_font."
            )
        for each in (self._source, target):
            self._measured(each)
        return Layout(self._source, target if target.is_font else self._source, self.characters)

    def _measured(self, of_style):
        if not of_style.is_measured:
            of_style.measure(self.characters)

    def _draw(self, of_style, character):
        try:
            return of_style.draw(character, self.sample_shape[0])[..., None]
        except ValueError as error:
            raise ValueError(f"{_named(character)}: {error}") from error

    @functools.cached_property
    def _pairs(self):
        """[(character, label)] held out and for training, and [(name, reason)] of what is left out."""
        for each in (self._source, *self._targets):
            self._measured(each)
        skipped = [each for target in self._targets for each in getattr(target, "left_out", ())]
        bar = progress_bar(
            total=len(self.characters) * (len(self._targets) + 1), desc="fonts: drawing"
        )
        with bar:
            characters = self._usable(self._source, self.characters, skipped, bar)
            usable = [
                set(self._usable(target, characters, skipped, bar)) for target in self._targets
            ]
        pairs = [
            (character, label)
            for character in characters
            for label, have in enumerate(usable)
            if character in have
        ]
        held_out = self._chosen(pairs)
        return (
            [each for each in pairs if each in held_out],
            [each for each in pairs if each not in held_out],
            skipped,
        )

    def _usable(self, of_style, characters, skipped, bar):
        """The characters that a style draws, each in its own way; others are added to `skipped`."""
        found, reasons = {}, {}
        for each in characters:
            try:
                found[each] = hashlib.sha256(of_style.draw(each, self.sample_shape[0])).digest()
            except ValueError as error:
                reasons[each] = str(error)
            bar.update()
        counts = collections.Counter(found.values())
        repeated = [each for each, digest in found.items() if counts[digest] >= _REPEATED]
        reasons |= dict.fromkeys(repeated, "the same picture as others")
        skipped += [(f"{_named(each)} in {of_style.name}", why) for each, why in reasons.items()]
        return [each for each in found if each not in reasons]

    def _chosen(self, pairs):
        """The set of the pairs that are held out."""
        if self._held_out_by == "none":
            return set()
        units = dict.fromkeys(map(self._unit, pairs))
        least = min(_LEAST, len(units) // _MOST_PART)
        count = max(len(units) // _PART, least, min(1, len(units) - 1))
        by_hash = sorted(units, key=lambda each: hashlib.sha256(each.encode()).digest())
        chosen = set(by_hash[:count])
        return {each for each in pairs if self._unit(each) in chosen}

    def _unit(self, pair):
        """What is held out as a whole: a character, or one in one font."""
        character, label = pair
        if self._held_out_by == "pairs":
            return f"{character} {self.label_names[label]}"
        return character

    def _drawn(self, pairs):
        for start in range(0, len(pairs), _BATCH):
            part = pairs[start : start + _BATCH]
            yield {
                "image": np.stack([self._draw(self._source, each) for each, _ in part]),
                "target": np.stack([self._draw(self._targets[to], each) for each, to in part]),
                LABEL: np.array([label for _, label in part]),
            }


def source_style(font=None):
    """Returns the `Style` of a font that characters are translated from; None: DejaVu Sans."""
    return style(font or shipped(_SOURCE), "--source_font")


def shipped(name):
    """Returns the path of a font file that matplotlib ships, by its name.

    Raises:
        UserError: when there is none.
    """
    package = importlib.util.find_spec("matplotlib")
    for folder in package.submodule_search_locations if package else ():
        path = pathlib.Path(folder) / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf"
        if path.is_file():
            return str(path)
    raise UserError(
        f"matplotlib, which ships the font {name}, is not installed, or without its fonts: give font files "
        "with --source_font and --target_fonts, or install matplotlib."
    )


def _named(character):
    return f"{character} (U+{ord(character):04X})"
