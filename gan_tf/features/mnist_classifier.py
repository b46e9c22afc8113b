"""A classifier of handwritten digits."""

import keras
from keras import layers

from gan_tf.features.pretrained import Pretrained
from gan_tf.registry import FEATURES


@FEATURES.register("mnist_classifier")
class MnistClassifier(Pretrained):
    """A small classifier of handwritten digits; gray images, 64 features, 10 classes.

    Features are its penultimate layer, linear, minus a mean, times a constant; probabilities are
    its softmax. Images that are not 28x28 are resized. Scores from a classifier of the data set
    itself instead of ImageNet follow Zhou et al., "Activation Maximization Generative Adversarial
    Nets", 2018 (https://arxiv.org/abs/1703.02000), section 6.4. For its training, see
    experiments/features.

    Args:
        image_shape: of the images, default None: any.

    Raises:
        UserError: for RGB images.
    """

    name = "mnist_classifier"
    classifies = True
    channels = (1,)
    size = 28
    widths = (16, 32, 64)  # of the convolutions
    label_names = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

    @classmethod
    def network(cls):
        """Builds the network: (n, 28, 28, 1) in [-1, 1] -> (n, 64) and (n, 10) logits."""
        images = x = keras.Input((cls.size, cls.size, 1))
        for width in cls.widths:
            x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
            x = layers.MaxPooling2D(padding="same")(x)
        x = layers.Dropout(0.4)(layers.Flatten()(x))
        features = layers.Dense(64)(x)
        logits = layers.Dense(10)(layers.ReLU()(features))
        return keras.Model(images, [features, logits])
