"""The user's own images, in any common format: a folder or a zip archive."""

import contextlib

import numpy as np

from gan_tf.data import image_file
from gan_tf.data.class_folders import ClassFolders
from gan_tf.data.image_file import load_image
from gan_tf.data.white_levels import WhiteLevels
from gan_tf.registry import DATASETS


@DATASETS.register("image_folder")
class ImageFolder(ClassFolders):
    """Your own images: every file below --image_dir, sub-folders are classes.

    JPEG, PNG, WebP, BMP, GIF (first frame), TIFF and, with the package pillow-heif, HEIC, in
    grayscale, RGB, RGBA, palette, 16-bit, float or CMYK, are all converted to sRGB, whatever their
    names; transparency becomes white; the EXIF orientation is applied. Files and folders whose
    names begin with a dot are skipped.

    The folders directly below `image_dir` that hold a readable image are the classes; if there is
    only one, and it holds its images in folders, the classes are those. If there are images next
    to the folders, the data set has no labels, and `notes` says so.

    Args:
        image_dir: the folder, or a zip archive of one, which is read without unpacking.
        image_size: height and width in pixels, default 64.
        crop: how an image becomes square: "center" (default) and "top" cut the largest
            square there, "pad" adds black bars, "stretch" distorts.
        color_mode: "rgb" (default) or "grayscale".
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    name = "image_folder"
    flag = "--image_dir"  # that names the folder, for messages
    default_image_size = 64
    users_own = True
    channels = None
    terms = "not known to gan_tf: those of the images in the folder that was trained on"

    def __init__(
        self,
        image_dir: str,
        image_size: int | None = None,
        crop: str = "center",
        color_mode: str = "rgb",
        archive_mb: int = 65536,
    ):
        super().__init__(image_dir, archive_mb << 20)
        self.crop = crop
        self.mode = "RGB" if color_mode == "rgb" else "L"
        size = image_size or self.default_image_size
        self.sample_shape = (size, size, 3 if color_mode == "rgb" else 1)
        self._white = WhiteLevels(self._tree, self._listed, self.notes)
        self._paged = set()  # files of several pages
        self._find()

    @property
    def decoding(self):
        return f"{image_file.DECODING} {image_file.FORMATS} {self.sample_shape} {self.crop}"

    def _listed(self):
        return [self._folder + file for file, _ in [*self._items, *self._held_out]]

    def read(self, file):
        path, size = self.full_name(file), self.sample_shape[0]
        with _reasons(path):
            with self._tree.open(path) as content:
                mode = image_file.deep_mode(content)
                if image_file.has_pages(content):
                    self._paged.add(path)
                if not mode:
                    return self._picture(content, size)
            white = self._white(mode)  # opens other files, so this one is closed
            with self._tree.open(path) as content:
                return self._picture(content, size, white)

    def batches(self):
        """Yields {"image": uint8}, with "label" if labeled; fills `skipped` and `notes`."""
        brightest = None
        for batch in super().batches():
            brightest = max(brightest or 0, int(batch["image"].max()))
            yield batch
        if brightest is not None:
            self.notes += image_file.remarks(brightest)
        if self._paged:
            self.notes.append(
                f"Only the first page is used of {len(self._paged):,} TIFFs of several, such as "
                f"{min(self._paged)!r}: save the pages as files of their own to use all."
            )

    def _picture(self, content, size, white=None):
        picture = load_image(content, size, self.crop, self.mode, white)
        return np.asarray(picture).reshape(size, size, -1)

    def check(self, file):
        with _reasons(file), self._tree.open(file) as content:
            self._picture(content, 8)


@contextlib.contextmanager
def _reasons(file):
    """Raises a ValueError inside again, with a reason that depends on the file's name, too."""
    try:
        yield
    except ValueError as error:
        raise ValueError(image_file.reason_of_file(file, str(error))) from error
