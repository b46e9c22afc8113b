"""CIE Lab, as functions of tensors of sRGB colors; differentiable twice, with finite derivatives.

Colors are sRGB (IEC 61966-2-1) for the white point D65, and lie in [-1, 1]: black to white. Lab is
that of CIE 1976 (ISO/CIE 11664-4): lightness L from 0 to 100, a (green to red) and b (blue to
yellow), within -110 and 110 for every color of sRGB.
"""

import numpy as np
from keras import ops

_XYZ_OF_RGB = np.array(  # of linear RGB
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
_WHITE = _XYZ_OF_RGB.sum(axis=1)
_RGB_OF_XYZ = np.linalg.inv(_XYZ_OF_RGB)
_KNEE = 6 / 29  # below it, the cube root is a straight line
_DARK = 0.0031308  # in linear light: below it, the encoding of sRGB is
_DARK_ENCODED = 12.92 * _DARK
_EPSILON = 1e-6


def lab_of_rgb(images):
    """Returns Lab (..., 3) of colors (..., 3)."""
    linear = _decoded(images)
    x, y, z = (_cube_root(each) for each in _mixed(linear, _XYZ_OF_RGB / _WHITE[:, None]))
    return ops.concatenate([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def rgb_of_lab(lab):
    """Returns colors (..., 3) of Lab (..., 3); those that sRGB lacks leave [-1, 1]."""
    return _encoded(ops.concatenate(_linear(_cubed((lab[..., :1] + 16) / 116), lab[..., 1:]), -1))


def gray_of_rgb(images):
    """Returns the grays (..., 1) whose lightness is that of colors (..., 3)."""
    return _encoded(_mixed(_decoded(images), _XYZ_OF_RGB[1:2])[0])


def colored(gray, ab):
    """Returns the colors of [-1, 1] (..., 3) that have the lightness of a gray and, if they exist, a, b.

    Those that sRGB lacks are mixed with the gray of their lightness, in linear light, until they
    fit. Gradients take the proportion of this mixture as constant: so they still point back to the
    colors that fit.

    Args:
        gray: (..., 1); it is clipped to [-1, 1].
        ab: (..., 2).
    """
    luminance = _decoded(ops.clip(gray, -1, 1))
    differences = [each - luminance for each in _linear(luminance, ab)]
    room = [
        ops.where(each > 0, 1 - luminance, luminance) / ops.maximum(ops.abs(each), _EPSILON)
        for each in differences
    ]
    kept = ops.stop_gradient(ops.minimum(1.0, ops.minimum(room[0], ops.minimum(*room[1:]))))
    colors = _encoded(ops.concatenate([luminance + kept * each for each in differences], axis=-1))
    return colors + ops.stop_gradient(ops.clip(colors, -1, 1) - colors)  # of rounding errors


def _linear(luminance, ab):
    """Linear red, green and blue of a luminance (..., 1) and a, b (..., 2): three of (..., 1)."""
    y = _cube_root(luminance)
    roots = y + ab[..., :1] / 500, y, y - ab[..., 1:] / 200
    xyz = [float(white) * _cubed(each) for white, each in zip(_WHITE, roots)]
    return _mixed(ops.concatenate(xyz, axis=-1), _RGB_OF_XYZ)


def _mixed(channels, matrix):
    """Weighted sums of three channels (..., 3), one for each row of a matrix: each (..., 1)."""
    return [
        sum(float(weight) * channels[..., i : i + 1] for i, weight in enumerate(row))
        for row in matrix
    ]


# Where a root or a power does not apply, its argument is replaced, so that no derivative is infinite.


def _decoded(colors):
    """Linear light from 0 to 1 of colors in [-1, 1]."""
    scaled = (colors + 1) / 2
    power = ((ops.maximum(scaled, _DARK_ENCODED) + 0.055) / 1.055) ** 2.4
    return ops.where(scaled > _DARK_ENCODED, power, scaled / 12.92)


def _encoded(linear):
    """The inverse of `_decoded`."""
    power = 1.055 * ops.maximum(linear, _DARK) ** (1 / 2.4) - 0.055
    return 2 * ops.where(linear > _DARK, power, 12.92 * linear) - 1


def _cube_root(values):
    """The function f of Lab."""
    root = ops.maximum(values, _KNEE**3) ** (1 / 3)
    return ops.where(values > _KNEE**3, root, values / (3 * _KNEE**2) + 4 / 29)


def _cubed(values):
    """The inverse of f."""
    return ops.where(values > _KNEE, values**3, 3 * _KNEE**2 * (values - 4 / 29))
