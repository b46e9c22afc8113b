"""Spoken digits: the Free Spoken Digit Dataset, from a folder."""

import re

from gan_tf.data.audio_folder import AudioFolder
from gan_tf.errors import UserError
from gan_tf.registry import DATASETS

# recordings/7_jackson_32.wav, as published, or 7/jackson_32.wav
_NAME = re.compile(r"(?:^|[/\\])(\d)[_/\\]([a-z]+)_(\d+)\.wav$", re.IGNORECASE)
_TEST_TAKES = 5
_RATE = 8000  # Hz: that of the recordings, and of the classifier's training


@DATASETS.register("spoken_digits")
class SpokenDigits(AudioFolder):
    """Spoken digits: the Free Spoken Digit Dataset in --audio_dir, six speakers, 10 classes, 8 kHz.

    Files are named after digit, speaker and take, 7_jackson_32.wav, as published, or 7/jackson_32.wav.
    Takes 0 to 4 of each speaker and digit are held out, as its authors have it.

    Source: https://github.com/Jakobovski/free-spoken-digit-dataset (CC BY-SA 4.0).

    Args:
        audio_dir: the folder, or a zip archive of one.
        length: samples of a clip, default 5120 (0.64 s): 6 % of the recordings are longer.
        archive_mb: MB that an archive may unpack to, default 65536.

    Raises:
        UserError: when no file has such a name.
    """

    name = "spoken_digits"
    class_folders = None  # file names say the classes
    default_length = 5120
    features = "spoken_digit_classifier"
    classifier = "spoken_digit_classifier"
    terms = "CC BY-SA 4.0"

    def __init__(
        self,
        audio_dir: str,
        length: int = 5120,
        archive_mb: int = 65_536,
    ):
        super().__init__(audio_dir, length, _RATE, archive_mb)

    def _classes(self, files):
        items = []
        for file in files:
            match = _NAME.search(file)
            if match:
                items.append((file, int(match[1]), int(match[3])))
            else:
                self.left_out.append((file, "not named after a digit, a speaker and a take"))
        if not items:
            raise UserError(
                f"{self.origin} has no file named like 7_jackson_32.wav: give the folder 'recordings' of "
                "the Free Spoken Digit Dataset, or use --dataset=audio_folder."
            )
        self._held_out = [(file, digit) for file, digit, take in items if take < _TEST_TAKES]
        training = [(file, digit) for file, digit, take in items if take >= _TEST_TAKES]
        return training, tuple("0123456789")
