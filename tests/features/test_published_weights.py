"""Whether a file of weights is the one that is expected."""

import h5py
import numpy as np
import pytest

from gan_tf.features.published_weights import holds


def test_an_array_of_the_shape_is_found_at_any_depth(tmp_path):
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file.attrs["layer_names"] = ["a"]
        file["a/b/kernel"] = np.zeros((3, 5))
    assert holds(tmp_path / "weights.h5", (3, 5))
    assert not holds(tmp_path / "weights.h5", (5, 3))


def test_files_that_keras_did_not_write_are_refused(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["kernel"] = np.zeros((3, 5))
    with pytest.raises(KeyError):
        holds(tmp_path / "other.h5", (3, 5))
    (tmp_path / "text.h5").write_text("no weights")
    with pytest.raises(OSError, match="signature"):
        holds(tmp_path / "text.h5", (3, 5))
