"""Windows of images, resized: the same part of images of any resolution."""


def window(images, corners, side):
    """Cuts a window out of each image and enlarges it to the image's size.

    By cubic interpolation, pixel centers at (i + 1/2) / size: so a window that is given in
    fractions of the image shows the same part of an image and of its downscaled copy. What is
    interpolated beyond the values of the image is clipped.

    Args:
        images: float32 tensor (n, H, W, C) in [-1, 1].
        corners: float32 tensor (n, 2), top and left of each window, in fractions of the height and
            width, from 0 to 1 - side.
        side: height and width of the windows, likewise, above 0, at most 1.

    Returns:
        float32 (n, H, W, C).

    Source: Keys, "Cubic convolution interpolation for digital image processing", 1981, equation 8.
    """
    import tensorflow as tf  # here, so that flags can be checked without it

    height, width = images.shape[1:3]
    rows = _weights(corners[:, 0], side, height)
    columns = _weights(corners[:, 1], side, width)
    resized = tf.einsum("nyh,nhwc->nywc", rows, images)
    resized = tf.einsum("nxw,nywc->nyxc", columns, resized)
    return tf.clip_by_value(resized, -1.0, 1.0)


def _weights(start, side, size):
    """The weight of each pixel along an axis in each pixel of the window: (n, size, size)."""
    import tensorflow as tf

    center = start[:, None] * size + side * (tf.range(size, dtype=tf.float32) + 0.5) - 0.5
    first = tf.floor(center) - 1
    total = 0.0
    for offset in range(4):
        pixel = first + offset
        inside = tf.clip_by_value(tf.cast(pixel, tf.int32), 0, size - 1)  # the edge is repeated
        total += _cubic(tf.abs(center - pixel))[..., None] * tf.one_hot(inside, size)
    return total


def _cubic(distance):
    """The kernel for a distance below 2, in pixels."""
    import tensorflow as tf

    near = (1.5 * distance - 2.5) * distance**2 + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    return tf.where(distance <= 1, near, far)
