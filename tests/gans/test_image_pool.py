"""Which outputs a pool keeps, and which it gives."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.image_pool import ImagePool


def pool_of(size):
    return ImagePool(keras.layers.Layer(), "pool", size, (1, 1, 1))


def batch(*values):
    return tf.constant(np.reshape(values, (-1, 1, 1, 1)), tf.float32)


def flat(images):
    return np.ravel(images).tolist()


def kept(pool):
    return flat(pool.variables["pool_images"])


def test_the_first_outputs_are_kept_and_given():
    pool, random = pool_of(5), keras.random.SeedGenerator(0)
    assert flat(pool(batch(1, 2, 3), random)) == [1, 2, 3]
    assert flat(pool(batch(4, 5, 6, 7), random)) == [4, 5, 6, 7]
    assert kept(pool) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_kept_one_is_given_half_of_the_time_and_replaced(jit_compile):
    pool, random = pool_of(8), keras.random.SeedGenerator(0)
    give = tf.function(lambda images: pool(images, random), jit_compile=jit_compile)
    give(batch(*range(8)))
    seen, older, everything = kept(pool), 0, list(range(8))
    for start in range(8, 8 + 4 * 200, 4):
        new = list(range(start, start + 4))
        given, now = flat(give(batch(*new))), kept(pool)
        swapped = [old for old in given if old not in new]
        assert all(one == its or its in seen for one, its in zip(new, given))
        assert sorted([*given, *now]) == sorted([*seen, *new])  # none is lost, none is doubled
        assert len(set(swapped)) == len(swapped)
        seen, older, everything = now, older + len(swapped), everything + new
    assert older / 800 == pytest.approx(0.5, abs=0.06)


def test_more_outputs_than_are_kept():
    pool, random = pool_of(2), keras.random.SeedGenerator(0)
    assert flat(pool(batch(0, 1, 2), random)) == [0, 1, 2]
    for start in range(3, 30, 3):
        before, new = kept(pool), [start, start + 1, start + 2]
        given = flat(pool(batch(*new), random))
        assert given[2] == new[2]
        assert sorted([*given, *kept(pool)]) == sorted([*before, *new])


def test_without_a_pool_outputs_are_as_they_are_and_have_no_gradient():
    pool = pool_of(0)
    assert pool.variables == {}
    images = batch(1, 2)
    with tf.GradientTape() as tape:
        tape.watch(images)
        given = tf.reduce_sum(pool(images, None))
    assert float(given) == 3 and tape.gradient(given, images) is None
    with pytest.raises(UserError, match="give 0 or more"):
        pool_of(-1)
