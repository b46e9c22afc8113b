"""The value of white in images of floats or 32-bit integers: one for all images of a folder."""

import threading

from gan_tf.data import image_file


class WhiteLevels:
    """Finds it at first use, for `gan_tf.data.image_file.load_image`.

    Args:
        tree: the files (see `gan_tf.data.file_tree`).
        files: a function that returns the names of the images.
        notes: the list to which a sentence is appended if a few images of high values make the
            others dark.
    """

    def __init__(self, tree, files, notes):
        self._tree, self._files, self._notes = tree, files, notes
        self._scanning = threading.Lock()
        self._found = None

    def __call__(self, mode):
        """Returns the value of white in images of floats ("F") or 32-bit integers ("I")."""
        with self._scanning:
            if self._found is None:
                self._found = self._scan()
            return self._found.get(mode)

    def of(self, file):
        """Returns the value of white for an image file; None if it is not of such a kind.

        Raises:
            OSError, ValueError: as for `gan_tf.data.image_file.deep_mode`.
        """
        with self._tree.open(file) as content:
            mode = image_file.deep_mode(content)
        return self(mode) if mode else None  # opens other files, so this one is closed

    def _scan(self):
        found = {}  # {mode: {white: a file that needs it}}
        for file in self._files():
            try:
                with self._tree.open(file) as content:
                    mode = image_file.deep_mode(content)
                    white = image_file.needed_white(content) if mode else None
            except (OSError, ValueError):  # reading it reports that
                continue
            if mode:
                found.setdefault(mode, {}).setdefault(white, file)
        for whites in found.values():
            if len(whites) > 1:
                *_, below, high = sorted(whites)
                self._notes.append(
                    f"{whites[high]!r} has pixel values above {below}, so white is {high} in all images "
                    f"of its kind, and those of low values, such as {whites[below]!r}, become dark."
                )
        return {mode: max(whites) for mode, whites in found.items()}
