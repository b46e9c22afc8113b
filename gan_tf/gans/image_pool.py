"""Earlier outputs of a generator, some of which its discriminator sees instead of new ones."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError


class ImagePool:
    """Keeps `size` outputs of a generator, and gives some instead of new ones.

    The first `size` outputs are kept and given as they are. From then on each is given as it is with
    probability 1/2; otherwise it takes the place of a random kept one, which is given. In one batch no
    place is taken twice. So the discriminator does not forget what the generator has made before.

    Under a strategy the outputs that are kept are those of the first replica.

    Source: Shrivastava et al., "Learning from Simulated and Unsupervised Images", 2017
    (https://arxiv.org/abs/1612.07828), section 2.3; as in the code of CycleGAN.

    Args:
        gan: the `keras.Model` that the kept outputs belong to.
        name: of the pool.
        size: how many outputs it keeps; 0: none, and all are given as they are.
        shape: of an output.

    Attributes:
        variables: {name: variable}: its state.
    """

    def __init__(self, gan, name, size, shape):
        if size < 0:
            raise UserError(f"A pool of {size} images cannot be kept: give 0 or more.")
        self._size = size
        self.variables = {}
        if not size:
            return
        options = dict(initializer="zeros", trainable=False, aggregation="only_first_replica")
        self._kept = gan.add_weight(
            shape=(size, *shape), dtype="float32", autocast=False, name=f"{name}_images", **options
        )
        self._count = gan.add_weight(shape=(), dtype="int32", name=f"{name}_count", **options)
        self.variables = {f"{name}_images": self._kept, f"{name}_count": self._count}

    def __call__(self, images, random):
        """Returns what the discriminator sees for a batch of outputs, and updates what is kept.

        Args:
            images: float32 (batch, *shape).
            random: a `keras.random.SeedGenerator`.

        Returns:
            The same shape, without gradients.
        """
        images = tf.stop_gradient(images)
        if not self._size:
            return images
        kept, filled = (tf.convert_to_tensor(each) for each in (self._kept, self._count))
        rows = tf.range(tf.shape(images)[0])
        filling = filled + rows < self._size
        coins = keras.random.uniform(tf.shape(rows), seed=random) < 0.5
        swapped = coins & (filled == self._size) & (rows < self._size)
        order = tf.argsort(keras.random.uniform((self._size,), seed=random))
        places = tf.where(filling, filled + rows, tf.gather(order, rows % self._size))
        given = tf.where(_column(swapped, images), tf.gather(kept, places), images)
        # Which row takes each place, if any: without a scatter, which XLA cannot compile for some rows.
        taken = tf.one_hot(places, self._size, True, False) & (filling | swapped)[:, None]
        newest = tf.gather(images, tf.argmax(tf.cast(taken, tf.int32), axis=0))
        self._kept.assign(tf.where(_column(tf.reduce_any(taken, axis=0), kept), newest, kept))
        self._count.assign(tf.minimum(filled + tf.shape(rows)[0], self._size))
        return given


def _column(values, like):
    """Values (n,) that broadcast against (n, ...)."""
    return tf.reshape(values, (-1, *[1] * (like.shape.rank - 1)))
