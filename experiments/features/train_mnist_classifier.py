"""Trains the network of --features=mnist_classifier on the training split of MNIST."""

from experiments.features import training
from gan_tf.features.mnist_classifier import MnistClassifier


def main():
    training.train_classifier(MnistClassifier, "mnist", training.parse(__doc__, epochs=8))


if __name__ == "__main__":
    main()
