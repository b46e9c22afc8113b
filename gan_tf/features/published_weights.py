"""Files of weights as Keras publishes them for its applications."""

import h5py


def holds(path, shape):
    """Returns whether a file, which `check_weights` has checked, holds an array of a shape.

    Args:
        path: the file, .h5.
        shape: such as (2048, 1000), of a kernel.

    Raises:
        OSError, KeyError: for any other file: Keras loads some without an error, leaving the
            network's random weights unchanged.
    """
    with h5py.File(path) as file:
        file.attrs["layer_names"]
        return bool(file.visititems(lambda _, item: getattr(item, "shape", None) == shape or None))
