"""What networks for super-resolution share: factors, and an output on top of the enlarged source."""

import functools

import keras
from keras import layers

from gan_tf.networks.spectral import spectral
from gan_tf.networks.translator import Translator, enlarged

_DOUBLINGS = {1: 0, 2: 1, 4: 2, 8: 3}
_FIRST_RESIDUAL = 0.01  # its size before training, as a part of the last maps'


class SuperResolution(Translator):
    """The base class of networks that work in the size of the source and enlarge it at their end.

    Outputs are linear, as published. By default the network's last layer is added to the source,
    enlarged by bilinear interpolation, and starts near 0: training starts from the enlarged source.

    Attributes:
        residual: whether the output is added to the enlarged source; where their numbers of channels
            differ, and the source's is not 1, it is not.
    """

    spectral_norm = "none"
    residual = True

    def doublings(self, size):
        """Returns how often the maps are doubled.

        Raises:
            ValueError: when the factor is not 1, 2, 4 or 8.
        """
        if size.scale not in _DOUBLINGS:
            raise ValueError(f"it enlarges 1, 2, 4 or 8 times, not {size.scale}")
        return _DOUBLINGS[size.scale]

    def output(self, x, images, channels, kernel, size):
        """Returns the output of `translate`: a convolution and, with `residual`, the enlarged source.

        Args:
            x: a Keras tensor (batch, H, W, n).
            images: the source, (batch, h, w, C).
            channels: of the output.
            kernel: height and width of the convolution's kernel.
            size: the `Size` of training.
        """
        wrap = spectral(self.spectral_norm, "generator")
        convolution = functools.partial(layers.Conv2D, channels, kernel, padding="same")
        # float32 regardless of the precision of the preceding layers.
        if not (self.residual and images.shape[-1] in (1, channels)):
            x = wrap(convolution())(x)
            return layers.Activation("linear", dtype="float32", name="images")(x)
        small = keras.initializers.VarianceScaling(_FIRST_RESIDUAL**2, "fan_in")
        x = wrap(convolution(kernel_initializer=small))(x)
        return layers.Add(dtype="float32", name="images")([x, enlarged(images, size.scale)])
