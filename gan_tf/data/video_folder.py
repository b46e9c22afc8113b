"""The user's own videos: a folder or a zip archive."""

from gan_tf.data import video_file
from gan_tf.data.class_folders import ClassFolders
from gan_tf.data.file_images import UNREADABLE
from gan_tf.data.video_file import load_video
from gan_tf.modalities.video import check_values
from gan_tf.registry import DATASETS

_ENDINGS = (".gif", ".webp", ".png", ".apng", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi")
_ALIKE = 1.05  # ratio of frame rates
_SLOWEST = 0.01  # frames per second of what is generated


@DATASETS.register("video_folder")
class VideoFolder(ClassFolders):
    """Your own videos: every file below --video_dir, sub-folders are classes.

    Animated GIF, WebP and PNG, and with the extra "video" MP4, MOV, WebM, Matroska, AVI and MPEG, whatever
    their names. A video is the beginning of a file. Files that are too short, broken, too large or no
    videos are left out and listed; `notes` says how many are longer, and which frame rates vary.

    The frame rate of what is generated is that of the first file, divided by `frame_step`, but at least
    0.01 frames per second.

    Args:
        video_dir: the folder, or a zip archive of one, which is read without unpacking.
        image_size: height and width in pixels, default 64.
        frames: of a video; default 16.
        frame_step: use every k-th frame; default 1.
        crop, color_mode: as for `gan_tf.data.image_folder.ImageFolder`.
        archive_mb: MB that an archive may unpack to, default 65536.

    Raises:
        UserError: when videos would be too large.
    """

    modality = "video"
    name = "video_folder"
    flag = "--video_dir"
    class_folders = "video_dir"  # the option that names the folder whose folders are the classes
    default_image_size = 64
    channels = None
    terms = "not known to gan_tf: those of the videos in the folder that was trained on"

    def __init__(
        self,
        video_dir: str,
        image_size: int | None = None,
        frames: int = 16,
        frame_step: int = 1,
        crop: str = "center",
        color_mode: str = "rgb",
        archive_mb: int = 65_536,
    ):
        super().__init__(video_dir, archive_mb << 20)
        size = image_size or self.default_image_size
        self.sample_shape = (frames, size, size, 3 if color_mode == "rgb" else 1)
        check_values(self.sample_shape)
        self._step, self._crop = frame_step, crop
        self._mode = "RGB" if color_mode == "rgb" else "L"
        self._rates, self._varying, self._cut = {}, set(), set()
        self._find()
        self.traits = {"fps": max(_SLOWEST, round(self._rate() / frame_step, 3))}

    @property
    def decoding(self):
        return f"{video_file.DECODING} {self.sample_shape} {self._step} {self._crop}"

    def check(self, file):
        self._load(file)

    def read(self, file):
        return self._load(self.full_name(file))

    def batches(self):
        """Yields {"video": uint8}, with "label" if labeled; fills `skipped` and `notes`."""
        yield from super().batches()
        if self._cut:
            self.notes.append(
                f"{len(self._cut):,} files have more than {self.sample_shape[0]} frames, such as "
                f"{min(self._cut)!r}, of which only the beginning is used: cut them into pieces to use all."
            )
        if self._varying:
            self.notes.append(
                f"{len(self._varying):,} files have a variable frame rate, such as {min(self._varying)!r}: "
                "frames are repeated or left out, so that they are evenly spaced."
            )
        slow, fast = min(self._rates.values(), default=1), max(self._rates.values(), default=1)
        if fast > _ALIKE * slow:
            self.notes.append(
                f"The files have from {slow:.4g} to {fast:.4g} frames per second, such as "
                f"{min(self._rates, key=self._rates.get)!r} and {max(self._rates, key=self._rates.get)!r}, "
                "and are used as if these were equal: convert them to one frame rate."
            )

    def _rate(self):
        """Frames per second of the first file that can be read; 10 if there is none."""
        first = self._first_readable()
        return 10.0 if first is None else self._rates[self.full_name(first)]

    def _load(self, path):
        frames, size = self.sample_shape[:2]
        try:
            with self._tree.open(path) as file:
                loaded = load_video(file, frames, self._step, size, self._crop, self._mode)
        except UNREADABLE as error:
            if str(error) == video_file.NOT_A_VIDEO and path.lower().endswith(_ENDINGS):
                raise ValueError("not a video, in spite of its name") from error
            raise
        self._rates[path] = loaded.fps
        for says, files in ((loaded.varies, self._varying), (loaded.longer, self._cut)):
            if says:
                files.add(path)
        return loaded.pixels
