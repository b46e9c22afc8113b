"""Trains the network of --features=spoken_digit_classifier on takes 5 and later of spoken digits."""

import numpy as np

from experiments.features import training
from gan_tf.data import pipeline
from gan_tf.data.examples import Examples
from gan_tf.features.spoken_digit_classifier import SpokenDigitClassifier
from gan_tf.modalities.image import Image
from gan_tf.registry import DATASETS

_LENGTH = 6272  # what the network sees of a clip


def pictures(examples):
    """Returns `Examples` of clips as `Examples` of the pictures that the network sees."""
    seen = np.concatenate(
        [
            SpokenDigitClassifier.picture(examples.samples[start : start + 250])
            for start in range(0, len(examples), 250)
        ]
    )
    arrays = {"image": Image().to_stored(seen), "label": examples.labels}
    return Examples(arrays, examples.label_names)


def main():
    flags = {"audio_dir": "the folder of the Free Spoken Digit Dataset"}
    options = training.parse(__doc__, epochs=30, **flags)
    source = DATASETS.build("spoken_digits", {"audio_dir": options.audio_dir, "length": _LENGTH})
    parts = pipeline.load(source), pipeline.load_held_out(source)
    training.train_on(SpokenDigitClassifier, *map(pictures, parts), options, batch_size=64, shift=4)


if __name__ == "__main__":
    main()
