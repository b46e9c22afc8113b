"""Trains as `gan_tf.main` does, but a DCGAN with kernels of 3, which its stride of 2 does not divide.

No flag does this, and for good reason: the kernels overlap unevenly, in a checkerboard.
"""

from gan_tf import flags, main
from gan_tf.networks import dcgan

_published = dcgan._convolution


def _kernel_3():
    return _published() | {"kernel_size": 3}


if __name__ == "__main__":
    dcgan._convolution = _kernel_3
    flags.run(main.main)
