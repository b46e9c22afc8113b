"""The user's own pairs of images: side by side in one file each, or in two folders."""

import contextlib
import hashlib
import os
import pathlib
import re
import unicodedata

import numpy as np

from gan_tf.data import image_file
from gan_tf.data.file_images import UNREADABLE, FileImages, reason_of
from gan_tf.data.file_tree import open_tree
from gan_tf.data.white_levels import WhiteLevels
from gan_tf.errors import UserError
from gan_tf.registry import DATASETS

_SIDES = ("A", "B")
_TRAINING = "train"
_HELD_OUT = ("val", "test")  # the first of these that there is
_PARTS = (_TRAINING, *_HELD_OUT)
_JOINED = re.compile(rf"({'|'.join(_PARTS)})_?([{''.join(_SIDES)}])")  # trainA, test_B
_NAMES = {"L": "grayscale", "RGB": "RGB"}


@DATASETS.register("paired_folder")
class PairedFolder(FileImages):
    """Your own pairs of images: side by side in one file, or in folders A and B.

    The formats, names and colors of files are as for `image_folder`. The folder holds, at any
    depth, files that show A on the left and B on the right; or the folders A and B, where files of
    the same name, endings aside, are a pair. Either can be in the folders train, val and test, also
    as trainA or train_A: then those in train are for training, and those in val are held out, or
    those in test if there is no val. Otherwise one pair in 20 is held out, by the hash of its name (see
    `FileImages.hold_out`).

    What is not part of a pair is left out with a reason: a file without a partner, sides of
    different sizes, a width that has no two halves, unreadable files.

    Args:
        image_dir: the folder, or a zip archive of one, which is read without unpacking.
        image_size: height and width of each side in pixels, default 64.
        crop: how a side becomes square, as for `image_folder`; the same for both sides.
        color_mode: "rgb" or "grayscale", for both sides; default: each side is grayscale if all
            of its files are stored so, otherwise RGB.
        direction: "a_to_b" (default) translates A to B, "b_to_a" B to A.
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    name = "paired_folder"
    pairing = "paired"
    sample = "target"
    default_image_size = 64
    channels = None
    terms = "not known to gan_tf: those of the images in the folder that was trained on"

    def __init__(
        self,
        image_dir: str,
        image_size: int | None = None,
        crop: str = "center",
        color_mode: str | None = None,
        direction: str = "a_to_b",
        archive_mb: int = 65536,
    ):
        super().__init__()
        self._tree = open_tree(image_dir, "--image_dir", archive_mb << 20)
        self.root = pathlib.Path(image_dir)
        self.crop, self.direction = crop, direction
        self._size = image_size or self.default_image_size
        self.notes = []
        self._files = {}  # {name of a pair: (file of A, file of B)}, the same file if side by side
        self._list()
        modes = {"rgb": ("RGB", "RGB"), "grayscale": ("L", "L"), None: None}[color_mode]
        self._modes = modes or self._stored_modes()
        self._whites = [
            WhiteLevels(self._tree, lambda side=side: self._of_side(side), self.notes)
            for side in range(2)
        ]
        self.sample_shape = self.shapes["target"]

    @property
    def origin(self):
        return f"'{self.root}' (--image_dir)"

    @property
    def shapes(self):
        shapes = [(self._size, self._size, 3 if mode == "RGB" else 1) for mode in self._modes]
        return dict(zip(("image", "target"), self._directed(shapes)))

    @property
    def cache_key(self):
        facts = f"{image_file.DECODING} {image_file.FORMATS} {self.shapes} {self.crop}"
        digest = hashlib.sha256(f"{facts} {self.direction}".encode())
        for name, _ in [*self._items, *self._held_out]:
            prints = [self._tree.fingerprint(file) for file in self._files[name]]
            digest.update(f"{name}\0{prints}\n".encode(errors="replace"))
        return digest.hexdigest()

    def size(self, name):
        """Returns the size of the files of a pair in bytes; None if one has vanished."""
        sizes = [self._tree.size(file) for file in dict.fromkeys(self._files[name])]
        return None if None in sizes else sum(sizes)

    def open(self, name):
        """Returns the file of a pair that shows A, open for reading bytes."""
        return self._tree.open(self._files[name][0])

    def read(self, name):
        """Returns source and target, uint8, of a pair."""
        left, right = self._files[name]
        pair = self._halves(left) if left == right else self._two(left, right)
        return [np.asarray(each).reshape(*each.size[::-1], -1) for each in self._directed(pair)]

    def _batch(self, images, labels):
        sources, targets = zip(*images)
        return {"image": np.stack(sources), "target": np.stack(targets)}

    def _directed(self, pair):
        return pair if self.direction == "a_to_b" else pair[::-1]

    def _of_side(self, side):
        return [self._files[name][side] for name, _ in [*self._items, *self._held_out]]

    def _halves(self, file):
        try:
            white = self._whites[0].of(file)
            with self._tree.open(file) as content:
                return load_halves(content, self._size, self.crop, self._modes, white)
        except ValueError as error:
            raise ValueError(image_file.reason_of_file(file, str(error))) from error

    def _two(self, left, right):
        first, second = (self._measured(each, side) for side, each in enumerate((left, right)))
        if first != second:
            sizes = " and ".join(f"{width}x{height}" for width, height in (first, second))
            raise ValueError(f"A and B have different sizes: {sizes} pixels")
        return [
            self._of_file(
                side,
                image_file.load_image,
                file,
                self._size,
                self.crop,
                mode,
                self._white(side, file),
            )
            for side, (file, mode) in enumerate(zip((left, right), self._modes))
        ]

    def _white(self, side, file):
        with contextlib.suppress(*UNREADABLE):  # reading it reports that
            return self._whites[side].of(file)

    def _measured(self, file, side):
        return self._of_file(side, image_file.measure, file)[0]

    def _of_file(self, side, function, file, *arguments):
        """What a function of a file of side A (0) or B (1) returns; errors name B, as items are A's."""
        try:
            with self._tree.open(file) as content:
                return function(content, *arguments)
        except UNREADABLE as error:
            reason = image_file.reason_of_file(file, reason_of(error))
            raise ValueError(f"its partner in B: {reason}" if side else reason) from error

    def _list(self):
        """Finds the pairs and the parts that they belong to; fills `left_out`."""
        files = self._inside(self._tree.files())
        placed = [(file, *_place(below)) for file, below in files]
        has_parts = any(part for _, part, _, _ in placed)
        has_sides = any(side for _, _, side, _ in placed)
        found = {}  # {part: {name: {side: [file]}}}
        for file, part, side, name in placed:
            if has_parts and not part:
                self._leave_out(file, f"in none of {', '.join(_PARTS)}")
            elif has_sides and not side:
                self._leave_out(file, "in neither A nor B")
            else:
                names = found.setdefault(part or _TRAINING, {})
                names.setdefault(name, {}).setdefault(side, []).append(file)
        if has_parts and _TRAINING not in found:
            raise UserError(
                f"{self.origin} has no pairs in a folder '{_TRAINING}', and it has a folder "
                f"'{next(iter(found))}', which is held out: move pairs to '{_TRAINING}'."
            )
        items = {part: self._pairs(part, names) for part, names in found.items()}
        self._items = items.get(_TRAINING, [])
        held_out = next((part for part in _HELD_OUT if items.get(part)), None)
        self._held_out = items.get(held_out, [])
        if held_out == _HELD_OUT[0] and items.get(_HELD_OUT[1]):
            self.notes.append(
                f"The {len(items[_HELD_OUT[1]]):,} pairs in '{_HELD_OUT[1]}' are not used: those in "
                f"'{_HELD_OUT[0]}' are held out."
            )
        self.hold_out()

    def _inside(self, files):
        """[(file, its path below the folder of the pairs)]: a single folder around all is passed."""
        below = [(file, file) for file in files]
        while below:
            tops = {path.partition(os.sep)[0] for _, path in below if os.sep in path}
            if len(tops) != 1 or any(os.sep not in path for _, path in below):
                break
            if tops & {*_SIDES, *_PARTS}:
                break
            below = [(file, path.partition(os.sep)[2]) for file, path in below]
        return below

    def _pairs(self, part, names):
        """The items of a part: [(name, None)], sorted; {name: {side: [file]}} are its files."""
        items = []
        for _, sides in sorted(names.items()):
            if None in sides:  # side by side: each file is a pair
                pairs = {file: (file, file) for file in sides[None]}
            else:
                chosen = {side: self._one(files) for side, files in sides.items()}
                missing = [side for side in _SIDES if side not in chosen]
                for file in chosen.values() if missing else ():
                    self._leave_out(file, f"there is no file of its name in {missing[0]}")
                pairs = {} if missing else {chosen["A"]: (chosen["A"], chosen["B"])}
            self._files |= pairs
            items += [(each, None) for each in pairs]
        return items

    def _one(self, files):
        """The first of a side's files of one name that is an image; the others are left out."""
        if len(files) == 1:
            return files[0]
        chosen = next((file for file in files if not self._problem(file)), files[0])
        for file in files:
            if file != chosen:
                self._leave_out(file, f"{chosen!r} has the same name")
        return chosen

    def _leave_out(self, file, reason):
        """Adds a file to `left_out`; whether it is an image at all comes first."""
        self.left_out.append((file, self._problem(file) or reason))

    def _problem(self, file):
        """Why a file is not an image, or None."""
        try:
            self._of_file(0, image_file.measure, file)
        except ValueError as error:
            return str(error)
        return None

    def _stored_modes(self):
        """The mode of each side: that of its files, or RGB if they differ; fills `notes`."""
        modes, gray = [], []
        for side in range(2):
            found = {}  # {mode: [file]}
            for file in self._of_side(side):
                try:
                    _, mode = self._of_file(0, image_file.measure, file)
                except ValueError:  # reading it reports that
                    continue
                found.setdefault(mode, []).append(file)
            modes.append("L" if set(found) == {"L"} else "RGB")
            gray.append(found.get("L", []) if len(found) > 1 else [])
        if modes[0] != modes[1]:
            kinds = [f"{side} is {_NAMES[mode]}" for side, mode in zip(_SIDES, modes)]
            self.notes.append(
                f"By the files of each side, {' and '.join(kinds)} (see --color_mode)."
            )
        for files in gray[:1] if gray[0] == gray[1] else gray:
            if files:
                self.notes.append(
                    f"{len(files):,} of the images are grayscale beside others in color, and become RGB: "
                    f"such as {files[0]!r}."
                )
        return tuple(modes)


def _place(path):
    """(part, side, name): where a path says that a file belongs; None: it does not say."""
    part = side = None
    *folders, name = path.split(os.sep)
    while folders:
        joined = _JOINED.fullmatch(folders[0])
        if joined and part is None and side is None:
            part, side = joined.groups()
            folders.pop(0)
        elif part is None and folders[0] in _PARTS:
            part = folders.pop(0)
        elif side is None and folders[0] in _SIDES:
            side = folders.pop(0)
        else:
            break
    stem = os.path.splitext(name)[0]
    return part, side, unicodedata.normalize("NFC", os.sep.join([*folders, stem]))


def load_halves(path, size, crop="center", modes=("RGB", "RGB"), white=None):
    """Loads one image file that shows two pictures side by side, as two square pictures.

    Args:
        path, size, crop, white: as for `image_file.load_image`; the crop is that of a half.
        modes: "RGB" or "L" of the left and of the right half.

    Returns:
        Two `PIL.Image`s, left and right.

    Raises:
        ValueError: as for `image_file.load_image`, and when the width is odd.
    """
    with image_file.decoded(path, white) as image:
        half, odd = divmod(image.width, 2)
        if odd or not half:
            raise ValueError(f"its width, {image.width} pixels, is odd: it has no two equal halves")
        image = image_file.over_white(image)
        boxes = (0, 0, half, image.height), (half, 0, 2 * half, image.height)
        return tuple(
            image_file.square(image.crop(box), size, crop, mode) for box, mode in zip(boxes, modes)
        )
