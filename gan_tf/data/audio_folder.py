"""The user's own sound: a folder or a zip archive."""

from gan_tf.data import audio_file
from gan_tf.data.audio_file import load_audio
from gan_tf.data.class_folders import ClassFolders
from gan_tf.registry import DATASETS


@DATASETS.register("audio_folder")
class AudioFolder(ClassFolders):
    """Your own sound: every file below --audio_dir, sub-folders are classes.

    WAV, and with the extra "audio" FLAC, Ogg, MP3 and AIFF, whatever their names, mono or stereo, become
    mono and equally loud. A clip is the beginning of a file: longer files are cut, shorter ones padded
    with silence. Files that are empty, silent, truncated or not sound are left out and listed; `notes`
    says which are clipped, and how many are cut.

    Args:
        audio_dir: the folder, or a zip archive of one, which is read without unpacking.
        length: samples of a clip, default 16384.
        sample_rate: in Hz, default 16000; files of others are resampled, with the extra "audio".
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    modality = "audio"
    name = "audio_folder"
    flag = "--audio_dir"
    class_folders = "audio_dir"  # the option that names the folder whose folders are the classes
    default_length = 16_384
    terms = "not known to gan_tf: those of the sound in the folder that was trained on"

    def __init__(
        self,
        audio_dir: str,
        length: int = 16_384,
        sample_rate: int = 16_000,
        archive_mb: int = 65_536,
    ):
        super().__init__(audio_dir, archive_mb << 20)
        self.sample_shape = (length, 1)
        self.traits = {"sample_rate": sample_rate}
        self._cut, self._clipped = set(), set()
        self._find()

    @property
    def decoding(self):
        return f"{audio_file.DECODING} {self.sample_shape} {self.traits}"

    def check(self, file):
        self._load(file)

    def read(self, file):
        path = self.full_name(file)
        clip, is_cut, is_clipped = self._load(path)
        for problem, files in ((is_cut, self._cut), (is_clipped, self._clipped)):
            if problem:
                files.add(path)
        return clip

    def batches(self):
        """Yields {"audio": int16}, with "label" if labeled; fills `skipped` and `notes`."""
        yield from super().batches()
        seconds = self.sample_shape[0] / self.traits["sample_rate"]
        if self._cut:
            self.notes.append(
                f"{len(self._cut):,} files are longer than {seconds:.2f} s, such as {min(self._cut)!r}, of "
                "which only the beginning is used: give a larger --length, or cut them into pieces."
            )
        if self._clipped:
            self.notes.append(
                f"{len(self._clipped):,} files are clipped, such as {min(self._clipped)!r}: they sound "
                "distorted, and so will what is generated."
            )

    def _load(self, path):
        try:
            with self._tree.open(path) as file:
                return load_audio(file, self.sample_shape[0], self.traits["sample_rate"])
        except ValueError as error:
            if str(error) == audio_file.NOT_SOUND and path.lower().endswith(".wav"):
                raise ValueError("not sound, in spite of its name") from error
            raise
