"""The user's own images of two domains: folders trainA and trainB, or any two folders."""

import os

from gan_tf.data.class_names import natural_key
from gan_tf.data.domains import Domains
from gan_tf.data.file_tree import open_tree
from gan_tf.data.image_folder import ImageFolder
from gan_tf.errors import UserError
from gan_tf.registry import DATASETS

_TRAINING = ("trainA", "trainB")
_HELD_OUT = (("testA", "testB"), ("valA", "valB"))  # the first of these that there is
_FLAGS = ("--image_dir", "--to_image_dir")


@DATASETS.register("unpaired_folders")
class UnpairedFolders:
    """Your own images of two domains, without pairs: trainA and trainB, or any two folders.

    The formats, names and colors of files are as for `image_folder`. Either `image_dir` is domain A
    and `to_image_dir` domain B; or `image_dir` holds both: the folders trainA and trainB, with testA and
    testB (or valA and valB), if there are any, held out; or just two folders, in the order of their
    names. Where nothing is set aside for tests, one image in 20 of each domain is held out (see
    `FileImages.hold_out`). The domains need not have equally many images.

    Args:
        image_dir: the folder, or a zip archive of one, which is read without unpacking.
        to_image_dir: that of domain B; default: `image_dir` holds both.
        image_size: height and width in pixels, default 64.
        crop: how an image becomes square, as for `image_folder`.
        color_mode: "rgb" (default) or "grayscale".
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    modality = "image"
    pairing = "unpaired"
    default_image_size = 64
    users_own = True
    channels = None
    terms = "not known to gan_tf: those of the images in the folders that were trained on"

    def __new__(
        cls,
        image_dir: str,
        to_image_dir: str | None = None,
        image_size: int | None = None,
        crop: str = "center",
        color_mode: str = "rgb",
        archive_mb: int = 65536,
    ):
        options = image_size, crop, color_mode, archive_mb
        if to_image_dir:
            parts = [(image_dir, "", None), (to_image_dir, "", None)]
        else:
            files = open_tree(image_dir, _FLAGS[0], archive_mb << 20).files()
            parts = [(image_dir, *prefixes) for prefixes in _layout(image_dir, files)]
        flags = _FLAGS if to_image_dir else (_FLAGS[0], _FLAGS[0])
        return Domains(*(_Domain(*part, flag, *options) for part, flag in zip(parts, flags)))


class _Domain(ImageFolder):
    """The images of one domain, without classes.

    Args:
        path: a folder, or a zip archive of one.
        training, held_out: what the paths of its images begin with; held_out: None: some are chosen.
        flag: that names the folder, for messages.
        *options: the others of `ImageFolder`.
    """

    name = "unpaired_folders"

    def __init__(self, path, training, held_out, flag, *options):
        self.flag = flag
        self._training, self._tests = training, held_out
        super().__init__(path, *options)

    @property
    def origin(self):
        return f"'{os.path.join(self.root, self._training)}' ({self.flag})"

    def _classes(self, files):
        if self._tests:
            self._held_out = [(each, None) for each in files if each.startswith(self._tests)]
        return [(each, None) for each in files if each.startswith(self._training)], ()


def _layout(path, files):
    """[(training, held out)]: what the paths of the images of A and B begin with.

    A single folder around all is passed.

    Raises:
        UserError: when the folder does not hold two domains.
    """
    around, below = "", files
    while True:
        tops = {each.partition(os.sep)[0] for each in below if os.sep in each}
        if set(_TRAINING) <= tops:
            held_out = next((pair for pair in _HELD_OUT if set(pair) <= tops), (None, None))
            return [
                (around + train + os.sep, test and around + test + os.sep)
                for train, test in zip(_TRAINING, held_out)
            ]
        if len(tops) == 2:
            return [(around + each + os.sep, None) for each in sorted(tops, key=natural_key)]
        if len(tops) != 1 or any(os.sep not in each for each in below):
            found = ", ".join(sorted(tops, key=natural_key)[:5]) or "none"
            raise UserError(
                f"'{path}' does not hold two domains: it needs the folders trainA and trainB, or just two "
                f"folders, and has {found}; or name the folder of domain B with --to_image_dir."
            )
        (top,) = tops
        around, below = around + top + os.sep, [each.partition(os.sep)[2] for each in below]
