"""Trains the network of --features=glyph_classifier on the training split of the glyphs."""

from experiments.features import training
from gan_tf.features.glyph_classifier import GlyphClassifier


def main():
    training.train_classifier(GlyphClassifier, "glyphs", training.parse(__doc__, epochs=4))


if __name__ == "__main__":
    main()
