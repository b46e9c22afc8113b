"""Variables of TensorFlow that are made in less time."""

import contextlib
from unittest import mock


@contextlib.contextmanager
def sharing_kernels():
    """Within it, variables share a kernel for each shape.

    TensorFlow makes one for each name, which is only that of errors, in more time than the rest takes.
    """
    from tensorflow.python.ops import gen_resource_variable_ops as operations

    make = operations.var_handle_op

    def nameless(debug_name="", **options):
        return make(**options)

    with mock.patch.object(operations, "var_handle_op", nameless):
        yield
