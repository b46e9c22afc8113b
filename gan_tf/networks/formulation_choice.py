"""Which formulations compute a convolution: measured on this machine, or by a rule of thumb."""

import dataclasses

from gan_tf.networks.formulations import Geometry, halves
from gan_tf.runtime import device


@dataclasses.dataclass(frozen=True)
class Choice:
    """The names of a convolution's formulations, in the tables of `formulations`."""

    forward: str = "stock"
    input_gradient: str = "stock"
    filter_gradient: str = "stock"


@dataclasses.dataclass(frozen=True)
class Plan:
    """A rule of thumb, by h, the smaller side of the output.

    TensorFlow's own operations are used for everything not listed here, and where the larger map
    has fewer than `channels` channels (except for `image_channels`).

    Attributes:
        forward: up to this h, a matrix product of im2col patches.
        input_gradient: up to this h, a matrix product followed by col2im.
        patches: up to this h, the filter gradient is a product of the patches.
        slices: up to this h, it is four products of slices of the space-to-depth input.
        channels: see above.
        sliced_channels: the same for `slices`; None: as `channels`.
        image_channels: up to this many channels (an image's), the input gradient is computed as
            above at any h: TensorFlow's leaves most of a vector register idle there.
    """

    forward: int = 0
    input_gradient: int = 0
    patches: int = 0
    slices: int = 0
    channels: int = 32
    sliced_channels: int | None = None
    image_channels: int = 4

    def choice(self, geometry):
        """Returns the `Choice` for a `Geometry`."""
        h = min(halves((geometry.height, geometry.width)))
        wide = geometry.channels >= self.channels
        columns = geometry.channels <= self.image_channels or (wide and h <= self.input_gradient)
        sliced = geometry.channels >= (self.sliced_channels or self.channels)
        slices = "slices" if sliced and h <= self.slices else "stock"
        return Choice(
            "patches" if wide and h <= self.forward else "stock",
            "columns" if columns else "stock",
            "patches" if wide and h <= self.patches else slices,
        )


# Measured per operation, for maps of 4 to 32 pixels and batches of 64 to 256, of avx2 and amx_bf16 16 to
# 256.
PLANS = {
    ("amx_bf16", "bfloat16"): Plan(
        forward=4,
        input_gradient=4,
        patches=4,
        slices=8,
        channels=256,
        sliced_channels=64,
        image_channels=1,
    ),
    ("amx_bf16", "float32"): Plan(forward=4, input_gradient=4, patches=2, slices=4, channels=256),
    ("avx512_bf16", "bfloat16"): Plan(slices=8),
    ("avx512_bf16", "float32"): Plan(),
    ("avx2", "bfloat16"): Plan(input_gradient=32, slices=32),  # oneDNN has no bfloat16 there
    ("avx2", "float32"): Plan(slices=8, channels=128, image_channels=0),
}


def rule_of_thumb(geometry):
    """Returns the `Choice` for a `Geometry` on this machine, or None for Keras's operations."""
    plan = PLANS.get((device.kind(), geometry.dtype))
    return plan and plan.choice(geometry)


class Choices:
    """The choices for the convolutions of a model.

    Args:
        measured: {`Geometry`: `Choice`}; any other has that of `rule_of_thumb`.
    """

    def __init__(self, measured=()):
        self._measured = dict(measured)

    def of(self, geometry: Geometry):
        """Returns the `Choice` for a `Geometry`, or None for Keras's operations."""
        return self._measured.get(geometry) or rule_of_thumb(geometry)
