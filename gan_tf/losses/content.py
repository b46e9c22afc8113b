"""Content losses: how far a generator's output is from its target.

A content loss is called as `loss(output, target) -> scalar`: float32 (batch, H, W, C) in [-1, 1] each.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import CONTENT_LOSSES, FEATURES, Configurable


class ContentLoss(Configurable):
    """The base class of the content losses.

    Attributes:
        weight: of the loss, in the generator's; 0 or more.
        modalities: names of the modalities it supports; (): any.
    """

    modalities = ()

    def __init__(self, weight):
        if weight < 0:
            raise UserError(
                f"A weight of {weight} for a content loss is negative: it must be 0 or more."
            )
        self.weight = weight

    def __call__(self, output, target):
        """Returns the weighted loss, a scalar."""
        return self.weight * self.distance(output, target)

    def distance(self, output, target):
        """Returns the loss without its weight."""
        raise NotImplementedError

    def check(self, shape):
        """Raises a `UserError` if it cannot compare samples of this shape; default: does nothing."""


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("l1")
class L1(ContentLoss):
    """Mean absolute difference (Isola et al., 2017): blurs less than the squared one.

    Source: https://arxiv.org/abs/1611.07004, equation 3; the weight is the paper's.

    Args:
        weight: 0 or more, default 100.
    """

    def __init__(self, weight: float = 100.0):
        super().__init__(weight)

    def distance(self, output, target):
        return tf.reduce_mean(tf.abs(output - target))


@keras.saving.register_keras_serializable("gan_tf", "ContentL2")  # L2 is the penalty
@CONTENT_LOSSES.register("l2")
class L2(ContentLoss):
    """Mean squared difference: the best PSNR, and the most blur.

    Source: Ledig et al., 2017 (https://arxiv.org/abs/1609.04802), equation 4.

    Args:
        weight: 0 or more, default 100.
    """

    def __init__(self, weight: float = 100.0):
        super().__init__(weight)

    def distance(self, output, target):
        return tf.reduce_mean(tf.square(output - target))


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("total_variation")
class TotalVariation(ContentLoss):
    """Mean absolute difference of neighboring pixels of the output, against noise.

    Source: Rudin, Osher and Fatemi, 1992, in its anisotropic form.

    Args:
        weight: 0 or more, default 1.
    """

    modalities = ("image",)

    def __init__(self, weight: float = 1.0):
        super().__init__(weight)

    def distance(self, output, target):
        del target
        down = tf.reduce_mean(tf.abs(output[:, 1:] - output[:, :-1]))
        return down + tf.reduce_mean(tf.abs(output[:, :, 1:] - output[:, :, :-1]))


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("perceptual")
class Perceptual(ContentLoss):
    """Mean absolute difference of maps inside a feature network (Johnson et al., 2016).

    Textures count more than in losses of pixels, and where exactly they are counts less. The
    differences of the network's maps are averaged over each map, then over the maps: of the shipped
    networks, those of all convolutions; of VGG19, that of its last one, as in ESRGAN. Scores in the
    same features are better than the images are: score in others.

    Sources: https://arxiv.org/abs/1603.08155, section 3.2; the absolute difference is that of Wang et
    al., 2018 (https://arxiv.org/abs/1809.00219), whose weight, beside an adversarial loss of 0.005, is 1.

    Args:
        features: an entry of --features that has inner maps: "random_conv" (default),
            "celeb_a_attributes", "mnist_classifier", "glyph_classifier" or
            "vgg19('path/to/weights.h5')".
        weight: 0 or more, default 100.

    Raises:
        UserError: for other features, and for targets that they do not take.
    """

    modalities = ("image",)

    def __init__(self, features: str = "random_conv", weight: float = 100.0):
        super().__init__(weight)
        self.features = features
        if not FEATURES.entry(features).attributes["inner_maps"]:
            names = [
                each.name for each in FEATURES.entries.values() if each.attributes["inner_maps"]
            ]
            raise UserError(
                f"The content loss 'perceptual' compares maps inside a network, and --features={features} "
                f"has none: give it one of {', '.join(sorted(names))}."
            )
        self._extractor = FEATURES.build(features)

    def check(self, shape):
        try:
            self._extractor.check(shape)
        except UserError as error:
            raise UserError(f"The content loss 'perceptual': {error}") from error

    def distance(self, output, target):
        pairs = zip(self._extractor.maps(output), self._extractor.maps(target))
        found = [tf.reduce_mean(tf.abs(made - wanted)) for made, wanted in pairs]
        return tf.add_n(found) / len(found)


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("none")
class NoContentLoss(ContentLoss):
    """No content loss: the adversarial game alone."""

    def __init__(self):
        super().__init__(0.0)

    def distance(self, output, target):
        del output, target
        return 0.0

    def get_config(self):
        return {}
