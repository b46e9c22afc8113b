"""A classifier of antimicrobial peptides: `python -m experiments.sequences.peptide_classifier`.

A small convolutional network learns to tell the antimicrobial peptides of modlamp's data from others of
UniProt. It is written as a Keras model of tokens, which a run on peptides can use as a scorer, too.
"""

import dataclasses
import pathlib

import numpy as np

from experiments.sequences import corpus_files
from gan_tf.data.fasta_file import LETTERS
from gan_tf.options import flags
from gan_tf.options.option import check, option

LENGTH = 32
NAME = "amp.keras"
_INDEX = {letter: 1 + at for at, letter in enumerate(LETTERS["protein"])}  # 0 is the end


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train on; every field is documented by its own text."""

    data: str = option("data", "Options", "folder with peptides/peptides.fasta", path=True)
    files: str = option("runs/corpora/files", "Options", "folder of the model", path=True)
    epochs: int = option(30, "Options", "passes over the data", low=1)


def main(argv):
    """Trains the classifier and prints its AUC on held-out peptides; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains a classifier of antimicrobial peptides.")
    check(options)
    print(f"Test AUC {train(options.data, options.files, options.epochs):.4f}.")
    return 0


def train(data, files, epochs=30):
    """Trains and writes the classifier; returns its AUC on a fifth of the peptides that is held out."""
    with flags.quiet_import():
        import keras
        from keras import layers

    keras.utils.set_random_seed(0)
    found = corpus_files.records(pathlib.Path(data) / "peptides/peptides.fasta")
    found = [each for each in found if len(each[1]) <= LENGTH and set(each[1]) <= set(_INDEX)]
    rows = encoded([letters for _, letters in found])
    labels = np.array([header.endswith(corpus_files.AMP) for header, _ in found], np.float32)
    test = np.random.default_rng(0).random(len(rows)) < 0.2
    tokens = keras.Input((LENGTH,), dtype="int32")
    x = layers.Dropout(0.2)(layers.Embedding(len(_INDEX) + 1, 32)(tokens))
    x = layers.Conv1D(64, 5, padding="same", activation="relu")(x)
    x = layers.Conv1D(64, 5, padding="same", activation="relu")(layers.Dropout(0.2)(x))
    x = layers.Concatenate()([layers.GlobalMaxPooling1D()(x), layers.GlobalAveragePooling1D()(x)])
    x = layers.Dense(1, activation="sigmoid")(layers.Dropout(0.4)(x))
    model = keras.Model(tokens, x)
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
    model.fit(rows[~test], labels[~test], batch_size=64, epochs=epochs, verbose=0)
    pathlib.Path(files).mkdir(parents=True, exist_ok=True)
    model.save(pathlib.Path(files) / NAME)
    return model.evaluate(rows[test], labels[test], verbose=0, return_dict=True)["auc"]


def load(files):
    """Returns a function of a list of peptides, str, to their scores from 0 to 1, float (n,)."""
    with flags.quiet_import():
        import keras

    model = keras.saving.load_model(pathlib.Path(files) / NAME, compile=False)
    return lambda texts: model.predict(encoded(texts), batch_size=512, verbose=0)[:, 0]


def encoded(texts):
    """Returns peptides as rows of tokens, int32 (n, 32), as a run of fasta_file has them."""
    rows = np.zeros((len(texts), LENGTH), np.int32)
    for row, text in zip(rows, texts):
        row[: len(text)] = [_INDEX[letter] for letter in text[:LENGTH]]
    return rows


if __name__ == "__main__":
    flags.run(main)
