"""Where what is bright in frames is, and windows that follow it."""

import tensorflow as tf

DARK = 16  # values below it are background
_SHARE = 5 / 8  # of a frame that a window is as wide as
_LARGEST = 28  # pixels that a window is wide at most


def centroids(videos):
    """Returns the centroids of the values of frames, without those below `DARK`.

    Args:
        videos: uint8 (n, frames, height, width, C), an array or a tensor.

    Returns:
        A float32 tensor (n, frames, 2): row and column; of dark frames the middle.
    """
    values = tf.reduce_sum(tf.cast(videos, tf.float32), axis=-1)
    values = tf.where(values >= DARK * videos.shape[-1], values, 0.0)
    total = tf.reduce_sum(values, axis=(2, 3))
    found = []
    for size, other in ((videos.shape[2], 3), (videos.shape[3], 2)):
        middle = (size - 1) / 2
        offsets = tf.range(size, dtype=tf.float32) - middle
        moment = tf.reduce_sum(tf.reduce_sum(values, axis=other) * offsets, axis=-1)
        found.append(middle + moment / tf.maximum(total, 1.0))
    return tf.stack(found, axis=-1)


def centered(videos, size):
    """Returns windows around the centroids of frames, 5/8 as wide as frames, at most 28 pixels.

    These are the size of the digits of `gan_tf.data.moving_digits`. What is beyond a frame is black.

    Args:
        videos: uint8 (n, frames, height, width, C), an array or a tensor.
        size: to which they are resized, bilinear.

    Returns:
        A uint8 tensor (n, frames, size, size, C).
    """
    frames, *shape, channels = videos.shape[1:]
    flat = tf.reshape(videos, (-1, *shape, channels))
    flat = tf.pad(flat, [[0, 0], [1, 1], [1, 1], [0, 0]])  # black is interpolated, too
    middle = tf.reshape(centroids(videos), (-1, 2)) + 1
    # From the middle of a window to that of its outermost pixels.
    reach = min(_LARGEST, round(_SHARE * min(shape))) / 2 * (1 - 1 / size)
    last = tf.constant([side + 1 for side in shape], tf.float32)
    boxes = tf.concat([(middle - reach) / last, (middle + reach) / last], axis=1)
    cut = tf.image.crop_and_resize(flat, boxes, tf.range(tf.shape(flat)[0]), (size, size))
    return tf.reshape(tf.cast(tf.round(cut), tf.uint8), (-1, frames, size, size, channels))
