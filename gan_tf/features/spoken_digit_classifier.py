"""A classifier of spoken digits."""

import keras
import tensorflow as tf
from keras import layers

from gan_tf.features.extractor import digest
from gan_tf.features.pretrained import Pretrained
from gan_tf.modalities.audio import Audio
from gan_tf.registry import FEATURES

_WINDOW, _HOP = 256, 128
_LEAST = 1e-4  # energy that counts as silence
_MIDDLE, _SPAN = -0.55, 8.65  # of the log energies of clips at 8 kHz


@FEATURES.register("spoken_digit_classifier")
class SpokenDigitClassifier(Pretrained):
    """A small classifier of digits spoken in English, at 8 kHz; 64 features, 10 classes.

    It sees the first 0.77 s of a clip as a picture: the log energy of 48 frames of 256 samples in 48
    bands of the mel scale. Features are its penultimate layer, linear, minus a mean, times a constant;
    probabilities are its softmax. For its training, on takes 5 and later of the Free Spoken Digit
    Dataset, and its accuracy on the others, see experiments/features.
    """

    name = "spoken_digit_classifier"
    classifies = True
    inner_maps = False
    modalities = ("audio",)
    channels = None
    size = 48  # frames, and bands
    widths = (16, 32, 64)  # of the convolutions
    label_names = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

    def __init__(self):
        super().__init__()
        self.digest = digest(self.digest, f"{_WINDOW} {_HOP} {_LEAST} {_MIDDLE} {_SPAN}")

    @staticmethod
    def picture(clips):
        """Returns clips, int16 (n, length, 1), as pictures: float32 (n, 48, 48, 1) in [-1, 1]."""
        size = SpokenDigitClassifier.size
        length = _HOP * (size - 1) + _WINDOW
        sound = Audio().to_network(tf.convert_to_tensor(clips))[:, :length, 0]
        sound = tf.pad(sound, [[0, 0], [0, length - sound.shape[1]]])
        frames = tf.signal.stft(sound, _WINDOW, _HOP)
        bands = tf.signal.linear_to_mel_weight_matrix(size, _WINDOW // 2 + 1, 8000, 40.0, 4000.0)
        energies = tf.math.log(tf.square(tf.abs(frames)) @ bands + _LEAST)
        return tf.clip_by_value((energies - _MIDDLE) / _SPAN, -1.0, 1.0)[..., None]

    def seen(self, images):
        return self.picture(images)

    @classmethod
    def network(cls):
        """Builds the network: (n, 48, 48, 1) in [-1, 1] -> (n, 64) and (n, 10) logits."""
        images = x = keras.Input((cls.size, cls.size, 1))
        for width in cls.widths:
            x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
            x = layers.MaxPooling2D(padding="same")(x)
        x = layers.Dropout(0.5)(layers.Flatten()(x))
        features = layers.Dense(64)(x)
        logits = layers.Dense(10)(layers.ReLU()(features))
        return keras.Model(images, [features, logits])
