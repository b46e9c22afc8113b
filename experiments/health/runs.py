"""The runs by which the health verdict was calibrated."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Run:
    """A training run.

    Attributes:
        name: of its folder.
        expected: what the verdict ought to name first, or "healthy".
        flags: of the training, as one string.
        module: what is run with them.
    """

    name: str
    expected: str
    flags: str
    module: str = "gan_tf.main"


_MNIST = "--dataset=mnist --arch=dcgan --width=16 --batch_size=64"
_MLP = "--dataset=mnist --arch=mlp --batch_size=128"
_FACES = "--dataset=celeb_a --arch=dcgan --width=16 --image_size=32 --flip --batch_size=64"


def _adam(generator, discriminator):
    return f'--generator_optimizer="adam({generator})" --discriminator_optimizer="adam({discriminator})"'


def _sgd(generator, discriminator):
    return _adam(generator, discriminator).replace("adam", "sgd")
