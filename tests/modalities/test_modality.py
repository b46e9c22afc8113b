"""What a modality has unless it says otherwise."""

import numpy as np
import pytest

from gan_tf.modalities.modality import Modality


def made(**attributes):
    """A modality of which nothing is special but these attributes."""
    methods = {name: lambda self, *_: None for name in Modality.__abstractmethods__}
    return type("Made", (Modality,), methods | attributes)()


BYTES = made(stored_dtype="uint8", stored_range=(0, 255))
FLOATS = made(stored_dtype="float32", stored_range=(-2.0, 3.0))


def test_it_has_to_say_how_samples_are_stored_and_shown():
    assert Modality.__abstractmethods__ == {
        *("to_network", "to_stored", "to_stored_tensor"),
        *("check_shape", "sheet", "snapshot"),
    }


def test_noise_is_uniform_over_the_stored_range_with_its_ends():
    whole = BYTES.noise(np.random.default_rng(0), (100, 16, 16))
    assert (whole.dtype, whole.shape) == (np.uint8, (100, 16, 16))
    assert set(np.unique(whole)) == set(range(256))
    assert np.mean(whole) == pytest.approx(127.5, abs=2)
    floats = FLOATS.noise(np.random.default_rng(0), (1000, 9))
    assert floats.dtype == np.float32
    assert -2 <= floats.min() < -1.9 and 2.9 < floats.max() <= 3
    assert np.mean(floats) == pytest.approx(0.5, abs=0.1)


def test_samples_are_described_by_their_shape_type_and_range():
    assert BYTES.describe((8, 6, 3)) == "8x6x3"
    assert BYTES.specify((8, 6, 3), "uint8") == "8x6x3, uint8 from 0 to 255"
    assert BYTES.specify((8, 6, 3), "float32") == "8x6x3, float32 from -1 to 1"
    assert BYTES.num_bytes((8, 6, 3)) == 144 and FLOATS.num_bytes((10,)) == 40


def test_what_it_cannot_do_it_says():
    with pytest.raises(NotImplementedError, match="Made cannot be flipped"):
        BYTES.flip(np.zeros((2, 3)))
    with pytest.raises(NotImplementedError, match="Made has no history"):
        BYTES.history([])
